"""15.0: mail templates are no longer Jinja: short fields hold ``{{ expression }}``, bodies are QWeb.

Expressions are taken over when they are Python, which those of most templates are; filters and tests of Jinja
have to be rewritten by hand.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable

from lxml import etree

from odoo_debt_lint.finding import Fix
from odoo_debt_lint.migration.expressions import Refusal
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import layout_of

_HOLE = re.compile(r"\$\{(.*?)\}", re.S)
_LINE = re.compile(r"^(?P<indent>[ \t]*)%\s*(?P<word>\w+)(?P<rest>[^\r\n]*)", re.M)
_TAG = re.compile(r"<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.S)
_ATTRIBUTE = re.compile(r"(?P<name>[\w:-]+)(?P<equal>\s*=\s*)(?P<value>\"[^\"]*\"|'[^']*')", re.S)
_CDATA = re.compile(r"(\s*<!\[CDATA\[)(.*)(\]\]>\s*)", re.S)
_SAFE = re.compile(r"\s*\|\s*safe\s*$")


def fix_template(place: Place) -> Fix | None:
    """The field of a mail template in the new language."""
    lines, element = layout_of(place), place.node
    if lines is None or element.get("eval") is not None:
        return None
    start, stop = lines.content(element)
    text, body = lines.text[start:stop], element.get("name") == "body_html"
    try:
        new = _body(text, bool(len(element))) if body else _short(text)
    except Refusal:
        return None
    return (
        Fix("Write it without Jinja", (lines.edit(start, stop, new),), safe=not body) if new != text else None
    )


def _short(text: str) -> str:
    if _LINE.search(text) or "{%" in text or "<" in text:
        raise Refusal("statements cannot stand in a short field")
    return _HOLE.sub(lambda hole: f"{{{{ {_expression(hole[1])} }}}}", text)


def _expression(text: str) -> str:
    """What stands in a hole, if it is Python. Entities stay as they are."""
    bare = _SAFE.sub("", " ".join(text.split()))
    try:
        tree = ast.parse(html.unescape(bare), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refusal(f"{bare} is no Python") from None
    if "}}" in bare or any(
        isinstance(node, ast.BitOr) or (isinstance(node, ast.Name) and node.id == "loop")
        for node in ast.walk(tree)
    ):
        raise Refusal(f"{bare} is Jinja's alone")
    return bare


def _body(text: str, markup: bool) -> str:
    """Markup, or the text of it in one CDATA section."""
    section = _CDATA.fullmatch(text)
    if section:
        return section[1] + _template(section[2], _raw) + section[3]
    if "<![CDATA[" in text or not markup:
        raise Refusal("the body is no markup")
    new = _template(text, lambda value: value.replace('"', "&quot;"))
    try:
        etree.fromstring(f"<body>{new}</body>")
    except etree.XMLSyntaxError:
        raise Refusal("statements and tags overlap") from None
    return new


def _raw(value: str) -> str:
    """A value in double quotes where no entity is read."""
    if any(sign in value for sign in "<>&") or ('"' in value and "'" in value):
        raise Refusal("the expression cannot be quoted")
    return value.replace('"', "'")


def _template(text: str, quoted: Callable[[str], str]) -> str:
    if "{%" in text or "{#" in text or re.search(r"^\s*##", text, re.M):
        raise Refusal("blocks and comments of Jinja")
    text = _LINE.sub(lambda line: line["indent"] + _statement(line["word"], line["rest"], quoted), text)
    parts, place = [], 0
    for tag in _TAG.finditer(text):
        parts += [_holes(text[place : tag.start()], quoted), _attributes(tag[0])]
        place = tag.end()
    new = "".join([*parts, _holes(text[place:], quoted)])
    if len(re.findall(r"<t\s[^<>]*[^/]>", new)) != new.count("</t>"):
        raise Refusal("statements that are not closed")
    return new


def _holes(text: str, quoted: Callable[[str], str]) -> str:
    return _HOLE.sub(lambda hole: f'<t t-out="{quoted(_expression(hole[1]))}"/>', text)


def _attributes(tag: str) -> str:
    """Attributes with holes are formatted: ``t-attf-href``."""
    if tag.startswith("<!--") or "${" not in tag:
        return tag

    def formatted(match: re.Match[str]) -> str:
        if "${" not in match["value"] or match["name"].startswith("t-"):
            return match[0]
        value = _HOLE.sub(lambda hole: f"{{{{ {_expression(hole[1])} }}}}", match["value"])
        return f"t-attf-{match['name']}{match['equal']}{value}"

    new = _ATTRIBUTE.sub(formatted, tag)
    if "${" in new:
        raise Refusal("a hole in a tag that is in no attribute")
    return new


def _statement(word: str, rest: str, quoted: Callable[[str], str]) -> str:
    """A line that begins with ``%``."""
    rest = rest.strip().removesuffix(":").strip()
    if word in ("endif", "endfor"):
        return "</t>"
    if word == "else":
        return '</t><t t-else="">'
    if word in ("if", "elif"):
        return f'{"</t>" if word == "elif" else ""}<t t-{word}="{quoted(_expression(rest))}">'
    found = re.fullmatch(r"(\w+)\s*=\s*(.+)" if word == "set" else r"(\w+)\s+in\s+(.+)", rest)
    if word not in ("for", "set") or found is None:
        raise Refusal(f"the statement {word} is not known")
    value = quoted(_expression(found[2]))
    if word == "set":
        return f'<t t-set="{found[1]}" t-value="{value}"/>'
    return f'<t t-foreach="{value}" t-as="{found[1]}">'


FIXES = {"mail-template": fix_template}
