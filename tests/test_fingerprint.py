"""Identities of findings: the same after edits elsewhere, never the same for two."""

from __future__ import annotations

import pytest
from report_data import finding

from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Span
from odoo_debt_lint.outcome.fingerprint import code_of, fingerprinted, matched
from odoo_debt_lint.source import Text

FOLDERS = {"shop": "addons/shop"}
PATH = "addons/shop/models/sale.py"
CODE = "cr.execute(q)"


def at(line: int, path: str = PATH, **changes: object) -> Finding:
    return finding(location=Location(path, Span(line, 4, line, 4 + len(CODE))), **changes)


def identities(
    *findings: Finding, line: str = f"    {CODE}", folders: dict[str, str] | None = None
) -> list[str]:
    text = Text(f"{line}\n" * 60)
    return [item.fingerprint for item in fingerprinted(findings, lambda path: text, folders or FOLDERS)]


def spelled(code: str, is_python: bool = True) -> str:
    lines = code.split("\n")
    return code_of(Text(code), Span(1, 0, len(lines), len(lines[-1])), is_python)


def test_moved_lines_keep_it() -> None:
    assert identities(at(5)) == identities(at(50))
    assert identities(at(5)) == identities(at(5), line=f"    {CODE}  # why")


@pytest.mark.parametrize(
    "layout",
    [
        "cr.execute('select %s' % (x, y))",
        'cr.execute( "select %s" %(x,y) )',
        'cr.execute(\n    "select %s" % (x, y),\n)',
        'cr.execute(  # noqa: why\n    "select %s"\n    % (\n        x,\n        y,\n    )\n)',
        'cr.execute("select %s" \\\n % (x, y))',
        'cr.execute(\n    ("sel" "ect "\n    "%s") % (x, y)\n)',
    ],
)
def test_layout_does_not_matter(layout: str) -> None:
    assert spelled(layout) == 'cr.execute"select%s"%x,y'


def test_of_a_block_only_the_head_counts() -> None:
    assert spelled("def f(\n    self,\n    x,\n):\n    return 1") == "deff"
    assert spelled("def f(self, x):\n    return 2") == "deff"
    assert spelled("def f(") == "deff"
    assert spelled("@api.depends(\n'a')\nclass A(B): pass") == spelled("@api.depends('a')\nclass A(B): 1")
    assert spelled("if (a\n and b):\n    c") == spelled("if a and b:\n    d") == "ifaandb:"
    assert spelled("format(x)\nif_not(y)") == "formatxif_noty"


def test_what_is_no_python_has_no_comments() -> None:
    assert spelled("<a href=' #x'\n   b='1'/>", is_python=False) == '<ahref="#x"b="1"/>'


def test_only_the_start_of_long_code_counts() -> None:
    assert spelled("f(" + "x, " * 500 + "1)") == spelled("f(" + "x, " * 500 + "2)")


def test_places_of_no_width() -> None:
    assert code_of(Text("a\nb c\n"), FIRST_LINE, True) == ""
    assert code_of(Text("a\nb c\n"), Span(2, 0, 2, 0), True) == "bc"
    assert code_of(Text(""), Span(9, 4, 9, 8), True) == ""


def test_folder_around_the_addon_does_not_matter() -> None:
    moved = at(5, "custom/shop/models/sale.py")
    assert identities(at(5)) == identities(moved, folders={"shop": "custom/shop"})


def test_what_makes_another_finding() -> None:
    different = [
        at(5),
        at(5, rule="debug-leftover"),
        at(5, entity="sale.order.write"),
        at(5, addon="other"),
        at(5, "addons/shop/models/a.py"),
    ]
    assert len(set(identities(*different))) == len(different)
    assert identities(at(5)) != identities(at(5), line="    cr.execute(p)")


def test_equal_lines_are_numbered() -> None:
    first, second = identities(at(5), at(9))
    assert first != second
    assert identities(at(7))[0] == first


def test_text_that_is_half_a_character() -> None:
    (identity,) = identities(at(5), line="    '\ud800'")
    assert len(identity) == 32


def test_renamed_addons_and_files_match() -> None:
    (old,) = identities(at(5))
    (renamed,) = identities(
        at(5, "addons/store/models/sale.py", addon="store"), folders={"store": "addons/store"}
    )
    (moved,) = identities(at(5, "addons/shop/models/order.py"))
    (both,) = identities(
        at(5, "addons/store/models/order.py", addon="store"), folders={"store": "addons/store"}
    )
    assert matched([old], [renamed]) == {renamed: old}
    assert matched([old], [moved]) == {moved: old}
    assert matched([old], [both]) == {}
    assert matched([old], [old, moved]) == {old: old}
    assert matched([old], [renamed, moved]) == {renamed: old}


def test_findings_of_a_whole_file_match_only_in_place() -> None:
    def whole(path: str, **changes: object) -> Finding:
        return finding(rule="addon-without-tests", location=Location(path, FIRST_LINE), **changes)

    (old,) = identities(whole("addons/shop/__manifest__.py"))
    (other,) = identities(whole("addons/b/__manifest__.py", addon="b"), folders={"b": "addons/b"})
    assert matched([old], [other]) == {}
