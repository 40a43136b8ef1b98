"""Fixes of imports: a name that has another name or another module, and all its uses in the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.finding import Edit, Fix, Span
from odoo_debt_lint.migration.fixes.python_edits import Editor
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.literals import literal


def _statement(place: Place) -> ast.ImportFrom | None:
    """The import of the place, where it is of the form ``from x import y``."""
    if place.match.match == "base":
        return _import_of(place)
    for node in ast.walk(place.python.tree):
        if isinstance(node, ast.ImportFrom) and node.lineno == place.span.start_line:
            if Editor(place).span(node) == place.span:
                return node
    return None


def _import_of(place: Place) -> ast.ImportFrom | None:
    """The import of what is a base of the class; of several classes only of the first."""
    module, _, name = place.match.value.rpartition(".")
    first = next(item for item in place.python.facts.classes if place.match.value in item.bases)
    for node in place.python.tree.body if first.name == place.klass else ():
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            if any(alias.name == name for alias in node.names):
                return node
    return None


def move_base(place: Place) -> Fix | None:
    """``class Test(common.SavepointCase)``, or the class and the import of its base."""
    new, old = place.match.to.rpartition(".")[2], place.match.value.rpartition(".")[2]
    node = next(
        (
            base
            for item in place.python.tree.body
            if isinstance(item, ast.ClassDef) and item.name == place.klass
            for base in item.bases
            if isinstance(base, ast.Attribute) and base.attr == old
        ),
        None,
    )
    if node is None:
        return move(place) if place.fact.breaks == "hard" else None
    editor = Editor(place)
    span = editor.span(node)
    name = Span(span.end_line, span.end_column - len(old), span.end_line, span.end_column)
    return Fix(f"Use {new}", (Edit(name, new),), place.fact.autofix == "safe")


def without_name(editor: Editor, node: ast.ImportFrom, name: str) -> Edit | None:
    """Takes one name out of an import; the whole line when it was the only one."""
    number = next((index for index, alias in enumerate(node.names) if alias.name == name), None)
    if number is None:
        return None
    if len(node.names) == 1:
        span = editor.span(node)
        return editor.lines(span.start_line, span.end_line)
    own = editor.span(node.names[number])
    if number:
        before = editor.span(node.names[number - 1])
        span = Span(before.end_line, before.end_column, own.end_line, own.end_column)
    else:
        after = editor.span(node.names[1])
        span = Span(own.start_line, own.start_column, after.start_line, after.start_column)
    return None if "#" in editor.between(span) else Edit(span, "")


def _renamed(editor: Editor, old: str, new: str) -> Iterator[Edit]:
    for use in editor.names(old):
        yield editor.replace(use, new)


def move(place: Place) -> Fix | None:
    """``from a import b`` becomes ``from c import d`` (``to`` is ``c.d``), all over the file."""
    module, _, new = place.match.to.rpartition(".")
    old_module, _, old = place.match.value.rpartition(".")
    node = _statement(place)
    if node is None or not new or node.module is None or node.level:
        return None
    alias = next((item for item in node.names if item.name == old), None)
    known = place.python.names.get(new, place.match.to)
    if alias is None or known not in (place.match.to, f"{node.module}.{new}"):
        return None
    editor = Editor(place)
    edits = [] if alias.asname else list(_renamed(editor, old, new)) if old != new else []
    local = f" as {alias.asname}" if alias.asname else ""
    if node.module == module or (node.module.startswith(module) and old_module != module and new == old):
        edits.append(_same_module(editor, node, alias, new + local))
    else:
        edits += _other_module(editor, node, alias, f"from {module} import {new}{local}")
    return Fix(f"Use {place.match.to}", tuple(edits), place.fact.autofix == "safe")


def _same_module(editor: Editor, node: ast.ImportFrom, alias: ast.alias, new: str) -> Edit:
    """The name in its place; or nothing where the new one is imported there already."""
    if any(item.name == new for item in node.names):
        gone = without_name(editor, node, alias.name)
        if gone is not None:
            return gone
    return editor.replace(alias, new)


def _other_module(editor: Editor, node: ast.ImportFrom, alias: ast.alias, line: str) -> list[Edit]:
    span = editor.span(node)
    if len(node.names) == 1:
        return [Edit(span, line)]
    gone = without_name(editor, node, alias.name)
    if gone is None:
        return [Edit(span, editor.source(node))]
    indent = editor.indent(span.start_line)
    end = Span(span.end_line, span.end_column, span.end_line, span.end_column)
    return [gone, Edit(end, f"\n{indent}{line}")]


def _whole_import(place: Place, editor: Editor) -> ast.Import | None:
    """The import of the place, where it is ``import x.y as z``."""
    return next(
        (
            node
            for node in place.python.tree.body
            if isinstance(node, ast.Import) and editor.span(node) == place.span and node.names[0].asname
        ),
        None,
    )


def drop(place: Place) -> Fix | None:
    """An import of which nothing is used any more goes."""
    editor = Editor(place)
    node = _statement(place) or _whole_import(place, editor)
    if node is None or len(node.names) != 1:
        return None
    name = node.names[0].asname or node.names[0].name.partition(".")[0]
    if any(True for _ in editor.names(name)):
        return None
    span = editor.span(node)
    return Fix("Remove the import", (editor.lines(span.start_line, span.end_line),))


def file_path(place: Place) -> Fix | None:
    """``get_module_resource("a", "b")`` becomes ``file_path("a/b")``, which may raise."""
    node = _statement(place)
    old = place.match.value.rpartition(".")[2]
    if node is None or any(alias.name == old and alias.asname for alias in node.names):
        return None
    editor = Editor(place)
    calls = [
        call
        for call in ast.walk(place.python.tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == old
    ]
    if len(calls) != len(list(editor.names(old))):
        return None
    edits: list[Edit] = []
    for call in calls:
        parts = [text for item in call.args if isinstance(text := literal(item), str)]
        if len(parts) != len(call.args) or call.keywords or not parts:
            return None
        edits.append(editor.replace(call, f'file_path("{"/".join(parts)}")'))
    alias = next(item for item in node.names if item.name == old)
    edits += _other_module(editor, node, alias, "from odoo.tools.misc import file_path")
    return Fix("Use file_path", tuple(edits), safe=False)


FIXES = {"move-import": move, "move-base": move_base, "drop-import": drop, "file-path": file_path}
