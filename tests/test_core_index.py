"""The index of Odoo's core: made from any layout, structure without text, one for each series."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from odoo_debt_lint.cli.program import cli
from odoo_debt_lint.core import choose, store
from odoo_debt_lint.core.arch import bare_value, either, judgeable
from odoo_debt_lint.core.build import build
from odoo_debt_lint.core.locate import locate
from odoo_debt_lint.core.methods import Methods
from odoo_debt_lint.core.shingles import likeness, sketch
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

RELEASE = "version_info = ({major}, {minor}, 0, FINAL, 0, '')\nseries = 'never evaluated'\n"
MODELS = """
class BaseModel(metaclass=MetaModel):
    _register = False

    def write(self, vals):
        for name in vals:
            self._fields[name].write(self, vals[name])
        return True

    @api.model_create_multi
    def create(self, vals_list):
        return self._create(vals_list)
"""
BASE = {
    "__manifest__.py": "{'name': 'Base', 'data': ['data/users.xml', 'security/ir.model.access.csv']}",
    "__init__.py": "from . import models\n",
    "models/__init__.py": "from . import partner\n",
    "models/partner.py": '''
from odoo import api, fields, models


class Partner(models.Model):
    _name = "res.partner"
    _description = "Confidential description"

    name = fields.Char("Confidential label", required=True, help="Confidential help")
    kind = fields.Selection([("a", "Confidential A"), ("b", "Confidential B")], compute="_compute_kind")
    company_id = fields.Many2one("res.company", ondelete="restrict")

    @api.depends("name")
    def _compute_kind(self):
        """Confidential docstring"""
        # confidential comment
        for partner in self:
            values = self.env["res.partner"].search([("name", "=", partner.name)])
            if len(values) > 1:
                partner.kind = "a"
            elif values.mapped("company_id"):
                partner.kind = "b"
            else:
                partner.kind = values._fallback(partner, "Confidential text")

    def action_open(self, mode="form", *, target=None):
        raise NotImplementedError
''',
    "data/base_data.sql": (
        "insert into ir_model_data (name, module, model, noupdate, res_id) "
        "VALUES ('main_partner', 'base', 'res.partner', true, 1);\n"
    ),
    "data/users.xml": """<odoo noupdate="1">
<record id="view_partner_form" model="ir.ui.view">
  <field name="name">Confidential view</field>
  <field name="model">res.partner</field>
  <field name="arch" type="xml">
    <form string="Confidential title"><!-- confidential --><sheet>
      <group name="main" string="Confidential group" attrs="{'invisible': [('confidential_field', '=', 1)]}">
        Confidential text <field name="name" placeholder="Confidential"/> confidential tail
      </group></sheet></form>
  </field>
</record>
<record id="partner_admin" model="res.partner"><field name="name">Confidential name</field></record>
<menuitem id="menu_root" name="Confidential menu" action="action_x"/>
</odoo>""",
    "security/ir.model.access.csv": (
        "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
        "access_partner,confidential name,model_res_partner,,1,0,0,0\n"
    ),
    "data/template/never.listed.csv": "id,name\nrow,x\n",
    "tests/test_x.py": "class TestX:\n    pass\n",
    "static/src/x.xml": "<templates/>",
}
SALE = {
    "__manifest__.py": "{'name': 'S', 'depends': ['base'], 'auto_install': 1, 'data': ['views/sale.xml']}",
    "__init__.py": "from . import controllers, models\n",
    "controllers/__init__.py": "from . import portal\n",
    "controllers/portal.py": """
from odoo import http


class Portal(http.Controller):
    @http.route(["/my/orders"], type="http", auth="public", csrf=False)
    def orders(self, **kw):
        return ""
""",
    "models/__init__.py": "from . import second, first\n",
    "models/first.py": """
from odoo import models


class First(models.Model):
    _inherit = "res.partner"

    def action_open(self, mode="form", *, target=None):
        return super().action_open(mode, target=target)
""",
    "models/second.py": """
from odoo import models


class Second(models.Model):
    _inherit = "res.partner"
""",
    "views/sale.xml": """<odoo><record id="view_sale" model="ir.ui.view">
  <field name="model">res.partner</field>
  <field name="inherit_id" ref="base.view_partner_form"/>
  <field name="arch" type="xml"><xpath expr="//group[@string='Confidential group']" position="inside">
    <field name="kind"/></xpath></field>
</record></odoo>""",
}
LAYOUTS = ("checkout", "nightly", "site-packages", "package", "addons", "parent")


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def odoo(folder: Path, layout: str = "checkout", major: object = 16, minor: int = 0) -> Path:
    """A tiny Odoo in one of the layouts; the path to give to the tool."""
    top = {"nightly": folder / "odoo-16.0.post", "parent": folder / "community"}.get(layout, folder)
    package = top / "odoo"
    _write(package, {"release.py": RELEASE.format(major=major, minor=minor), "models.py": MODELS})
    _write(package / "addons" / "base", BASE)
    flat = layout in ("nightly", "site-packages", "package")
    _write((package / "addons" if flat else top / "addons") / "sale", SALE)
    return {"package": package, "addons": top / "addons", "nightly": top, "parent": folder}.get(layout, top)


def index(folder: Path, tree: Path, name: str = "core.zip") -> store.CoreIndex:
    folder.mkdir(exist_ok=True)
    build(locate([tree]), folder / name, jobs=1)
    return store.CoreIndex(folder / name)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str, tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in", layout))
    assert core.series == "16.0"
    assert set(core.header.addons) == {"base", "sale"}
    assert core.depends("sale") == ("base",)
    assert core.header.editions == ("community",)
    assert core.definers("res.partner") == ("base",)
    assert core.orm_method("create") is not None
    assert core.orm_method("create").decorated("model_create_multi")


@pytest.mark.parametrize(("major", "series"), [(19, "19.0"), ("'saas~17'", "17.2")])
def test_series_is_read_and_never_run(major: object, series: str, tmp_path: Path) -> None:
    assert locate([odoo(tmp_path, major=major, minor=int(series[-1]))]).series == series


def test_addons_without_odoo(tmp_path: Path) -> None:
    _write(tmp_path / "x", {"__manifest__.py": "{'name': 'X', 'version': '15.0.1.0.0', 'depends': ['sale']}"})
    (tmp_path / "empty").mkdir()
    tree = locate([tmp_path])
    assert (tree.series, tree.package, set(tree.addons)) == ("15.0", None, {"x"})
    with pytest.raises(UsageError, match="no Odoo and no addons"):
        locate([tmp_path / "empty"])


def test_structure_is_kept(tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in"))
    base, sale = core.addon("base"), core.addon("sale")
    assert base is not None
    assert sale is not None
    assert base.core
    (partner,) = base.parts["res.partner"]
    assert partner.path == ""
    fields = {field.name: field for field in partner.klass.fields}
    assert fields["company_id"].comodel == "res.company"
    assert fields["name"].kwargs == {"required": True}
    assert fields["kind"].kwargs == {"compute": "_compute_kind", "selection": [["a", ""], ["b", ""]]}
    opened = partner.methods["action_open"]
    assert [(item.name, item.kind, item.default) for item in opened.params] == [
        ("self", "p", False),
        ("mode", "p", True),
        ("target", "k", True),
    ]
    assert opened.body == "raise"
    assert partner.methods["_compute_kind"].sketch
    assert partner.methods["_compute_kind"].decorators[0].args == ("name",)
    assert sale.manifest.auto_install
    assert [part.klass.name for part in sale.parts["res.partner"]] == ["Second", "First"]
    assert sale.parts["res.partner"][1].methods["action_open"].supers[0].use == "returned"
    (portal,) = [part for part in sale.classes() if part.klass.kind == "controller"]
    route = portal.klass.methods[0].route
    assert route is not None
    assert (route.paths, route.auth, route.csrf) == (("/my/orders",), "public", False)
    assert portal.klass.module == "controllers.portal"


def test_records_and_views(tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in"))
    base, sale = core.addon("base"), core.addon("sale")
    assert base is not None
    assert sale is not None
    assert set(base.records) == {
        "base.main_partner", "base.partner_admin", "base.view_partner_form", "base.menu_root",
        "base.access_partner",
    }  # fmt: skip
    assert base.records["base.partner_admin"][0].record.noupdate
    access = base.records["base.access_partner"][0].record
    assert {value.name for value in access.values} >= {"model_id:id", "perm_read"}
    view = base.views["base.view_partner_form"].view
    assert view.bare
    assert view.arch.startswith("<form string=")
    assert '<field name="name" placeholder="~"/></group></sheet></form>' in view.arch
    spec = sale.views["sale.view_sale"].view.specs[0]
    hashed = bare_value("string", "Confidential group")
    assert spec.expr == f"//group[@string='{hashed}']"
    assert f'string="{hashed}"' in view.arch


def test_no_text_of_odoo(tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in"))
    content = b"".join(core._read(name) for name in (store.ORM, *core.header.addons)).lower()
    assert b"res.partner" in content
    assert b"confidential" not in content
    assert b"confidential" not in core.path.read_bytes()


def test_same_tree_same_file(tmp_path: Path) -> None:
    tree = odoo(tmp_path / "in")
    one, two = index(tmp_path / "a", tree), index(tmp_path / "b", tree)
    assert one.path.read_bytes() == two.path.read_bytes()


def test_absent_addons_are_not_denied(tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in"))
    assert "stock" in core.absent
    assert "account_reports" not in core.absent
    assert core.addon("stock") is None


def test_expressions_on_bare_archs() -> None:
    assert either("//group[@name='x']") == "//group[@name='x']"
    hashed = bare_value("string", "Lines")
    assert either("//page[@string='Lines']") == f"//page[(@string='Lines' or @string='{hashed}')]"
    assert judgeable("//page[@string='Lines']")
    assert judgeable("//div[contains(@class, 'x')]")
    assert not judgeable("//span[text()='Lines']")
    assert not judgeable("//field[@placeholder='Lines']")
    assert not judgeable("//field[contains(@string, 'Lines')]")


BODY = """
def f(self, a, b=None):
    result = self.env["x"].search([("a", "=", a)])
    for record in result:
        if record.b == b and record.c not in (1, 2, 3):
            record.write({"a": a, "b": b, "c": record.c + 1})
        else:
            record.unlink()
    total = sum(record.d for record in result)
    return {"total": total, "count": len(result), "names": result.mapped("name")}
"""


def test_sketches_ignore_form_and_notice_change() -> None:
    plain = sketch(BODY)
    shaped = BODY.replace('"', "'").replace("{'a': a, ", "{\n'a': a,  # the a\n")
    shaped = shaped.replace("):\n    r", '):\n    """Doc."""\n    r')
    assert likeness(plain, sketch(shaped)) == 1.0
    assert 0.5 <= likeness(plain, sketch(BODY.replace("record.unlink()", "record.active = False"))) < 1.0
    assert likeness(plain, sketch(MODELS * 3)) < 0.2
    assert sketch("def f(self):\n    return 1\n") == b""


def _facts(name: str, series: str, *depends: str, path: str = "") -> AddonFacts:
    lists = {"depends": tuple((item, FIRST_LINE) for item in depends)}
    return AddonFacts(name, path or name, series, ManifestFact(name, lists=lists))


def test_each_addon_sees_the_core_of_its_series(tmp_path: Path) -> None:
    cores = {
        f"{number}.0": index(tmp_path / str(number), odoo(tmp_path / f"in{number}", major=number))
        for number in (16, 17)
    }
    old, new, other = (
        _facts("a", "16.0", "sale"),
        _facts("b", "17.0", "sale"),
        _facts("c", "13.0", "sale", "a"),
    )
    known = Index([old, new, other], cores)
    assert known.scope(old).order == ("base", "sale", "a")
    assert [addon.series for addon in known.scope(old).addons] == ["16.0"] * 3
    assert [addon.series for addon in known.scope(new).addons] == ["17.0"] * 3
    assert known.scope(other).missing == {"sale"}
    assert known.scope(other).core is None
    assert known.scope(other).order == ("a", "c")


def test_the_set_shadows_the_core(tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in"))
    own, user = _facts("sale", "16.0", "base", "gone"), _facts("user", "16.0", "sale")
    known = Index([own, user], {"16.0": core})
    assert known.scope(user).visible("sale") is own
    assert known.scope(user).missing == {"gone"}
    twice = Index(
        [_facts("x", "16.0", "base", path="1/x"), _facts("x", "17.0", "sale", path="2/x")], {"16.0": core}
    )
    assert [twice.scope(addon).order for addon in twice.all] == [("base", "x"), ("x",)]
    assert twice.scope(twice.all[1]).missing == {"sale"}


def _custom(folder: Path, version: str = "16.0.1.0.0", *depends: str) -> Path:
    _write(
        folder / "custom",
        {
            "__manifest__.py": str({"name": "C", "version": version, "depends": depends or ("sale",)}),
            "__init__.py": "from . import models\n",
            "models.py": """
from odoo import models


class Partner(models.Model):
    _inherit = "res.partner"

    def only_in_tiny_odoo(self):
        return 1
""",
        },
    )
    return folder


def _lint(path: Path, **settings: object) -> Report:
    return run([str(path)], Settings(select=("inheritance",), jobs=1, **settings))  # type: ignore[arg-type]


def test_tree_is_indexed_once_and_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree, addons = odoo(tmp_path / "in"), _custom(tmp_path / "addons")
    cache = tmp_path / "cache"
    _lint(addons, odoo_path=(str(tree),), cache_dir=str(cache))
    assert len(list(cache.glob("core-16.0-*.zip"))) == 1

    def refused(*args: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr("odoo_debt_lint.core.build.build", refused)
    _lint(addons, odoo_path=(str(tree),), cache_dir=str(cache))
    (tree / "addons" / "sale" / "models" / "first.py").write_text("# changed\n")
    with pytest.raises(AssertionError, match="built again"):
        _lint(addons, odoo_path=(str(tree),), cache_dir=str(cache))


def test_tree_without_cache(tmp_path: Path) -> None:
    tree, addons = odoo(tmp_path / "in"), _custom(tmp_path / "addons")
    assert _lint(addons, odoo_path=(str(tree),), cache=False).notices == ()
    assert not list(tmp_path.glob("**/*.zip"))


def test_addons_path_of_a_configuration(tmp_path: Path) -> None:
    project = tmp_path / "project"
    odoo(tmp_path / "in")
    _custom(project / "addons")
    _write(project, {"odoo.conf": "[options]\naddons_path = ../in/addons,./addons,/nowhere\n", ".git/x": ""})
    report = _lint(project, cache=False)
    assert any("addons_path of odoo.conf used: 2 addons of 16.0" in notice for notice in report.notices)


def test_addons_alone_stand_before_the_shipped_core(tmp_path: Path) -> None:
    _custom(tmp_path / "own")
    choice = choose.Choice(["16.0", "11.0"], "16.0", None)
    choice.given([str(tmp_path / "own")])
    cores = choice.cores()
    assert set(cores) == {"16.0"}
    assert cores["16.0"].depends("custom") == ("sale",)
    assert cores["16.0"].depends("sale_stock") is not None
    assert cores["16.0"].orm_method("write") is not None
    assert "custom" not in cores["16.0"].absent


def test_code_names_records(tmp_path: Path) -> None:
    tree = odoo(tmp_path / "in")
    code = tree / "addons" / "sale" / "models" / "second.py"
    code.write_text(code.read_text() + "\n    XMLID = {'xml_id': 'sale.made_in_code', 'noupdate': True}\n")
    sale = index(tmp_path / "out", tree).addon("sale")
    assert sale is not None
    assert "sale.made_in_code" in sale.records


def test_notices_say_once_what_cannot_be_judged(tmp_path: Path) -> None:
    addons = _custom(tmp_path / "a", "16.0.1.0.0", "sale", "never_seen")
    _custom(addons / "old", "11.0.1.0.0", "sale")
    (addons / "old" / "custom").rename(addons / "old" / "ancient")
    notices = _lint(addons, cache=False).notices
    assert "no index of Odoo 11.0: 1 addon(s) are not judged against Odoo's core" in notices
    assert "1 addon(s) depend on addons that are found nowhere and are judged less: never_seen" in notices


def _exit(addons: Path, given: Path) -> tuple[int, str]:
    from odoo_debt_lint.cli.program import main

    runner = CliRunner()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["odoo-debt-lint", str(addons), "--no-cache", "--odoo-path", str(given)])
        with runner.isolation() as (_, errors, *_rest):
            with pytest.raises(SystemExit) as stop:
                main()
            return int(str(stop.value.code)), errors.getvalue().decode()


def _stale(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    header = json.loads(content[store.HEADER])
    header["format"] = 99
    content[store.HEADER] = json.dumps(header).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def _damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = data.find(b"base") + 40
    data[middle : middle + 400] = bytes(400)
    path.write_bytes(data)


def _foreign(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "x")


BROKEN = {
    "format 99": _stale,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-200]),
    "a zip file, but no index": _foreign,
    "no index of odoo-debt-lint": lambda path: path.write_text("hello"),
    "no such file": lambda path: path.unlink(),
    "is broken": _damaged,
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_index_is_one_line_and_exit_2(what: str, tmp_path: Path) -> None:
    core = index(tmp_path / "out", odoo(tmp_path / "in"))
    BROKEN[what](core.path)
    code, errors = _exit(_custom(tmp_path / "addons"), core.path)
    assert code == 2
    assert what in errors
    assert len(errors.strip().splitlines()) == 1


def test_index_command(tmp_path: Path) -> None:
    target = tmp_path / "16.0.zip"
    result = CliRunner().invoke(cli, ["index", str(odoo(tmp_path / "in")), "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert "Odoo 16.0, community, 2 addons" in result.output
    assert store.CoreIndex(target).addon("sale") is not None


def test_shipped_indexes() -> None:
    files = sorted(choose.SHIPPED.glob("*.zip"))
    assert [file.stem for file in files] == ["14.0", "15.0", "16.0", "17.0", "18.0", "19.0"]
    assert sum(file.stat().st_size for file in files) <= 15_000_000
    for file in files:
        core = store.CoreIndex(file)
        assert core.series == file.stem
        assert core.orm_method("write") is not None
        sale = core.addon("sale")
        assert sale is not None
        assert "sale.view_order_form" in sale.views
        assert any("action_confirm" in part.methods for part in sale.parts["sale.order"])
        assert {"base", "web", "mail", "account", "stock", "website"} <= set(core.header.addons)


@pytest.mark.parametrize("series", ["14.0", "19.0"])
def test_methods_are_known_without_reading_addons(series: str) -> None:
    core = choose.shipped(series)
    assert core is not None
    assert core.methods is not None
    addons = [addon for name in core.names if (addon := core.addon(name)) is not None]
    every = Methods().add(addons)
    assert {name: core.methods.having(name) for name in every.owners} == every.owners
    assert {model: core.methods.parents(model) for model in every.inherited} == every.inherited
    assert "sale.order" in core.methods.having("action_confirm")
    assert not core.methods.having("no_such_method")
