"""The routes of controllers, as their decorators declare them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.facts import DecoratorFact, RouteFact
from odoo_debt_lint.python.constants import constant
from odoo_debt_lint.python.literals import UNKNOWN

if TYPE_CHECKING:
    from odoo_debt_lint.python.skeleton import Skeleton


def route_of(
    skeleton: Skeleton, node: ast.FunctionDef | ast.AsyncFunctionDef, decorators: tuple[DecoratorFact, ...]
) -> RouteFact | None:
    """The route that one of a function's decorators makes of it."""
    for decorator, source in zip(decorators, node.decorator_list, strict=True):
        if decorator.name in ("odoo.http.route", "http.route", "openerp.http.route") or (
            decorator.name == "route" and decorator.called
        ):
            return _route_fact(skeleton, decorator, source)
    return None


def _route_fact(skeleton: Skeleton, decorator: DecoratorFact, source: ast.expr) -> RouteFact:
    words = dict(decorator.kwargs)
    unknown: list[str] = []
    for word in source.keywords if isinstance(source, ast.Call) else ():
        value = constant(skeleton, word.value, skeleton.klass)
        if word.arg and value is not UNKNOWN:
            words[word.arg] = value
        elif isinstance(value, dict):
            words.update(value)
        else:
            unknown += [word.arg] if word.arg else ["auth", "type", "csrf", "cors", "methods"]
    args = source.args if isinstance(source, ast.Call) else []
    given = constant(skeleton, args[0], skeleton.klass) if args else words.get("route")
    paths = (given,) if isinstance(given, str) else tuple(given or ()) if isinstance(given, list) else ()
    named = isinstance(source, ast.Call) and bool(args or any(w.arg == "route" for w in source.keywords))
    methods = words.get("methods")
    return RouteFact(
        span=decorator.span,
        paths=tuple(str(path) for path in paths),
        auth=_text(words.get("auth")),
        type=_text(words.get("type")),
        csrf=words["csrf"] if isinstance(words.get("csrf"), bool) else None,
        cors=_text(words.get("cors")),
        methods=tuple(str(item) for item in methods) if isinstance(methods, list) else None,
        website=words["website"] if isinstance(words.get("website"), bool) else None,
        dynamic=named and not paths,
        unknown=tuple(unknown),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
