"""Fixes that rewrite a method, a hook or a class attribute of a known form."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.finding import Edit, Fix, Span
from odoo_debt_lint.migration.fixes.python_edits import Editor
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.literals import dotted, literal


def constraints(place: Place) -> Fix | None:
    """``_sql_constraints`` becomes one ``models.Constraint`` each."""
    editor = Editor(place)
    values = place.python.skeleton.values.get((place.klass, "_sql_constraints"), ())
    if len(values) != 1 or not isinstance(values[0], ast.List | ast.Tuple) or not values[0].elts:
        return None
    if "models" not in place.python.names or "#" in editor.between(place.span):
        return None
    indent = editor.indent(place.span.start_line)
    parts = [_constraint(editor, item, indent) for item in values[0].elts]
    if any(part is None for part in parts):
        return None
    text = f"\n{indent}".join(part for part in parts if part is not None)
    return Fix("Declare models.Constraint", (Edit(place.span, text),), safe=True)


def _constraint(editor: Editor, node: ast.expr, indent: str) -> str | None:
    if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) not in (2, 3):
        return None
    name = literal(node.elts[0])
    if not isinstance(name, str) or not re.fullmatch(r"\w+", name):
        return None
    inner = indent + "    "
    lines = []
    for item in node.elts[1:]:
        if isinstance(item, ast.Call) and dotted(item.func) == "_" and len(item.args) == 1:
            item = item.args[0]
        if not isinstance(item, ast.Constant):
            return None
        source = editor.source(item)
        if "\n" in source and not source.startswith(('"""', "'''")):
            source = f"({source})"
        lines.append(f"{inner}{source},\n")
    return f"_{name} = models.Constraint(\n{''.join(lines)}{indent})"


def display_name(place: Place) -> Fix | None:
    """``name_get`` becomes ``_compute_display_name``, where it only loops over its records."""
    node, editor = place.node, Editor(place)
    if not isinstance(node, ast.FunctionDef) or node.decorator_list or len(node.args.args) != 1:
        return None
    if (place.klass, "_compute_display_name") in place.python.methods:
        return None
    if any(_own_display_name(item) for item in ast.walk(node)):
        return None
    body = node.body[1:] if _is_docstring(node.body[0]) else node.body
    header = _renamed_header(editor, node, body)
    edits = _listed(editor, body) or _looped(editor, body)
    if edits is None or header is None:
        return None
    return Fix("Compute display_name", (header, *edits), safe=False)


def _own_display_name(node: ast.AST) -> bool:
    """``record.display_name``: it cannot be computed from itself."""
    return (
        isinstance(node, ast.Attribute) and node.attr == "display_name" and isinstance(node.value, ast.Name)
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _renamed_header(editor: Editor, node: ast.FunctionDef, body: list[ast.stmt]) -> Edit | None:
    """``def name_get(self)`` with the fields it reads as ``@api.depends``."""
    line = editor.text.line(node.lineno)
    start = line.find("name_get")
    column = editor.text.column(node.lineno, node.col_offset)
    if start < 0:
        return None
    fields = sorted(_read(body))
    depends = ""
    if fields and "api" in editor.file.names:
        listed = ", ".join(f'"{name}"' for name in fields)
        depends = f"@api.depends({listed})\n{line[:column]}"
    span = Span(node.lineno, column, node.lineno, start + len("name_get"))
    return Edit(span, f"{depends}def _compute_display_name")


def _read(body: list[ast.stmt]) -> Iterator[str]:
    """Fields which the loop reads of its record."""
    loops = [item for item in body if isinstance(item, ast.For)]
    names = {loop.target.id for loop in loops if isinstance(loop.target, ast.Name)}
    for statement in body:
        for inner in ast.walk(statement):
            if isinstance(inner, ast.ListComp) and isinstance(inner.generators[0].target, ast.Name):
                names.add(inner.generators[0].target.id)
    called = {id(item.func) for root in body for item in ast.walk(root) if isinstance(item, ast.Call)}
    found = set()
    for statement in body:
        for item in ast.walk(statement):
            if (
                isinstance(item, ast.Attribute)
                and isinstance(item.value, ast.Name)
                and item.value.id in names
            ):
                if id(item) not in called and item.attr not in (
                    "id",
                    "env",
                    "display_name",
                    "_context",
                    "ids",
                ):
                    found.add(item.attr)
    return iter(found)


def _listed(editor: Editor, body: list[ast.stmt]) -> list[Edit] | None:
    """``return [(r.id, x) for r in self]``"""
    last = body[0] if len(body) == 1 else None
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.ListComp):
        return None
    made = last.value
    pair = made.elt
    generator = made.generators[0]
    if len(made.generators) != 1 or generator.ifs or dotted(generator.iter) != "self":
        return None
    if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2 or not isinstance(generator.target, ast.Name):
        return None
    name = generator.target.id
    indent = editor.indent(last.lineno)
    text = f"for {name} in self:\n{indent}    {name}.display_name = {editor.source(pair.elts[1])}"
    return [editor.replace(last, text)]


def _looped(editor: Editor, body: list[ast.stmt]) -> list[Edit] | None:
    """``result = []``, a loop that appends pairs, ``return result``"""
    if len(body) != 3:
        return None
    first, loop, last = body
    if not (isinstance(first, ast.Assign) and isinstance(loop, ast.For) and isinstance(last, ast.Return)):
        return None
    if literal(first.value) != [] or dotted(loop.iter) != "self" or not isinstance(loop.target, ast.Name):
        return None
    result = first.targets[0]
    if (
        not isinstance(result, ast.Name)
        or last.value is None
        or dotted(last.value) != result.id
        or loop.orelse
    ):
        return None
    edits = [editor.lines(first.lineno, first.end_lineno or first.lineno)]
    edits.append(_removed_with_blank(editor, last))
    appends = 0
    for statement in ast.walk(loop):
        if (
            isinstance(statement, ast.Expr)
            and _appended(statement.value, result.id, loop.target.id) is not None
        ):
            value = _appended(statement.value, result.id, loop.target.id)
            assert value is not None
            edits.append(
                editor.replace(statement, f"{loop.target.id}.display_name = {_wrapped(editor, value)}")
            )
            appends += 1
    uses = sum(1 for item in ast.walk(loop) if isinstance(item, ast.Name) and item.id == result.id)
    return edits if appends and uses == appends else None


def _removed_with_blank(editor: Editor, node: ast.stmt) -> Edit:
    first = node.lineno
    while not editor.text.line(first - 1).strip():
        first -= 1
    return editor.lines(first, node.end_lineno or node.lineno)


def _wrapped(editor: Editor, node: ast.expr) -> str:
    source = editor.source(node)
    return f"({source})" if "\n" in source and not source.startswith(("(", "[", "{")) else source


def _appended(node: ast.expr, result: str, record: str) -> ast.expr | None:
    """What becomes the name in ``result.append((record.id, name))``."""
    if not isinstance(node, ast.Call) or dotted(node.func) != f"{result}.append" or len(node.args) != 1:
        return None
    pair = node.args[0]
    if (
        isinstance(pair, ast.Tuple | ast.List)
        and len(pair.elts) == 2
        and dotted(pair.elts[0]) == f"{record}.id"
    ):
        return pair.elts[1]
    return None


def hook(place: Place) -> Fix | None:
    """``def hook(cr, registry)`` becomes ``def hook(env)``."""
    node, editor = place.node, Editor(place)
    arguments = node.args.args
    if not arguments or node.args.kwonlyargs or node.args.vararg or node.args.kwarg or len(arguments) > 2:
        return None
    made, names = [], {arguments[0].arg: "env.cr"}
    if len(arguments) == 2:
        names[arguments[1].arg] = "env.registry"
    for statement in ast.walk(node):
        if isinstance(statement, ast.Assign) and _makes_env(statement, arguments[0].arg):
            made.append(statement)
    if any(literal_name(statement) != "env" for statement in made) or len(node.body) == len(made):
        return None
    inside = {id(item) for statement in made for item in ast.walk(statement)}
    edits = [editor.lines(item.lineno, item.end_lineno or item.lineno) for item in made]
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id in names and id(item) not in inside:
            if not isinstance(item.ctx, ast.Load):
                return None
            edits.append(editor.replace(item, names[item.id]))
    if not made and any(isinstance(item, ast.Name) and item.id == "env" for item in ast.walk(node)):
        return None
    return Fix("Take env", (_parameters(editor, arguments), *edits))


def literal_name(node: ast.Assign) -> str:
    """The name that is assigned, if it is one."""
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def _makes_env(node: ast.Assign, cursor: str) -> bool:
    value = node.value
    if not isinstance(value, ast.Call) or dotted(value.func).rpartition(".")[2] != "Environment":
        return False
    return bool(value.args) and dotted(value.args[0]) == cursor


def _parameters(editor: Editor, arguments: list[ast.arg]) -> Edit:
    first, last = arguments[0], arguments[-1]
    start = editor.text.column(first.lineno, first.col_offset)
    end = editor.text.column(last.end_lineno or last.lineno, last.end_col_offset or 0)
    return Edit(Span(first.lineno, start, last.end_lineno or last.lineno, end), "env")


FIXES = {"constraints": constraints, "display-name": display_name, "hook-env": hook}
