"""Reads ``__manifest__.py`` as a literal, with the place of every key and list item. Nothing is executed."""

from __future__ import annotations

import ast
import re
from typing import Any

import msgspec

from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.literals import UNKNOWN, literal
from odoo_debt_lint.source import Text

NAMES = ("__manifest__.py", "__openerp__.py")
_LISTS = (
    "depends",
    "data",
    "demo",
    "demo_xml",
    "init_xml",
    "update_xml",
    "qweb",
    "cloc_exclude",
    "maintainers",
)
_HOOKS = ("pre_init_hook", "post_init_hook", "uninstall_hook", "post_load")
_SERIES = re.compile(r"^(\d{1,2}\.0|saas[~-]\d+(?:\.\d+)?)\.\d")


def series_of(version: str) -> str:
    """``"16.0.1.2.3"`` → ``"16.0"``; empty when the version has no series in front.

    Odoo puts its own series before a short version, so ``1.0`` tells nothing. Five parts are the
    convention; ``16.0.1.0`` (four) is common and clear enough.
    """
    match = _SERIES.match(version.strip())
    if not match or match[1].startswith("saas"):
        return ""
    number = float(match[1])
    return match[1] if 8 <= number <= 30 and len(version.strip().split(".")) >= 4 else ""


def read_manifest(path: str, text: str) -> ManifestFact:
    """The manifest's facts; ``problem`` says why it is none."""
    source = Text(text)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return ManifestFact(
            path, problem=f"does not parse: {getattr(error, 'msg', error)}", problem_line=line
        )
    dicts = [
        node.value for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Dict)
    ]
    if not dicts:
        return ManifestFact(path, problem="holds no dictionary")
    other = next((node for node in tree.body if getattr(node, "value", None) is not dicts[0]), None)
    problem = "holds more than a dictionary: Odoo reads it with literal_eval" if other else ""
    try:
        fact = _from_dict(path, source, dicts[0], problem, other.lineno if other else 1)
        msgspec.msgpack.encode(fact)
        return fact
    except RecursionError:
        return ManifestFact(path, problem="holds values that are nested too deeply")
    except UnicodeEncodeError:
        return ManifestFact(path, problem="holds half a character (a lone surrogate)")


def _from_dict(path: str, source: Text, node: ast.Dict, problem: str, problem_line: int) -> ManifestFact:
    keys: dict[str, Span] = {}
    values: dict[str, Any] = {}
    nodes: dict[str, ast.expr] = {}
    repeated: list[tuple[str, Span]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        name = literal(key) if key is not None else UNKNOWN
        if not isinstance(name, str) or key is None:
            problem, problem_line = problem or "has a key that is no string", (key or value).lineno
            continue
        if name in keys:
            repeated.append((name, _span(source, key)))
        keys[name], nodes[name] = _span(source, key, value), value
        values[name] = literal(value)
        complaint = _complaint(name, value)
        if complaint and not problem:
            problem, problem_line = complaint, value.lineno
    if not problem and "auto_install" in nodes:
        problem = _triggers(nodes["auto_install"], values.get("depends"))
        problem_line = nodes["auto_install"].lineno if problem else problem_line
    values = {name: value for name, value in values.items() if value is not UNKNOWN}
    return ManifestFact(
        path=path,
        name=_text(values.get("name")),
        version=_text(values.get("version")),
        license=_text(values.get("license")),
        author=_author(values.get("author")),
        website=_text(values.get("website")),
        installable=bool(values.get("installable", True)),
        application=bool(values.get("application", False)),
        auto_install=bool(values.get("auto_install", False)),
        keys=keys,
        lists=_lists(source, nodes),
        hooks=tuple(_text(values[key]) for key in _HOOKS if isinstance(values.get(key), str)),
        assets=tuple(_assets(source, nodes.get("assets"))),
        repeated=tuple(repeated),
        problem=problem,
        problem_line=problem_line,
        multiline=tuple(name for name in values if "\n" in _text(values[name]).strip()),
    )


def _complaint(name: str, value: ast.expr) -> str:
    """Why Odoo would refuse the value of a key, or fail on it later."""
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return f"{name!r} is no literal"
    if name in ("depends", "data", "demo") and not isinstance(value, ast.List | ast.Tuple | ast.Set):
        return f"{name!r} is no list"
    return ""


def _triggers(node: ast.expr, depends: Any) -> str:
    """Why Odoo would refuse ``auto_install``: of what it names, everything must be a dependency."""
    value = ast.literal_eval(node)
    if isinstance(value, str):
        return "'auto_install' is a text" if value else ""
    if not isinstance(value, list | tuple | set) or not isinstance(depends, list):
        return ""
    others = [name for name in value if name not in depends]
    return f"'auto_install' names {others[0]}, which is not in 'depends'" if others else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _author(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else _text(value)


def _span(source: Text, start: ast.expr, end: ast.expr | None = None) -> Span:
    last = end if end is not None and end.end_lineno == start.lineno else start
    line, column = last.end_lineno or last.lineno, last.end_col_offset or 0
    return Span(
        start.lineno, source.column(start.lineno, start.col_offset), line, source.column(line, column)
    )


def _strings(source: Text, node: ast.expr | None) -> tuple[tuple[str, Span], ...]:
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return ()
    return tuple(
        (item.value, _span(source, item))
        for item in node.elts
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    )


def _lists(source: Text, nodes: dict[str, ast.expr]) -> dict[str, tuple[tuple[str, Span], ...]]:
    lists = {name: _strings(source, nodes[name]) for name in _LISTS if name in nodes}
    external = nodes.get("external_dependencies")
    if isinstance(external, ast.Dict):
        for key, value in zip(external.keys, external.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in ("python", "bin", "deb", "apt"):
                lists[str(key.value)] = _strings(source, value)
    return {name: items for name, items in lists.items() if items}


def _assets(source: Text, node: ast.expr | None) -> list[tuple[str, str, Span]]:
    found: list[tuple[str, str, Span]] = []
    if not isinstance(node, ast.Dict):
        return found
    for key, value in zip(node.keys, node.values, strict=True):
        bundle = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        for item in ast.walk(value):
            if isinstance(item, ast.Constant) and isinstance(item.value, str) and "/" in item.value:
                found.append((bundle, item.value, _span(source, item)))
    return found
