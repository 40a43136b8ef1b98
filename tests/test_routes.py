"""What ``effective_route`` makes of decorators that leave things open."""

from __future__ import annotations

import textwrap

import pytest

from odoo_debt_lint.checks.security._routes import accepts, effective_route, overrides_route, routes
from odoo_debt_lint.facts import ManifestFact, RouteFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading.worker import Worker

HEADER = "from odoo import http\nfrom odoo.http import request, route\n"
SHOP = """
class Main(http.Controller):
    @http.route(["/shop", "/store"], type="json", auth="public", methods=["POST"], cors="*")
    def shop(self): ...

    @route("/account", auth="user", csrf=False)
    def account(self): ...

    @http.route("/plain")
    def plain(self): ...

    def helper(self): ...
"""


def scope_of(files: dict[str, str], depends: dict[str, tuple[str, ...]] | None = None) -> Scope:
    """The scope of the last addon of ``addon/path.py`` → source; each depends on those before it."""
    worker, addons = Worker([]), {}
    for path, source in files.items():
        name, _, inside = path.partition("/")
        wanted = (depends or {}).get(name, tuple(addons))
        manifest = ManifestFact(
            f"{name}/__manifest__.py",
            lists={"depends": tuple((item, FIRST_LINE) for item in wanted if item != name)},
        )
        addon = addons.setdefault(name, AddonFacts(name, name, "16.0", manifest))
        job = Job(path, path, inside, "code", name, "16.0")
        addon.files.append(worker.run(job, (HEADER + textwrap.dedent(source)).encode()))
    for addon in addons.values():
        addon.fill()
    return Index([*addons.values(), base()]).scope(list(addons)[-1])


def base() -> AddonFacts:
    return AddonFacts("base", "base", "16.0", ManifestFact("base/__manifest__.py"))


def route_of(scope: Scope, name: str) -> RouteFact:
    return next(route for _, method, route in routes(scope) if method.name == name)


def test_defaults() -> None:
    plain = route_of(scope_of({"shop/controllers/main.py": SHOP}), "plain")
    assert (plain.auth, plain.type, plain.csrf, plain.methods) == ("user", "http", True, None)
    assert not plain.dynamic


def test_a_helper_is_no_route() -> None:
    scope = scope_of({"shop/controllers/main.py": SHOP})
    assert [method.name for _, method, _ in routes(scope)] == ["shop", "account", "plain"]
    part = next(scope.addon.classes())
    helper = part.klass.method("helper")
    assert helper is not None
    assert effective_route(scope, part, helper) is None


@pytest.mark.parametrize(
    ("head", "base_name"),
    [
        ("from odoo.addons.shop.controllers.main import Main", "Main"),
        ("from odoo.addons.shop.controllers.main import Main as Base", "Base"),
        ("from odoo.addons.shop.controllers import main", "main.Main"),
        ("from odoo.addons.shop.controllers import main as m", "m.Main"),
        ("import odoo.addons.shop.controllers.main", "odoo.addons.shop.controllers.main.Main"),
        ("from odoo.addons.shop.controllers import Main", "Main"),
    ],
)
def test_inherited_across_addons(head: str, base_name: str) -> None:
    child = f"""
{head}

class Extra({base_name}):
    @http.route()
    def shop(self): ...

    @http.route(auth="public")
    def account(self): ...

    def plain(self): ...
"""
    scope = scope_of(
        {
            "shop/controllers/main.py": SHOP,
            "shop/controllers/__init__.py": "from .main import Main",
            "extra/controllers/main.py": child,
        }
    )
    shop = route_of(scope, "shop")
    assert shop.paths == ("/shop", "/store")
    assert (shop.auth, shop.type, shop.methods, shop.cors) == ("public", "json", ("POST",), "*")
    account = route_of(scope, "account")
    assert (account.auth, account.csrf, account.paths) == ("public", False, ("/account",))
    plain = route_of(scope, "plain")
    assert (plain.auth, plain.paths) == ("user", ("/plain",))
    assert plain.span.start_line == next(
        method.span.start_line for _, method, _ in routes(scope) if method.name == "plain"
    )


def test_inherited_through_three_addons_and_relative_imports() -> None:
    scope = scope_of(
        {
            "shop/controllers/main.py": SHOP,
            "middle/controllers/main.py": """
from odoo.addons.shop.controllers.main import Main

class Middle(Main):
    @route(auth="none")
    def shop(self): ...
""",
            "extra/controllers/base.py": """
from odoo.addons.middle.controllers.main import Middle

class Base(Middle):
    pass
""",
            "extra/controllers/main.py": """
from .base import Base

class Extra(Base):
    @route()
    def shop(self): ...
""",
        }
    )
    assert route_of(scope, "shop").auth == "none"
    assert route_of(scope, "shop").type == "json"


def test_inherited_in_the_same_file() -> None:
    scope = scope_of(
        {"shop/controllers/main.py": SHOP + "\nclass Extra(Main):\n    @route()\n    def shop(self): ...\n"}
    )
    assert [route.auth for _, method, route in routes(scope) if method.name == "shop"] == ["public", "public"]


def test_unknown_parent_leaves_it_open() -> None:
    child = """
from odoo.addons.website_sale.controllers.main import WebsiteSale

class Extra(WebsiteSale):
    @http.route()
    def cart(self): ...

    @http.route("/extra")
    def extra(self): ...
"""
    scope = scope_of({"extra/controllers/main.py": child})
    cart = route_of(scope, "cart")
    assert (cart.auth, cart.type, cart.csrf, cart.dynamic) == (None, None, None, True)
    assert route_of(scope, "extra").auth == "user"
    part = next(scope.addon.classes())
    assert [overrides_route(scope, part, method) for method in part.klass.methods] == [True, False]


def test_what_is_no_literal_is_not_known() -> None:
    source = """
AUTH = "public"

class Main(http.Controller):
    @http.route("/a", auth=AUTH)
    def constant(self): ...

    @http.route("/b", auth=compute())
    def computed(self): ...
"""
    scope = scope_of({"shop/controllers/main.py": source})
    assert route_of(scope, "constant").auth == "public"
    computed = route_of(scope, "computed")
    assert (computed.auth, computed.type, computed.dynamic) == (None, "http", True)


def test_base_that_derives_from_itself() -> None:
    source = """
class Main(Main):
    @http.route()
    def shop(self): ...
"""
    assert route_of(scope_of({"shop/controllers/main.py": source}), "shop").auth is None


def test_accepts() -> None:
    scope = scope_of({"shop/controllers/main.py": SHOP})
    assert accepts(route_of(scope, "shop"), "POST")
    assert not accepts(route_of(scope, "shop"), "GET")
    assert accepts(route_of(scope, "plain"), "POST")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("BASE", ("/api",)),
        ("f'{BASE}/ping'", ("/api/ping",)),
        ("BASE + '/ping'", ("/api/ping",)),
        ("[BASE, f'{BASE}/{VERSION}']", ("/api", "/api/v1")),
        ("PATH", ("/api/orders",)),
        ("f'{BASE}/{unknown}'", ()),
        ("f'{BASE!r}'", ()),
        ("TWICE", ()),
        ("ROUND", ()),
    ],
)
def test_paths_of_constants(path: str, expected: tuple[str, ...]) -> None:
    """Names of the module and of the controller that are set once stand for what they are set to."""
    source = f"""
BASE = "/api"
VERSION = "v1"
TWICE = "/a"
TWICE = "/b"
ROUND = ROUND + "/a"

class Main(http.Controller):
    PATH = BASE + "/orders"

    @http.route({path}, auth="none" if 0 else AUTH)
    def shop(self): ...
"""
    route = route_of(scope_of({"shop/controllers/main.py": source}), "shop")
    assert route.paths == expected
    assert route.unknown == ("auth",)
