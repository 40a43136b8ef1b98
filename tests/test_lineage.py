"""The order of imports and the method resolution order, as Odoo builds them."""

from __future__ import annotations

import ast
import textwrap

from odoo_debt_lint.addons.lineage import import_order
from odoo_debt_lint.facts import FileResult, ManifestFact
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.python.module import PythonFile

HEAD = "from odoo import models\n"


def addon(name: str, depends: str = "", **files: str) -> AddonFacts:
    """An addon; ``a__b`` is the file ``a/b.py``, and without ``__init__`` files nothing is imported."""
    lists = {"depends": tuple((item, None) for item in depends.split())}
    facts = AddonFacts(name, name, "16.0", ManifestFact(f"{name}/__manifest__.py", lists=lists))  # type: ignore[arg-type]
    for file, text in files.items():
        path = f"{name}/" + file.replace("INIT", "__init__").replace("__x__", "/") + ".py"
        code = textwrap.dedent(text)
        ast.parse(code)
        facts.files.append(FileResult(path, "code", python=PythonFile(path, code).facts))
    facts.fill()
    return facts


def model(klass: str, body: str, base: str = "Model") -> str:
    return f"\nclass {klass}(models.{base}):\n    {body}\n    def f(self):\n        return 1\n"


BASE = addon("base", m=HEAD + model("Base", "_name = 'base'", "AbstractModel"))


def names(scope: Scope, klass: str) -> list[str]:
    part = next(p for parts in scope.addon.parts.values() for p in parts if p.klass.name == klass)
    return [other.klass.name for other in scope.ancestors(part)]


def test_extensions_mixins_and_base() -> None:
    shop = addon(
        "shop",
        m=HEAD
        + model("Mixin", "_name = 'mixin'", "AbstractModel")
        + model("Order", "_name = 'order'; _inherit = ['mixin']"),
    )
    first = addon("first", "shop", m=HEAD + model("First", "_inherit = 'order'"))
    second = addon(
        "second",
        "first",
        m=HEAD + model("MixinMore", "_inherit = 'mixin'") + model("Second", "_inherit = 'order'"),
    )
    index = Index([BASE, shop, first, second])
    assert names(index.scope("second"), "Second") == ["First", "Order", "MixinMore", "Mixin", "Base"]
    assert names(index.scope("first"), "First") == ["Order", "Mixin", "Base"]
    assert names(index.scope("shop"), "Order") == ["Mixin", "Base"]
    assert names(index.scope("shop"), "Mixin") == ["Base"]


def test_two_extensions_in_one_addon_follow_the_imports() -> None:
    code = {
        "INIT": "from . import z, a",
        "z": HEAD + model("Z", "_inherit = 'order'"),
        "a": HEAD + model("A", "_name = 'order'; _inherit = 'order'"),
        "o": HEAD + model("O", "_name = 'order'"),
    }
    shop = addon("shop", **{**code, "INIT": "from . import o, z, a"})
    scope = Index([BASE, shop]).scope("shop")
    assert names(scope, "A") == ["Z", "O", "Base"]
    assert names(scope, "Z") == ["O", "Base"]


def test_mixin_added_by_an_extension_comes_behind_the_model() -> None:
    shop = addon(
        "shop",
        m=HEAD
        + model("Order", "_name = 'order'")
        + model("Tracked", "_name = 'tracked'", "AbstractModel")
        + model("More", "_name = 'order'; _inherit = ['order', 'tracked']"),
    )
    scope = Index([BASE, shop]).scope("shop")
    assert names(scope, "More") == ["Order", "Tracked", "Base"]


def test_new_model_from_two_models() -> None:
    shop = addon(
        "shop",
        m=HEAD
        + model("A", "_name = 'a'")
        + model("A2", "_inherit = 'a'")
        + model("B", "_name = 'b'")
        + model("C", "_name = 'c'; _inherit = ['a', 'b']"),
    )
    scope = Index([BASE, shop]).scope("shop")
    assert names(scope, "C") == ["A2", "A", "B", "Base"]


def test_cycles_and_unknown_parents_end() -> None:
    shop = addon(
        "shop",
        m=HEAD
        + model("A", "_name = 'a'; _inherit = ['b']")
        + model("B", "_name = 'b'; _inherit = ['a']")
        + model("C", "_inherit = ['gone']"),
    )
    scope = Index([BASE, shop]).scope("shop")
    assert "B" in names(scope, "A")
    assert names(scope, "C") == ["Base"]


def test_import_order() -> None:
    files = {
        "shop/__init__.py": "from . import wizards\nfrom .models import order\nimport odoo.addons.shop.late",
        "shop/a.py": "",
        "shop/late.py": "from .wizards import w",
        "shop/models/__init__.py": "from . import tag",
        "shop/models/tag.py": "from ..a import x",
        "shop/models/order.py": "",
        "shop/wizards/__init__.py": "def f():\n    from . import w",
        "shop/wizards/w.py": "",
        "shop/old.py": "",
    }
    read = {path: PythonFile(path, text).facts for path, text in files.items()}
    order, unreached = import_order("shop", "shop", read)
    assert unreached == {"shop/old.py"}
    assert order == [
        "shop/wizards/__init__.py",
        "shop/a.py",
        "shop/models/tag.py",
        "shop/models/__init__.py",
        "shop/models/order.py",
        "shop/wizards/w.py",
        "shop/late.py",
        "shop/__init__.py",
        "shop/old.py",
    ]


def test_names_that_stand_for_names_of_models() -> None:
    """``_name = MODEL`` and ``_name = _inherit``, as wizards of some addons are written."""
    code = """
    from odoo import models

    WIZARD = "shop.wizard"


    class Wizard(models.TransientModel):
        _name = WIZARD


    class Order(models.Model):
        _inherit = "shop.order"
        _name = _inherit


    class More(models.Model):
        _name = "shop.more"
        _inherit = [_name, "shop.mixin", WIZARD]


    class Unknown(models.Model):
        _name = name_of("shop")
    """
    classes = {item.name: item for item in PythonFile("shop/m.py", textwrap.dedent(code)).facts.classes}
    assert [item.model for item in classes.values()] == ["shop.wizard", "shop.order", "shop.more", ""]
    assert classes["Order"].inherit == ("shop.order",)
    assert classes["More"].inherit == ("shop.more", "shop.mixin", "shop.wizard")
