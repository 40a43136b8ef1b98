"""Names of a module or class whose value the source fixes: constants, and fields by their type."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from odoo_debt_lint.python.flow.knowledge import CLEAN_FIELDS, NUMERIC_FIELDS, NUMERIC_NAMES, TEXT_FIELDS
from odoo_debt_lint.python.flow.values import CONST, Level, Value, join_all
from odoo_debt_lint.python.literals import UNKNOWN as NO_LITERAL
from odoo_debt_lint.python.literals import literal

if TYPE_CHECKING:
    from odoo_debt_lint.facts import FieldFact
    from odoo_debt_lint.python.module import PythonFile

_MAX_DEPTH = 12


def lookup(file: PythonFile, klass: str, name: str, depth: int = 0) -> Value | None:
    """The value of a module name (``klass`` empty) or class attribute when it is constant, else None."""
    assigned = file.skeleton.values.get((klass, name), [])
    if name not in file.names:  # else it stands in for what could not be imported
        assigned = assigned + file.skeleton.branched.get((klass, name), [])
    if not assigned or depth > _MAX_DEPTH:
        return None
    if depth:
        return _joined(file, klass, assigned, depth)
    if (klass, name) not in file.constants:
        file.constants[klass, name] = _joined(file, klass, assigned, depth)
    return file.constants[klass, name]


def of_class(file: PythonFile, klass: str, name: str) -> Value | None:
    """The constant that an attribute is, set by the class or by what it inherits from in the file."""
    owners = (owner for owner in file.owners(klass) if file.skeleton.values.get((owner, name)))
    owner = next(owners, None) if klass else None
    return lookup(file, owner, name) if owner is not None else None


def _joined(file: PythonFile, klass: str, assigned: list[ast.expr], depth: int) -> Value | None:
    values = [_constant(file, klass, node, depth) for node in assigned]
    return join_all(value for value in values if value is not None) if None not in values else None


def _constant(
    file: PythonFile, klass: str, node: ast.expr, depth: int, bound: frozenset[str] = frozenset()
) -> Value | None:
    known = literal(node)
    if known is not NO_LITERAL:
        return _of_literal(known)
    if isinstance(node, ast.Name):
        if node.id in bound:
            return CONST
        return lookup(file, klass, node.id, depth + 1) or lookup(file, "", node.id, depth + 1)
    if isinstance(node, ast.Constant):
        return CONST
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        return _comprehended(file, klass, node, depth, bound)
    if not isinstance(node, _COMPOSITE):
        return None
    children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Attribute | ast.Name):
            return None
        if isinstance(node.func, ast.Name) and node.func.id not in (
            "frozenset",
            "set",
            "tuple",
            "dict",
            "list",
            "str",
            "range",
            "sorted",
        ):
            return None
        children = [*node.args, *(word.value for word in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            children.append(node.func.value)
    values = [_constant(file, klass, child, depth + 1, bound) for child in children]
    return CONST if None not in values else None


def _comprehended(
    file: PythonFile,
    klass: str,
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
    depth: int,
    bound: frozenset[str],
) -> Value | None:
    """``{name: "numeric" for name in NAMES}``: made of constants only."""
    for part in node.generators:
        if _constant(file, klass, part.iter, depth + 1, bound) is None:
            return None
        bound |= {name.id for name in ast.walk(part.target) if isinstance(name, ast.Name)}
    made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    values = [_constant(file, klass, item, depth + 1, bound) for item in made]
    return CONST if None not in values else None


_COMPOSITE = (
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.BinOp,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.IfExp,
    ast.Call,
)


def _of_literal(known: object) -> Value:
    if isinstance(known, str):
        return Value(text=known)
    if isinstance(known, list):
        return Value(items=dict(enumerate(map(_of_literal, known))) or None)
    if isinstance(known, dict):
        return Value(items={key: _of_literal(item) for key, item in known.items()} or None)
    return Value(symbol=str(known)) if known is True or known is False else CONST


def _computed(field: FieldFact) -> bool:
    """Whether a method fills the field and users do not."""
    given = {*field.kwargs, *field.dynamic}
    return not given.isdisjoint(("compute", "related")) and "inverse" not in given


def field_level(file: PythonFile, klass: str, name: str) -> Level:
    """How far the value of ``self.<name>`` can be trusted by the type of the field, when it is known here."""
    fact = file.klass(klass)
    for field in fact.fields if fact is not None else ():
        if field.name == name:
            if field.type in NUMERIC_FIELDS:
                return Level.NUMBER
            if field.type in CLEAN_FIELDS:
                return Level.CLEAN
            return Level.STORED if field.type in TEXT_FIELDS and not _computed(field) else Level.UNKNOWN
    if NUMERIC_NAMES.search(name):
        return Level.NUMBER
    # a model has no field of such a name: what is there is set by a class of another file
    return Level.VAGUE if name.startswith("_") and name != "_context" else Level.UNKNOWN
