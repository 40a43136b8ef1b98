"""The compute methods of a file with the fields they compute, and what they read and assign."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.facts import ClassFact, FieldFact, MethodFact
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.code import EACH, RECORDS, Code
from odoo_debt_lint.python.module import PythonFile

SAME = frozenset(
    "sudo with_context with_company with_user with_env with_prefetch sorted exists with_lang _origin".split()
)
"""Methods that give the same records again."""
_PLAIN = frozenset(
    (
        "id ids _ids env _name _description _context _uid _cr pool _table _fields _origin _model "
        "company_id create_date create_uid write_date write_uid __class__ NewId"
    ).split()
)
"""What every record has: no field, or one that never changes in a way which a form would see."""


@dataclass(frozen=True, slots=True)
class Compute:
    """A compute method: its code, and the fields of the same model and file that name it."""

    klass: ClassFact
    method: MethodFact
    node: ast.FunctionDef
    code: Code
    fields: tuple[FieldFact, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields)


def computes(file: PythonFile) -> Iterator[Compute]:
    """Every compute method whose fields stand in the same file."""
    if "compute" not in file.words:
        return
    for klass in file.facts.classes:
        if not klass.is_model:
            continue
        methods = {method.name: method for method in klass.methods}
        table: dict[str, list[FieldFact]] = {}
        for owner in file.facts.classes:
            if owner.model != klass.model:
                continue
            for field in owner.fields:
                name = _method_of(file, owner, field)
                if name in methods:
                    table.setdefault(name, []).append(field)
        for name, fields in table.items():
            node = file.skeleton.defs.get((klass.name, name))
            if isinstance(node, ast.FunctionDef):
                code = file.code(node, klass.name)
                yield Compute(klass, methods[name], node, code, tuple(fields))


def _method_of(file: PythonFile, owner: ClassFact, field: FieldFact) -> str:
    """The name of a field's compute method, written as text, as a name, or in a lambda."""
    known = field.kwargs.get("compute")
    if isinstance(known, str):
        return known
    if "compute" not in field.dynamic:
        return ""
    for value in file.skeleton.values.get((owner.name, field.name), ()):
        for word in value.keywords if isinstance(value, ast.Call) else ():
            if word.arg == "compute" and isinstance(word.value, ast.Name):
                return word.value.id
            if word.arg == "compute" and isinstance(word.value, ast.Lambda):
                body = word.value.body
                if isinstance(body, ast.Call) and isinstance(body.func, ast.Attribute):
                    return body.func.attr
    return ""


def same_records(node: ast.expr | None) -> ast.expr | None:
    """``record`` of ``record.sudo().with_context(...)``."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAME:
        node = node.func.value
    return node


def is_self(node: ast.expr | None) -> bool:
    """``self``, also in another environment or order: all records of the call."""
    node = same_records(node)
    return isinstance(node, ast.Name) and node.id == "self"


def base_of(node: ast.expr) -> ast.expr:
    """What a chain of calls, slices and set operations starts from."""
    while True:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.BinOp):
            node = node.left
        else:
            return node


def record_names(code: Code) -> set[str]:
    """Names that hold records of ``self``: itself, loop variables over it, parameters of its lambdas."""
    names = {"self"}
    for _ in range(2):
        for name, bound in code.bindings.items():
            for how, value in bound:
                base = base_of(value) if value is not None else None
                if isinstance(base, ast.Name) and base.id in names and (how == "element" or is_self(value)):
                    names.add(name)
    return names


def chosen_names(code: Code) -> set[str]:
    """Variables of loops over some of the records, which stand in a variable of their own."""
    return {
        name
        for name, bound in code.bindings.items()
        if all(how == "element" and is_choice(code, value) for how, value in bound)
    }


def is_choice(code: Code, node: ast.expr | None) -> bool:
    """A variable for ``self.filtered(…)`` and nothing else."""
    bound = code.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    value = bound[0][1] if len(bound) == 1 and bound[0][0] == "value" else None
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)):
        return False
    return value.func.attr in ("filtered", "filtered_domain") and is_self(value.func.value)


def reads(code: Code) -> set[str]:
    """Names of fields which the method reads from its records."""
    names = record_names(code)
    found: set[str] = set()
    for node in code.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            parent = code.parent(node)
            called = isinstance(parent, ast.Call) and parent.func is node
            owner = same_records(node.value)
            if not called and isinstance(owner, ast.Name) and owner.id in names:
                found.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in EACH:
            first = node.args[0] if node.args else None
            owner = base_of(node.func.value)
            path = first.value if isinstance(first, ast.Constant) else None
            if isinstance(path, str) and isinstance(owner, ast.Name) and owner.id in names:
                found.add(path.partition(".")[0])
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            owner = same_records(node.value)
            if isinstance(owner, ast.Name) and owner.id in names and code.kind(owner) == RECORDS:
                found.update(_literal(node.slice))
    return {name for name in found - _PLAIN if not name.startswith("_") and not name.isupper()}


def _literal(key: ast.expr) -> Iterator[str]:
    """The field of ``record["name"]``."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value


def part_of(scope: Scope, path: str, klass: str) -> Part | None:
    """The class of a file as the index knows it."""
    for parts in scope.addon.parts.values():
        for part in parts:
            if part.path == path and part.klass.name == klass:
                return part
    return None
