"""Fixes of calls whose arguments or receiver change with the name."""

from __future__ import annotations

import ast

from odoo_debt_lint.finding import Edit, Fix, Span
from odoo_debt_lint.migration.fixes.python_edits import Editor
from odoo_debt_lint.migration.fixes.python_imports import without_name
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.literals import literal, resolve
from odoo_debt_lint.python.trees import nodes_of


def with_user(place: Place) -> Fix | None:
    """``sudo(user)`` becomes ``with_user(user)``."""
    editor, node = Editor(place), place.node
    value = node.args[0] if node.args else node.keywords[0].value
    receiver = editor.source(node.func.value)
    return Fix("Use with_user", (editor.replace(node, f"{receiver}.with_user({editor.source(value)})"),))


def with_company(place: Place) -> Fix | None:
    """``with_context(force_company=c)`` becomes ``with_company(c)``, where it is the only key."""
    editor = Editor(place)
    if not isinstance(place.node, ast.keyword):
        return None
    call = editor.call_around(place.root, place.node)
    if call is None or not isinstance(call.func, ast.Attribute) or call.func.attr != "with_context":
        return None
    receiver, value = editor.source(call.func.value), editor.source(place.node.value)
    if call.args or len(call.keywords) != 1:
        given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        rest = ", ".join(editor.source(item) for item in given if item is not place.node)
        new = f"{receiver}.with_company({value}).with_context({rest})"
    else:
        new = f"{receiver}.with_company({value})"
    return Fix("Use with_company", (editor.replace(call, new),))


def has_groups(place: Place) -> Fix | None:
    """``records.user_has_groups("a,b")`` becomes ``records.env.user.has_groups("a,b")``."""
    editor, node = Editor(place), place.node
    if not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
        return None
    text = literal(node.args[0])
    single = isinstance(text, str) and "," not in text and "!" not in text
    name = "has_group" if single else "has_groups"
    new = f"{editor.source(node.func.value)}.env.user.{name}({editor.source(node.args[0])})"
    return Fix(f"Use env.user.{name}", (editor.replace(node, new),), safe=isinstance(text, str))


def search_count(place: Place) -> Fix | None:
    """``search(domain, count=True)`` becomes ``search_count(domain)``."""
    editor, node = Editor(place), place.node
    word = next(item for item in node.keywords if item.arg == "count")
    if literal(word.value) is not True or node.func.attr != "search":
        return None
    rest = [editor.source(item) for item in node.args[:1]]
    rest += [editor.source(item) for item in node.keywords if item.arg in ("args", "domain", "limit")]
    new = f"{editor.source(node.func.value)}.search_count({', '.join(rest)})"
    return Fix("Use search_count", (editor.replace(node, new),))


def field_names(place: Place) -> Fix | None:
    """``records.fields_get_keys()`` becomes ``list(records._fields)``."""
    editor, node = Editor(place), place.node
    return Fix("Use _fields", (editor.replace(node, f"list({editor.source(node.func.value)}._fields)"),))


def domain_argument(place: Place) -> Fix | None:
    """``search(args=...)`` becomes ``search(domain=...)``; in an override the parameter and its uses."""
    editor, node = Editor(place), place.node
    if isinstance(node, ast.Call):
        word = next(item for item in node.keywords if item.arg == "args")
        span = editor.span(word)
        end = Span(span.start_line, span.start_column, span.start_line, span.start_column + len("args"))
        return Fix("Use domain=", (Edit(end, "domain"),))
    return _renamed_parameter(editor, node, "args", "domain")


def _renamed_parameter(editor: Editor, node: ast.FunctionDef, old: str, new: str) -> Fix | None:
    used = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
    argument = next((item for item in node.args.args if item.arg == old), None)
    if new in used or argument is None:
        return None
    column = editor.text.column(argument.lineno, argument.col_offset)
    edits = [Edit(Span(argument.lineno, column, argument.lineno, column + len(old)), new)]
    edits += [
        editor.replace(item, new) for item in ast.walk(node) if isinstance(item, ast.Name) and item.id == old
    ]
    for call in ast.walk(node):
        for word in call.keywords if isinstance(call, ast.Call) else ():
            if word.arg == old:
                span = editor.span(word)
                end = Span(span.start_line, span.start_column, span.start_line, span.start_column + len(old))
                edits.append(Edit(end, new))
    return Fix(f"Rename the parameter to {new}", tuple(edits))


def without_order(place: Place) -> Fix | None:
    """A ``group_expand`` method loses its last parameter, if it does not use it."""
    editor, node = Editor(place), place.node
    last = node.args.args[-1]
    if any(isinstance(item, ast.Name) and item.id == last.arg for item in ast.walk(node)):
        return None
    before = node.args.args[-2]
    start = editor.text.column(before.end_lineno or before.lineno, before.end_col_offset or 0)
    end = editor.text.column(last.end_lineno or last.lineno, last.end_col_offset or 0)
    span = Span(before.end_lineno or before.lineno, start, last.end_lineno or last.lineno, end)
    return Fix("Remove the parameter order", (Edit(span, ""),))


def env_translation(place: Place) -> Fix | None:
    """``_("...")`` in methods of models becomes ``self.env._("...")``, all over the file."""
    editor = Editor(place)
    if resolve("_", editor.file.names) not in ("odoo._", "odoo.tools.translate._"):
        return None
    edits = _translations(editor)
    return Fix("Use self.env._", tuple(edits), safe=False) if edits else None


def _translations(editor: Editor) -> list[Edit]:
    edits, left = [], {id(name) for name in editor.names("_")}
    for unit in editor.file.units:
        klass = editor.file.klass(unit.klass)
        if klass is None or not klass.is_model or not isinstance(unit.node, ast.FunctionDef):
            continue
        if not unit.node.args.args or unit.node.args.args[0].arg != "self":
            continue
        for call in nodes_of(unit.node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_":
                edits.append(editor.replace(call.func, "self.env._"))
                left.discard(id(call.func))
    return edits if left else edits + _without_import(editor)


def _without_import(editor: Editor) -> list[Edit]:
    for node in nodes_of(editor.file.tree):
        if isinstance(node, ast.ImportFrom) and any(item.name == "_" for item in node.names):
            edit = without_name(editor, node, "_")
            return [edit] if edit is not None else []
    return []


FIXES = {
    "with-user": with_user,
    "with-company": with_company,
    "has-groups": has_groups,
    "search-count": search_count,
    "field-names": field_names,
    "domain-argument": domain_argument,
    "without-order": without_order,
    "env-translation": env_translation,
}
