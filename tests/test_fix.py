"""Fixes: what is applied together, what is refused, and what the command line does with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from odoo_debt_lint.cli.program import cli
from odoo_debt_lint.finding import Confidence, Edit, Finding, Fix, Location, Severity, Span
from odoo_debt_lint.fix import Broken, applied

MANIFEST = (
    '{"name": "Shop", "version": "16.0.1.0.0", "license": "LGPL-3", "author": "Us", "depends": ["base"]}\n'
)
MODEL = """from odoo import fields, models


class Shop(models.Model):
    _inherit = "res.partner"

    weight = fields.Float(group_operator="avg")
"""


def finding(*edits: Edit, path: str = "a.py") -> Finding:
    where = Location(path, edits[0].span)
    return Finding("x", where, "m", Severity.LOW, Confidence.HIGH, 1, fix=Fix("t", edits))


def test_edits_are_applied_in_order_of_their_places() -> None:
    content = b"first = 1\nsecond = 2\n"
    after, used = applied(
        content,
        [finding(Edit(Span(2, 0, 2, 6), "other")), finding(Edit(Span(1, 8, 1, 9), "10"))],
        "a.py",
    )
    assert after == b"first = 10\nother = 2\n"
    assert len(used) == 2


def test_a_fix_that_touches_another_waits_as_a_whole() -> None:
    one = finding(Edit(Span(1, 0, 1, 5), "one"))
    both = finding(Edit(Span(1, 3, 1, 7), "two"), Edit(Span(2, 0, 2, 6), "third"))
    after, used = applied(b"first = 1\nsecond = 2\n", [one, both], "a.py")
    assert after == b"one = 1\nsecond = 2\n"
    assert used == [one]


def test_the_same_edit_of_two_findings_is_made_once() -> None:
    import_edit = Edit(Span(1, 0, 1, 8), "import re")
    one, two = (
        finding(import_edit, Edit(Span(2, 0, 2, 1), "y")),
        finding(import_edit, Edit(Span(3, 0, 3, 1), "z")),
    )
    after, used = applied(b"import os\na = 1\nb = 1\n".replace(b"os", b"o"), [one, two], "a.py")
    assert after == b"import re\ny = 1\nz = 1\n"
    assert len(used) == 2


def test_a_file_that_would_not_parse_stays() -> None:
    with pytest.raises(Broken):
        applied(b"x = 1\n", [finding(Edit(Span(1, 0, 1, 1), "x y"))], "a.py")
    with pytest.raises(Broken):
        applied(b"<odoo/>", [finding(Edit(Span(1, 0, 1, 7), "<odoo>"), path="a.xml")], "a.xml")


@pytest.mark.parametrize(
    "content",
    [
        b"# -*- coding: latin-1 -*-\r\nname = '\xe9'\r\nold = 1\r\n",
        b"\xef\xbb\xbf# marked\r\nname = 1\r\nold = 1\r\n",
    ],
)
def test_line_ends_encoding_and_mark_stay(content: bytes) -> None:
    after, _ = applied(content, [finding(Edit(Span(3, 0, 3, 3), "new\nnewer"))], "a.py")
    assert after == content.replace(b"old", b"new\r\nnewer")


def test_declared_encoding_of_xml_stays() -> None:
    content = "<?xml version='1.0' encoding='iso-8859-1'?>\n<odoo><data name='é'/></odoo>".encode("latin-1")
    after, _ = applied(content, [finding(Edit(Span(2, 7, 2, 11), "item"), path="a.xml")], "a.xml")
    assert after == content.replace(b"<data", b"<item")


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    place = tmp_path / "shop"
    (place / "models").mkdir(parents=True)
    (place / "__manifest__.py").write_text(MANIFEST)
    (place / "__init__.py").write_text("from . import models\n")
    (place / "models" / "__init__.py").write_text("from . import shop\n")
    (place / "models" / "shop.py").write_text(MODEL)
    return place


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [*args, "--no-cache", "-q", "--isolated"])
    return result.exit_code, result.stdout, result.stderr


def test_diff_shows_and_changes_nothing(addon: Path) -> None:
    code, out, _ = run(str(addon), "--to", "18.0", "--diff")
    assert code == 1
    assert '-    weight = fields.Float(group_operator="avg")' in out.splitlines()
    assert '+    weight = fields.Float(aggregator="avg")' in out.splitlines()
    assert (addon / "models" / "shop.py").read_text() == MODEL


def test_diff_can_be_applied(tmp_path: Path) -> None:
    """Blanks in names, CRLF, another encoding, a form feed, and no line end at the end."""
    place = tmp_path / "my addons" / "shop"
    (place / "models").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (place / "__manifest__.py").write_text(MANIFEST)
    (place / "__init__.py").write_text("from . import models\n")
    (place / "models" / "__init__.py").write_bytes(b"from . import one, two, three\r\n")
    variants = {
        "one": MODEL.replace("\n", "\r\n").encode(),
        "two": ("# -*- coding: latin-1 -*-\n" + MODEL + '    word = "ü"\n').encode("latin-1"),
        "three": (MODEL + "    # a\x0cb").encode(),
    }
    for name, content in variants.items():
        (place / "models" / f"{name}.py").write_bytes(content)
    command = [sys.executable, "-m", "odoo_debt_lint", str(tmp_path), "--to", "18.0", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    shown = subprocess.run([*command, "--diff"], env=environment, capture_output=True, check=False).stdout
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=shown, check=True)
    patched = {name: (place / "models" / f"{name}.py").read_bytes() for name in variants}
    assert all(b"aggregator" in content for content in patched.values())
    for name, content in variants.items():
        (place / "models" / f"{name}.py").write_bytes(content)
    subprocess.run([*command, "--fix", "-q"], env=environment, capture_output=True, check=False)
    assert {name: (place / "models" / f"{name}.py").read_bytes() for name in variants} == patched


def test_fix_is_idempotent_and_reports_the_rest(addon: Path) -> None:
    code, out, err = run("fix", str(addon), "--to", "18.0", "--select", "migration")
    assert code == 0
    assert "1 fix applied in 1 file" in err
    assert "group-operator-to-aggregator" not in out
    assert "manifest-version-bump" in out
    assert 'aggregator="avg"' in (addon / "models" / "shop.py").read_text()
    _, _, err = run(str(addon), "--to", "18.0", "--fix")
    assert "0 fixes applied in 0 files" in err


def test_the_version_is_last(addon: Path) -> None:
    """Only when nothing breaks any more does an addon count as migrated."""
    model = addon / "models" / "shop.py"
    model.write_text(MODEL + "\n    def name_get(self):\n        return super().name_get()\n")
    run(str(addon), "--to", "18.0", "--fix", "--unsafe-fixes")
    assert (addon / "__manifest__.py").read_text() == MANIFEST
    model.write_text(MODEL)
    run(str(addon), "--to", "18.0", "--fix", "--unsafe-fixes")
    assert '"version": "18.0.1.0.0"' in (addon / "__manifest__.py").read_text()


def test_suppressed_findings_are_not_mended(addon: Path) -> None:
    model = addon / "models" / "shop.py"
    text = MODEL.replace(
        'avg")', 'avg")  # odoo-debt-lint: ignore[group-operator-to-aggregator] -- both series'
    )
    model.write_text(text)
    run(str(addon), "--to", "18.0", "--fix", "--unsafe-fixes")
    assert model.read_text() == text


def test_what_is_not_worth_a_finding_is_mended_all_the_same(addon: Path) -> None:
    (addon / "views").mkdir()
    view = addon / "views" / "shop.xml"
    view.write_text('<odoo><template id="shop"><p t-esc="name"/></template></odoo>\n')
    args = (str(addon), "--from", "15.0", "--to", "18.0", "--select", "migration")
    assert "t-esc" not in run(*args)[1]
    run(*args, "--fix")
    assert '<p t-out="name"/>' in view.read_text()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes needs --fix or --diff"),
        (("--fix", "--to", "18.x"), "unknown series '18.x'"),
        (("--from", "18", "--to", "17"), "--from 18.0 lies after --to 17.0"),
        (("--from", "17.0"), "--from needs --to"),
        (("--semgrep-config", "rules.yml"), "--semgrep-config needs --engine semgrep"),
    ],
)
def test_wrong_usage(addon: Path, args: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(cli, [str(addon), *args, "-q"])
    assert message in str(result.exception)
