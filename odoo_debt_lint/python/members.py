"""Puts the facts of classes, fields and methods together from their ``ast`` statements."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.core.shingles import MIN_LINES, sketch
from odoo_debt_lint.facts import ClassFact, DecoratorFact, FieldFact, MethodFact, ParamFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python import supers
from odoo_debt_lint.python.constants import constant
from odoo_debt_lint.python.literals import UNKNOWN, dotted, literal, resolve
from odoo_debt_lint.python.routes import route_of

if TYPE_CHECKING:
    from odoo_debt_lint.python.skeleton import Skeleton

MODEL_BASES = {"Model": "model", "TransientModel": "transient", "AbstractModel": "abstract"}
_BARE = "BaseModel"
"""What they are made of; reports of Odoo's that are SQL views take it as it is."""
RELATIONAL = {"Many2one", "One2many", "Many2many", "Reference", "Many2oneReference"}
_SPECIAL = {"_name", "_inherit", "_inherits"}


def method(
    skeleton: Skeleton,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    has_super: bool,
    delegates: tuple[str, ...],
) -> MethodFact:
    """The fact of a method or function; ``has_super`` spares the look for what is not there."""
    decorators = tuple(_decorator(skeleton, item) for item in node.decorator_list)
    outcome = supers.outcome(skeleton, node) if has_super else supers.without_super(node)
    return MethodFact(
        name=node.name,
        span=header(skeleton, node),
        end_line=node.end_lineno or node.lineno,
        params=tuple(_params(node.args)),
        decorators=decorators,
        supers=outcome.supers,
        body=outcome.body,
        returns=bool(outcome.result),
        result=outcome.result,
        skips=outcome.skips,
        guard=outcome.guard,
        route=route_of(skeleton, node, decorators),
        delegates=delegates,
    )


def header(skeleton: Skeleton, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
    """The first line of the statement, from its keyword."""
    line = skeleton.text.line(node.lineno)
    start = skeleton.text.column(node.lineno, node.col_offset)
    return Span(node.lineno, start, node.lineno, max(start + 1, len(line.rstrip())))


def _params(arguments: ast.arguments) -> Iterator[ParamFact]:
    positional = [*arguments.posonlyargs, *arguments.args]
    optional = len(positional) - len(arguments.defaults)
    for index, argument in enumerate(positional):
        yield ParamFact(argument.arg, "p", index >= optional)
    if arguments.vararg:
        yield ParamFact(arguments.vararg.arg, "*")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield ParamFact(argument.arg, "k", default is not None)
    if arguments.kwarg:
        yield ParamFact(arguments.kwarg.arg, "**")


def _decorator(skeleton: Skeleton, node: ast.expr) -> DecoratorFact:
    span = skeleton.span(node)
    # the region begins at the @ sign
    span = Span(span.start_line, max(span.start_column - 1, 0), span.end_line, span.end_column)
    if not isinstance(node, ast.Call):
        return DecoratorFact(resolve(dotted(node), skeleton.names), span, called=False)
    args = tuple(_known(literal(item)) for item in node.args)
    kwargs = {word.arg: _known(literal(word.value)) for word in node.keywords if word.arg}
    return DecoratorFact(resolve(dotted(node.func), skeleton.names), span, args, kwargs)


def _known(value: Any) -> Any:
    return None if value is UNKNOWN else value


def klass(skeleton: Skeleton, node: ast.ClassDef, name: str, methods: tuple[MethodFact, ...]) -> ClassFact:
    """The fact of a class statement whose methods have been read; ``name`` is the one to be told by."""
    bases = tuple(resolve(dotted(base), skeleton.names) for base in node.bases)
    named = {name for name, _, _ in _assignments(node)}
    kind = _kind(skeleton, bases, methods, bool(named & {"_name", "_inherit"}))
    special: dict[str, Any] = {}
    attrs: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    fields: list[FieldFact] = []
    unread: list[str] = []
    for item, value, statement in _assignments(node):
        field = _field(skeleton, item, value)
        if field is not None:
            fields.append(field)
            continue
        known = literal(value)
        if item in _SPECIAL:
            special[item] = _named(skeleton, value, special) if known is UNKNOWN else known
        elif known is not UNKNOWN:
            attrs[item] = known
        elif isinstance(value, ast.Call):
            unread.append(item)
        if item.startswith("_"):
            spans[item] = skeleton.span(statement)
    inherit = special.get("_inherit")
    inherit = [inherit] if isinstance(inherit, str) else inherit if isinstance(inherit, list) else []
    parents = tuple(item for item in inherit if isinstance(item, str))
    inherits = special.get("_inherits")
    return ClassFact(
        name=name,
        span=header(skeleton, node),
        end_line=node.end_lineno or node.lineno,
        kind=kind,
        bases=bases,
        model=_model_name(special, parents, kind, node.name),
        named="_name" in special,
        inherit=parents,
        inherits={k: v for k, v in inherits.items() if isinstance(v, str)}
        if isinstance(inherits, dict)
        else {},
        fields=tuple(fields),
        methods=_sketched(skeleton, methods) if kind in MODEL_BASES.values() else methods,
        attrs=attrs,
        attr_spans=spans,
        decorators=tuple(resolve(dotted(item), skeleton.names) for item in node.decorator_list),
        unread=tuple(unread),
    )


def _named(skeleton: Skeleton, value: ast.expr, special: dict[str, Any]) -> Any:
    """The names in ``_inherit = [_name, "mixin"]``, ``_name = _inherit`` and ``_name = MODEL``: those of the
    class and of the module stand for what they are set to."""
    if not isinstance(value, ast.List | ast.Tuple):
        return _name_of(skeleton, value, special)
    names = [_name_of(skeleton, item, special) for item in value.elts]
    return UNKNOWN if any(name is UNKNOWN for name in names) else names


def _name_of(skeleton: Skeleton, node: ast.expr, special: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name) and node.id in _SPECIAL:
        return special.get(node.id, UNKNOWN)
    return constant(skeleton, node)


def _sketched(skeleton: Skeleton, methods: tuple[MethodFact, ...]) -> tuple[MethodFact, ...]:
    """The methods with the fingerprints of the longer ones."""
    lines = skeleton.text.lines
    return tuple(
        replace(item, sketch=sketch("\n".join(lines[item.span.start_line - 1 : item.end_line])))
        if item.end_line - item.span.start_line >= MIN_LINES
        else item
        for item in methods
    )


def _model_name(special: dict[str, Any], parents: tuple[str, ...], kind: str, name: str) -> str:
    """The model a class defines or extends, as Odoo's metaclass decides it; empty when it is no literal."""
    if kind not in ("model", "transient", "abstract", "component"):
        return ""
    if "_name" in special:
        return special["_name"] if isinstance(special["_name"], str) else ""
    if len(parents) == 1:
        return parents[0]
    return "" if parents or "_inherit" in special else name


_MODEL_MODULE = re.compile(r"^(odoo|openerp)\.addons\.\w+\.(models?|wizards?|report)\b")


def _kind(
    skeleton: Skeleton, bases: tuple[str, ...], methods: tuple[MethodFact, ...], model_like: bool
) -> str:
    for base in bases:
        package, _, last = base.rpartition(".")
        if package in ("odoo.models", "models", "openerp.models"):
            if last in MODEL_BASES or (last == _BARE and model_like):
                return MODEL_BASES.get(last, "abstract")
        if last == "Controller":
            return "controller"
        if last in ("Component", "AbstractComponent") or ".component" in base:
            return "component"
        for known in skeleton.classes:
            if known.name == base and known.kind != "other":
                return known.kind
        if last.endswith(("Case", "TestMixin")) or (last.startswith("Test") and methods):
            return "test"
    if any(item.route is not None for item in methods) or any(".controllers" in base for base in bases):
        return "controller"
    # a Python class of another addon's models as base: ``class Users(CheckIdentity): _inherit = ...``
    return "model" if model_like and any(_MODEL_MODULE.match(base) for base in bases) else "other"


def _assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value, statement
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            if isinstance(statement.target, ast.Name):
                yield statement.target.id, statement.value, statement


def _field(skeleton: Skeleton, name: str, value: ast.expr) -> FieldFact | None:
    if not isinstance(value, ast.Call):
        return None
    package, _, kind = resolve(dotted(value.func), skeleton.names).rpartition(".")
    if package not in ("odoo.fields", "fields", "openerp.fields") or not kind[:1].isupper():
        return None
    kwargs: dict[str, Any] = {}
    dynamic: list[str] = []
    for word in value.keywords:
        known = literal(word.value)
        if word.arg is None:
            dynamic.append("**")
        elif known is UNKNOWN:
            dynamic.append(word.arg)
        else:
            kwargs[word.arg] = known
    first = literal(value.args[0]) if value.args else UNKNOWN
    comodel = kwargs.get("comodel_name", first) if kind in RELATIONAL else ""
    if kind == "One2many" and len(value.args) > 1:
        inverse = literal(value.args[1])
        if isinstance(inverse, str):
            kwargs.setdefault("inverse_name", inverse)
    elif kind == "Selection" and first is not UNKNOWN:
        kwargs.setdefault("selection", first)
    elif kind not in RELATIONAL and isinstance(first, str):
        kwargs.setdefault("string", first)
    return FieldFact(
        name=name,
        type=kind,
        span=skeleton.span(value),
        comodel=comodel if isinstance(comodel, str) else "",
        kwargs=kwargs,
        dynamic=tuple(dynamic),
    )
