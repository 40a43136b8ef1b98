"""Python in data files is told, and mended, where it stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cli import lint, make_addon

RECORD = """\
<odoo>
<record id="a" model="ir.actions.server">
<field name="code">%s</field>
</record>
</odoo>
"""
CALL = "record._find_partner_from_emails(1)"
NEW = "record._mail_find_partner_from_emails(1)"
CODES = {
    "below the tag": f"\n{CALL}\n",
    "indented": f"\n    {CALL}\n    if record:\n        {CALL}\n",
    "on the line of the tag": CALL,
    "statements on the line of the tag": f"x = 1; {CALL}\n{CALL}\n",
    "a block on the line of the tag": f"if record: {CALL}\n",
    "behind blanks on the line of the tag": f"   {CALL}\n   {CALL}\n",
    "CDATA": f"<![CDATA[{CALL}\nif 1 < 2: {CALL}\n]]>",
    "CDATA below the tag": f"\n<![CDATA[\n{CALL}\n]]>\n",
    "entities": f"\nif 1 &lt; 2 &amp; x &#62; &quot;é&quot;: {CALL}\n{CALL}\n",
    "a first line without its indentation": f"\n    x = 1\n{CALL}\nif x:\n    {CALL}\n",
    "the same characters in the tag": f"d; name; {CALL}\n",
    "accents": f"\nx = 'é𝄞'; {CALL}\n",
}


def addon(root: Path, code: str, end: str = "\n") -> Path:
    folder = make_addon(root, "shop", {"data/code.xml": (RECORD % code).replace("\n", end)})
    (folder / "__manifest__.py").write_text(
        "{'name': 'Shop', 'version': '12.0.1.0.0', 'depends': ['base'], 'data': ['data/code.xml']}\n"
    )
    return folder / "data/code.xml"


WORDS = ("--select", "res-partner-mail-helpers-13", "--to", "13.0")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_places_are_those_of_the_data_file(tmp_path: Path, code: str, end: str) -> None:
    lines = addon(tmp_path, code, end).read_text("utf-8").splitlines()
    found = lint(tmp_path, *WORDS, "-f", "json").data["findings"]
    assert len(found) == code.count(CALL)
    assert {lines[item["line"] - 1][item["column"] - 1 : item["endColumn"] - 1] for item in found} == {
        "_find_partner_from_emails"
    }


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_fixes_change_nothing_else(tmp_path: Path, code: str) -> None:
    """What does not stand in the file as it is in the code is left to people."""
    place = addon(tmp_path, code)
    before = place.read_bytes().decode()
    done = lint(tmp_path, *WORDS, "--fix", "--exit-zero")
    assert done.err.startswith(("0 fixes", "1 fix", "2 fixes"))
    after = place.read_bytes().decode()
    assert after.replace(NEW, CALL) == before
    if code.startswith("\n") and "&" not in code and "CDATA" not in code:
        assert NEW in after
