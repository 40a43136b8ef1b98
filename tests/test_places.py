"""Where files lie: a tree is told alike wherever it stands, and what is named twice is read once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from test_cli import INJECTION, lint, make_addon

from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ADDONS = Path(__file__).parent.parent / "testdata" / "addons"
TEMPLATE = """<templates>
    <t t-inherit="web.NavBar" t-inherit-mode="extension">
        <xpath expr="//div" position="replace"><span/></xpath>
    </t>
</templates>
"""


def told(folder: Path, path: Path) -> list[tuple[str, str, int, str]]:
    """Rule, place and fingerprint of all findings in a folder."""
    report = run([str(path)], Settings(cache=False, jobs=1))
    findings = (*report.findings, *report.unsure)
    places = [(item, (report.root / item.location.path).relative_to(folder)) for item in findings]
    return sorted(
        (item.rule, place.as_posix(), item.location.span.start_line, item.fingerprint)
        for item, place in places
    )


@pytest.mark.parametrize("name", sorted(path.name for path in ADDONS.iterdir() if path.is_dir()))
def test_repository_that_is_an_addon(tmp_path: Path, name: str) -> None:
    """Reports name its files as the repository does, and say the same of them."""
    folder = shutil.copytree(ADDONS / name, tmp_path / name)
    below = told(tmp_path, folder)
    (folder / ".git").mkdir()
    assert [(rule, f"{name}/{place}", *rest) for rule, place, *rest in told(folder, folder)] == below
    assert discover([str(folder)]).root == folder


def test_single_files_of_a_repository_that_is_an_addon(tmp_path: Path) -> None:
    folder = make_addon(tmp_path, "shop", {"models/sale.py": INJECTION, "models/lost.py": "x = 1\n"})
    (folder / "__init__.py").write_text("from . import models\n")
    (folder / "models/__init__.py").write_text("from . import sale\n")
    (folder / ".git").mkdir()
    assert lint("models/sale.py", "-f", "json", cwd=folder).found == ["models/sale.py:2 sql-injection"]
    done = lint(".", "-f", "json", "--select", "python-file-not-imported", cwd=folder)
    assert done.found == ["models/lost.py:1 python-file-not-imported"]


def test_mended_findings_of_a_repository_that_is_an_addon_are_gone(tmp_path: Path) -> None:
    folder = make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    (folder / ".git").mkdir()
    known = tmp_path / "known.json"
    lint(folder, "--write-baseline", known)
    (folder / "models/sale.py").write_text("x = 1\n")
    assert "1 no longer found" in lint(folder, "--baseline", known).out


@pytest.mark.parametrize("above", ["tests", "bin", "migrations"])
def test_folders_around_the_addons_do_not_matter(tmp_path: Path, above: str) -> None:
    """What a folder is called says something of files inside of an addon alone."""
    files: dict[str, str | bytes] = {
        "__init__.py": "from . import models\n",
        "models/__init__.py": "from . import sale\n",
        "models/sale.py": "def tidy(self):\n    print(1)\n    self.env.cr.execute('DELETE FROM sale')\n",
        "views/broken.xml": "<odoo>\n",
        "static/src/templates.xml": TEMPLATE,
    }
    for place in ("addons", f"{above}/addons"):
        make_addon(tmp_path / place, "shop", files)
        (tmp_path / place / "shop/__manifest__.py").write_text(
            "{'name': 'Shop', 'version': '17.0.1.0.0', 'depends': ['web'], 'data': ['views/broken.xml'],"
            " 'assets': {'web.assets_backend': ['shop/static/src/templates.xml']}}"
        )
    (tmp_path / ".git").mkdir()
    usual = told(tmp_path / "addons", tmp_path / "addons")
    rules = {rule for rule, *_ in usual}
    assert {"debug-leftover", "invalid-xml", "raw-sql-write", "view-node-replaced"} <= rules
    assert told(tmp_path / above / "addons", tmp_path / above / "addons") == usual


def test_file_beside_the_addons_that_is_named_twice(tmp_path: Path) -> None:
    """A part of a configuration is told by others in its folder: it is none of them itself."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "10-odoo.conf").write_text("[options]\nadmin_passwd = $pbkdf2-sha512$x\n")
    words = ("-f", "json", "--select", "deployment")
    once = lint("etc", *words, cwd=tmp_path).data
    assert once["findings"]
    for paths in (("etc", "etc/10-odoo.conf"), ("etc/10-odoo.conf", "etc/../etc/10-odoo.conf")):
        assert lint(*paths, *words, cwd=tmp_path).data["findings"] == once["findings"]
        assert len(discover([str(tmp_path / path) for path in paths]).deployment) == 1


def test_addon_in_an_addon_that_is_named_too(tmp_path: Path) -> None:
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    make_addon(tmp_path / "shop", "till", {"models/sale.py": INJECTION})
    (tmp_path / ".git").mkdir()
    whole = lint("shop", "-f", "json", cwd=tmp_path).data
    both = lint("shop", "shop/till", "-f", "json", cwd=tmp_path).data
    assert [item["path"] for item in both["findings"]] == [item["path"] for item in whole["findings"]]
    assert [(item["name"], item["findings"]) for item in both["addons"]] == [("shop", 1), ("till", 1)]
    assert both["summary"]["linesOfCode"] == 4, "of the inner one only once"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["suite"], ["suite", "suite_base", "suite_shop"]),
        (["suite/addons"], ["suite_base", "suite_shop"]),
        (["suite/addons/suite_shop"], ["suite_shop"]),
        (["suite/addons/suite_shop/models.py"], ["suite_shop"]),
        (["suite/models.py"], ["suite"]),
    ],
)
def test_addons_below_an_addon_are_addons(tmp_path: Path, given: list[str], names: list[str]) -> None:
    """A folder of the ``addons_path`` may lie in an addon; what its tests hold is a sample."""
    inner = ("suite", "suite/addons/suite_base", "suite/addons/suite_shop", "suite/tests/sample")
    for place in inner:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "__init__.py").write_text("from . import models\n")
        (tmp_path / place / "__manifest__.py").write_text('{"name": "Suite", "version": "17.0.1.0.0"}\n')
        (tmp_path / place / "models.py").write_text("from odoo import models\n")
    found = discover([str(tmp_path / path) for path in given])
    assert [addon.name for addon in found.addons] == names
    assert not any(len({file.inside for file in addon.files}) < len(addon.files) for addon in found.addons)
    suite = next((addon for addon in found.addons if addon.name == "suite"), None)
    assert suite is None or {file.inside for file in suite.files} == {
        "__init__.py", "__manifest__.py", "models.py",
        "tests/sample/__init__.py", "tests/sample/__manifest__.py", "tests/sample/models.py",
    }  # fmt: skip


def test_gitignore_with_a_byte_order_mark(tmp_path: Path) -> None:
    """As editors on Windows write it."""
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfmodels/\r\n")
    assert lint(tmp_path, "-f", "json").found == []


def test_baseline_knows_all_folders_of_one_name(tmp_path: Path) -> None:
    for series in ("16.0", "17.0"):
        make_addon(tmp_path / series, "shop", {"models/sale.py": INJECTION})
    known = tmp_path / "known.json"
    lint(tmp_path, "--write-baseline", known)
    assert len(json.loads(known.read_text())["findings"]) == 2
    (tmp_path / "16.0/shop/models/sale.py").write_text("x = 1\n")
    assert "1 known, 0 new (0 min), 1 no longer found" in lint(tmp_path, "--baseline", known).out


def test_addons_of_one_name(tmp_path: Path) -> None:
    """Each has its own figures, in every format, and its own place in the order of porting."""
    body = "def f(self):\n    return self._cr, self._uid\n"
    for series in ("17.0", "18.0"):
        folder = make_addon(tmp_path / series, "shop", {"models/sale.py": body})
        (folder / "__manifest__.py").write_text(f"{{'name': 'Shop', 'version': '{series}.1.0.0'}}\n")
    make_addon(tmp_path / "17.0", "till", {"models/till.py": "x = 1\n"})
    (tmp_path / "17.0/till/__manifest__.py").write_text(
        "{'name': 'Till', 'version': '17.0.1.0.0', 'depends': ['shop']}\n"
    )
    report = run([str(tmp_path)], Settings(cache=False, jobs=1, to="19.0", select=("migration",)))
    paid = {addon.path: addon.debt.minutes for addon in report.addons}
    assert paid["17.0/shop"] == paid["18.0/shop"] > 0, "what it takes to understand is paid in each"
    assert report.porting is not None
    assert [(item.name, item.series, item.after) for item in report.porting.addons] == [
        ("shop", "17.0", ()),
        ("shop", "18.0", ()),
        ("till", "17.0", ("shop",)),
    ]
    own = {addon.path: addon.debt.findings for addon in report.addons}
    assert [item.findings for item in report.porting.addons] == [own[key] for key in sorted(own, key=last)]
    assert report.porting.work.total == report.debt.minutes
    words = (tmp_path, "--select", "migration", "--to", "19.0")
    text = lint(*words).out
    assert text.index("17.0/shop  17.0 ·") < text.index("18.0/shop  18.0 ·") < text.index("Findings by rule")
    assert lint(*words, "-f", "junit").out.count("<testsuite name=") == 3


def last(path: str) -> tuple[str, str]:
    return path.rpartition("/")[2], path
