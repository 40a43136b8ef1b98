"""The fix of overrides of ``create`` which take one dictionary: they get a list and loop over it."""

from __future__ import annotations

import ast

from odoo_debt_lint.finding import Edit, Fix, Span
from odoo_debt_lint.migration.fixes.python_edits import Editor
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.literals import dotted

LIST = "vals_list"


def create_multi(place: Place) -> Fix | None:
    """``create(self, vals)`` that ends with ``return super().create(vals)`` gets a list."""
    node, editor = place.node, Editor(place)
    if (
        not isinstance(node, ast.FunctionDef)
        or len(node.args.args) != 2
        or node.args.kwarg
        or node.args.vararg
    ):
        return None
    name = node.args.args[1].arg
    last, body = node.body[-1], node.body[:-1]
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    argument = _returned(last, name)
    if argument is None or any(_unfit(statement) for statement in body) or _names(node, LIST):
        return None
    edits = [_decorator(editor, node), _parameter(editor, node.args.args[1]), editor.replace(argument, LIST)]
    edits += _indented(editor, body, name)
    if any(edit is None for edit in edits):
        return None
    return Fix("Take a list of values", tuple(edit for edit in edits if edit is not None), safe=False)


def _returned(node: ast.stmt, name: str) -> ast.expr | None:
    """The argument of ``return super().create(vals)``."""
    call = node.value if isinstance(node, ast.Return) else None
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 1:
        return None
    written = dotted(call.func)
    met = written == "super().create" and dotted(call.args[0]) == name
    return call.args[0] if met else None


def _unfit(statement: ast.stmt) -> bool:
    """What may not stand in a loop over all values (it leaves), or cannot be indented (a text over lines)."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom | ast.Break | ast.Continue):
            return True
        if isinstance(node, ast.Call) and dotted(node.func) == "super":
            return True
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno != node.lineno:
            return True
    return False


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(node))


def _decorator(editor: Editor, node: ast.FunctionDef) -> Edit | None:
    """``@api.model`` becomes ``@api.model_create_multi``; without a decorator it is put in front."""
    for item in node.decorator_list:
        if dotted(item) == "api.model":
            return editor.replace(item, "api.model_create_multi")
    if node.decorator_list or "api" not in editor.file.names:
        return None
    column = editor.text.column(node.lineno, node.col_offset)
    where = Span(node.lineno, column, node.lineno, column)
    return Edit(where, f"@api.model_create_multi\n{' ' * column}")


def _parameter(editor: Editor, argument: ast.arg) -> Edit:
    column = editor.text.column(argument.lineno, argument.col_offset)
    return Edit(Span(argument.lineno, column, argument.lineno, column + len(argument.arg)), LIST)


def _indented(editor: Editor, body: list[ast.stmt], name: str) -> list[Edit | None]:
    """The statements under ``for vals in vals_list:``."""
    if not body:
        return []
    first, last = body[0].lineno, body[-1].end_lineno or body[-1].lineno
    indent = editor.indent(first)
    edits: list[Edit | None] = [Edit(Span(first, 0, first, 0), f"{indent}for {name} in {LIST}:\n    ")]
    for number in range(first + 1, last + 1):
        if editor.text.line(number).strip():
            edits.append(Edit(Span(number, 0, number, 0), "    "))
    return edits


FIXES = {"create-multi": create_multi}
