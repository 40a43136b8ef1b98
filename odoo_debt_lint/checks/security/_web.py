"""What the rules about requests share: arguments of calls, where a text begins, guards, routes of marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._reach import find_handler, handler_names, handlers
from odoo_debt_lint.checks.security._routes import effective_route
from odoo_debt_lint.facts import MarkFact, RouteFact
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.knowledge import RECORD_CALLS
from odoo_debt_lint.python.flow.places import local_name
from odoo_debt_lint.python.flow.values import HOLE, Level, Value
from odoo_debt_lint.rule import Mark

if TYPE_CHECKING:
    from odoo_debt_lint.index import Scope
    from odoo_debt_lint.python.bodies import Body

_MAX_HOPS = 6
_LOGIN = frozenset({"user", "bearer"})
_PATH = re.compile(rf"(/(?!/)|[\w.-]+[/?])[^{HOLE}]*")


def argument(call: Any, index: int, *names: str) -> Any:
    """The node of an argument by keyword, else by position; None when it is not there."""
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in names:
            return arg.value
    if index < 0:
        return None
    plain = [arg for arg in call.args if arg.keyword is None]
    if len(plain) <= index or any(arg.star for arg in plain[: index + 1]):
        return None
    return plain[index].value


def word(call: Any, name: str) -> str:
    """A keyword argument that is a plain name or literal, as source text; empty when there is none."""
    node = argument(call, -1, name)
    return str(node.value) if isinstance(node, cst.Name | cst.Integer | cst.SimpleString) else ""


def matches(symbol: str, names: frozenset[str]) -> bool:
    """Whether a dotted name is one of ``names``, each given as far as it matters (``os.system``)."""
    return symbol in names or any(symbol.endswith("." + name) for name in names if "." in name)


def assignments(body: Body, name: str, before: Any) -> list[Any]:
    """What a name was set to before a node, in the order of the text; empty for a parameter."""
    found: list[Any] = []
    for node in body.nodes:
        if node is before:
            break
        kind = node.__class__
        if kind is cst.Assign:
            if any(local_name(target.target) == name for target in node.targets):
                found.append(node.value)
        elif kind is cst.AnnAssign or kind is cst.NamedExpr:
            if local_name(node.target) == name and node.value is not None:
                found.append(node.value)
        elif kind is cst.WithItem and node.asname is not None:
            if local_name(node.asname.name) == name:
                found.append(node.item)
    # in `name = name or []` the second one is what the name was before
    while found and _holds(found[-1], before):
        found.pop()
    return found


def _holds(node: Any, inner: Any) -> bool:
    from odoo_debt_lint.python.walk import walk

    return any(item is inner for item in walk(node))


def resolved(body: Body, node: Any) -> Any:
    """The expression a name stands for; of several the last that can be as bad as the name is."""
    for _ in range(_MAX_HOPS):
        name = local_name(node)
        found = assignments(body, name, node) if name else []
        if not found:
            return node
        level = body.flow.value(node).level
        worst = [item for item in found if body.flow.value(item).level >= level]
        node = (worst or found)[-1]
    return node


def broken_lines(body: Body, node: Any) -> str:
    """The source of ``text`` in ``text.replace("\\n", "<br/>")``; nothing where no lines are broken."""
    made = resolved(body, node)
    while isinstance(made, cst.Call) and isinstance(made.func, cst.Attribute):
        texts = [body.flow.value(arg.value).text or "" for arg in made.args] or [""]
        if made.func.attr.value == "replace" and texts[0].endswith("\n") and texts[-1].startswith("<br"):
            return body.code(resolved(body, made.func.value))
        made = made.func.value
    return ""


def is_answer(value: Value) -> bool:
    """Whether some method returned it, as likely a dict: ``answer = record._values()``."""
    last = value.symbol.rpartition(".")[2]
    return not value.model and last.endswith("()") and last[:-2] not in RECORD_CALLS


def leading(body: Body, node: Any, hops: int = 0) -> Value:
    """The value with which a text begins: what follows it cannot change host or scheme."""
    node = resolved(body, node)
    inner: Any = None
    if hops > _MAX_HOPS:
        return body.flow.value(node)
    if isinstance(node, cst.BinaryOperation):
        inner = node.left
        whole = body.flow.value(inner)
        if whole.text and whole.level is Level.CONST and isinstance(node.operator, cst.Add):
            return whole
        filled = body.flow.value(node).text if isinstance(node.operator, cst.Modulo) else None
        if filled and filled.lstrip()[:1] not in ("", HOLE):
            return Value(text=filled)
        if isinstance(node.operator, cst.Modulo) and _begins_with_hole(body, inner):
            inner = node.right.elements[0].value if isinstance(node.right, cst.Tuple) else node.right
    elif isinstance(node, cst.FormattedString) and node.parts:
        first: Any = node.parts[0]
        if isinstance(first, cst.FormattedStringText):
            return Value(text=first.value)
        start = leading(body, first.expression, hops + 1)
        then: Any = node.parts[1] if len(node.parts) > 1 else None
        if start.text and start.level is Level.CONST and isinstance(then, cst.FormattedStringText):
            return Value(text=start.text + then.value)
        return start
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value in ("strip", "rstrip", "lstrip", "lower", "replace"):
            inner = node.func.value
        elif node.func.attr.value == "format" and node.args:
            if _begins_with_hole(body, node.func.value):
                return _formatted(body, node, hops)
            inner = node.func.value
    if isinstance(node, cst.Call) and node.args and body.last_name(node) in ("urljoin", "url_join"):
        return _joined(body, node, hops)
    return leading(body, inner, hops + 1) if inner is not None else body.flow.value(node)


def _formatted(body: Body, call: Any, hops: int) -> Value:
    """What ``"{}/items".format(base)`` begins with."""
    name, _, rest = str(body.flow.value(call.func.value).text).lstrip()[1:].partition("}")
    index = int(name) if name.isdigit() else 0
    start = leading(body, argument(call, index, name) or call.args[0].value, hops + 1)
    if start.text and start.level is Level.CONST:
        return Value(text=start.text + rest.partition("{")[0])
    return start


def _joined(body: Body, call: Any, hops: int) -> Value:
    """What ``urljoin(base, path)`` begins with: the base, unless the path may be a whole URL."""
    last = leading(body, call.args[-1].value, hops + 1)
    path = last.text is not None and bool(_PATH.match(last.text))
    if last.level >= Level.ARGUMENT and not path:
        return last
    base = leading(body, call.args[0].value, hops + 1)
    return Value(text=f"{base.text}/") if base.text and base.level is Level.CONST else base


def _begins_with_hole(body: Body, node: Any) -> bool:
    text = body.flow.value(resolved(body, node)).text
    return text is not None and text.lstrip()[:1] in ("%", "{", HOLE)


def mentions(body: Body, node: Any, level: Level) -> bool:
    """Whether something inside an expression, names followed, has at least this level."""
    from odoo_debt_lint.python.walk import walk

    for _ in range(_MAX_HOPS):
        if any(body.flow.value(item).level >= level for item in walk(node) if _is_expression(item)):
            return True
        inner = node
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            inner = node.func.value
        following = resolved(body, inner)
        if following is node:
            return False
        node = following
    return False


def _is_expression(node: Any) -> bool:
    return isinstance(node, cst.BaseExpression)


def tested(body: Body, node: Any, pattern: re.Pattern[str]) -> bool:
    """Whether a test before or around ``node`` has text of this pattern, and a name of ``node`` in it."""
    origin = resolved(body, node)
    names = _variables(node) | _variables(origin)
    names -= {"request", "self", "kw", "kwargs", "post", "str", "os", "http"}
    for kind in (cst.If, cst.IfExp, cst.Assert, cst.While):
        for item in body.by_kind[kind]:
            text = body.code(item.test)
            if pattern.search(text) and (body.code(node) in text or body.code(origin) in text):
                return True
            if pattern.search(text) and any(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
                return True
    return False


def _variables(node: Any) -> set[str]:
    """The variables in an expression and the keys that it takes: ``url`` of ``post.get("url")``; ``get`` is
    none of them, and in half of all tests."""
    from odoo_debt_lint.python.walk import walk

    found = list(walk(node))
    methods = {id(item.func.attr) for item in found if _is_method(item)}
    names = {item.value for item in found if isinstance(item, cst.Name) and id(item) not in methods}
    taken = (item.args[0].value for item in found if _is_method(item) and item.args)
    return names | {item.value.strip("'\"") for item in taken if isinstance(item, cst.SimpleString)}


def _is_method(node: Any) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)


def handler_mark(body: Body, where: Any, value: Value | None = None, **data: Any) -> Mark | None:
    """A mark for code that a handler of the file reaches; None for other code."""
    found = handlers(body)
    if not found:
        return None
    flow = (lambda: body.flow_locations(value)) if value is not None else ()
    return Mark(where, {"handlers": handler_names(found), **data}, flow=flow)


def handler_marks(scope: Scope, rule: str) -> Iterator[tuple[str, MarkFact, list[RouteFact]]]:
    """The marks of a rule with the effective routes that lead to each."""
    for path, mark in scope.marks(rule):
        routes = (route_of(scope, path, *names) for names in mark.data.get("handlers", ()))
        found = [route for route in routes if route is not None]
        if found:
            yield path, mark, found


def route_of(scope: Scope, path: str, klass: str, name: str) -> RouteFact | None:
    """What a method of the addon handles; None for one that is no handler."""
    handler = find_handler(scope, path, [klass, name])
    return effective_route(scope, *handler) if handler is not None else None


def without_login(found: list[RouteFact]) -> bool:
    """Whether one of the routes is known to need no login."""
    return any(route.auth in ("public", "none") for route in found)


def auth_known(found: list[RouteFact]) -> bool:
    """Whether the auth of all the routes is known."""
    return all(route.auth is not None for route in found)


def audience(found: list[RouteFact]) -> str:
    """Who can call it, in words."""
    if without_login(found):
        return "any visitor"
    return "any user" if all(route.auth in _LOGIN for route in found) else "a caller"
