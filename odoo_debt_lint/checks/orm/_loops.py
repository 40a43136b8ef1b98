"""Whether a call runs once per record, and which loops a senior developer would wave away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm._turns import FOR, goes_on, is_other, targets
from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.code import Code, is_constant
from odoo_debt_lint.python.trees import nodes_of

FEW = 3
"""A loop over that many written-out items is shorter than what would replace it."""
_STEPS = 3
_BATCHES = re.compile(r"(^|_)(split_every|split_for_in_conditions|batch(es|ed)?|chunk(s|ed|ify)?)(_|$)")
_FEW_RECORDS = re.compile(r"compan(y|ies)\b|\blang(s|uages?)?\b|website|\bdatabases?\b|\bdbs?\b", re.I)
_GOING_OVER = frozenset({"mapped", "filtered", "sorted"})
_FILLING = frozenset({"append", "add", "insert", "extend", "update"})


def confidence(code: Code, call: ast.Call) -> Confidence | None:
    """How sure it is that the call runs many times for nothing; None where it does not."""
    if _remembered(code, call):
        return None
    loops = [loop for loop in code.loops(call) if not is_other(code, call, loop) and not goes_on(call, loop)]
    if loops and isinstance(loops[0], ast.While) and _judge(code, loops[0], call) is None:
        return None
    found = [_judge(code, loop, call) for loop in loops]
    return max((item for item in found if item is not None), default=None)


def _judge(code: Code, loop: ast.AST, call: ast.Call) -> Confidence | None:
    if isinstance(loop, ast.While):
        if counts(loop):
            return None if any(word.arg == "offset" for word in call.keywords) else Confidence.MEDIUM
        limited = any(word.arg in ("limit", "offset") for word in call.keywords)
        in_test = any(node is call for node in nodes_of(loop.test))
        return None if limited or in_test else Confidence.LOW
    iterated = iterated_by(code, loop)
    if iterated is None:
        return Confidence.HIGH
    if _is_batches(iterated) or _names_batches(code, iterated):
        return None
    if isinstance(iterated, ast.Tuple | ast.List | ast.Set) or _is_short_range(iterated):
        few = len(getattr(iterated, "elts", ())) <= FEW
        return None if few or _is_short_range(iterated) else Confidence.LOW
    if isinstance(iterated, ast.Name) and _is_constant_name(code, iterated.id):
        return Confidence.LOW
    if isinstance(loop, FOR):
        ends = _ends_with_hit(code, loop, call)
        if ends is not None:
            return Confidence.LOW if ends else None
    if _is_wizard(code) and isinstance(iterated, ast.Name) and iterated.id == "self":
        return Confidence.LOW
    return Confidence.LOW if _FEW_RECORDS.search(_chain(iterated)) else Confidence.HIGH


def given(call: ast.Call) -> ast.Attribute | None:
    """The method that is given by its name to what calls it for each: ``lines.mapped(self._price)``."""
    function = call.func
    over = isinstance(function, ast.Attribute) and function.attr in _GOING_OVER
    mapping = isinstance(function, ast.Name) and function.id == "map" and len(call.args) > 1
    if not over and not mapping:
        return None
    keys = [word.value for word in call.keywords if word.arg == "key"]
    named = [*call.args[:1], *keys]
    return next((item for item in named if isinstance(item, ast.Attribute)), None)


def over(call: ast.Call) -> Confidence:
    """How sure it is that what such a call goes over are many."""
    function = call.func
    iterated = function.value if isinstance(function, ast.Attribute) else call.args[1]
    return Confidence.LOW if _FEW_RECORDS.search(_chain(iterated)) else Confidence.MEDIUM


def counts(loop: ast.While) -> bool:
    """``while index < len(lines): …; index += 1``: a loop over items in other words, no attempts."""
    if not isinstance(loop.test, ast.Compare) or isinstance(loop.test.comparators[0], ast.Constant):
        return False
    if any(isinstance(node, ast.Break | ast.Return) for node in nodes_of(loop)):
        return False
    tested = {node.id for node in nodes_of(loop.test) if isinstance(node, ast.Name)}
    return any(
        isinstance(node, ast.AugAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id in tested
        and isinstance(node.value, ast.Constant)
        and node.value.value == 1
        for node in loop.body
    )


def _chain(node: ast.expr) -> str:
    """The text of an expression without the arguments of its calls, but for the field that is mapped: what a
    domain holds is not what is gone over."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        first = node.args[0] if node.args and node.func.attr == "mapped" else None
        return f"{_chain(node.func)}({ast.unparse(first) if first is not None else ''})"
    if isinstance(node, ast.Attribute):
        return f"{_chain(node.value)}.{node.attr}"
    return ast.unparse(node)


def _is_wizard(code: Code) -> bool:
    """A wizard is one record, whatever the loop over ``self`` says."""
    return code.fact is not None and code.fact.kind == "transient"


def iterated_by(code: Code, loop: ast.AST) -> ast.expr | None:
    """What the loop goes over."""
    if isinstance(loop, FOR):
        return loop.iter
    if isinstance(loop, ast.Lambda):
        return code.caller(loop)
    generators = getattr(loop, "generators", None)
    return generators[0].iter if generators else None


def _is_constant_name(code: Code, name: str) -> bool:
    bound = code.bindings.get(name)
    if bound:
        written = all(how == "value" and value is not None and is_constant(value) for how, value in bound)
        return written and not _is_filled(code, name)
    values = code.file.skeleton.values.get(("", name))
    return bool(values) and all(is_constant(value) or isinstance(value, ast.Dict) for value in values or ())


def _is_filled(code: Code, name: str) -> bool:
    """Whether a list that begins with what is written gets more in a loop, or all of another one."""
    for call in code.nodes:
        function = call.func if isinstance(call, ast.Call) else None
        if not isinstance(function, ast.Attribute) or function.attr not in _FILLING:
            continue
        if isinstance(function.value, ast.Name) and function.value.id == name:
            if function.attr in ("extend", "update") or any(code.loops(call)):
                return True
    return False


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def _is_batches(node: ast.expr) -> bool:
    """``range(0, len(ids), 100)``, ``split_every(100, ids)``: each turn is for many records."""
    if isinstance(node, ast.Call) and _BATCHES.search(dotted_end(node)):
        return True
    if not _is_range(node) or len(getattr(node, "args", ())) < _STEPS:
        return False
    step = node.args[2]  # type: ignore[attr-defined]
    return not (isinstance(step, ast.Constant | ast.UnaryOp) and ast.unparse(step) in ("1", "-1", "2"))


def _names_batches(code: Code, node: ast.expr) -> bool:
    """A variable for ``[ids[i : i + 100] for i in range(0, len(ids), 100)]`` or another call that cuts."""
    bound = code.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    value = bound[0][1] if len(bound) == 1 and bound[0][0] == "value" else None
    if isinstance(value, ast.ListComp | ast.GeneratorExp):
        return _is_batches(value.generators[0].iter) and isinstance(value.elt, ast.Subscript | ast.Call)
    return value is not None and _is_batches(value)


def _is_short_range(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Call) and _is_range(node)):
        return False
    return all(
        isinstance(item, ast.Constant) and isinstance(item.value, int) and item.value <= 10
        for item in node.args
    )


def _ends_with_hit(code: Code, loop: ast.AST, call: ast.Call) -> bool | None:
    """False: the loop always ends after the call; True: it ends when the call finds something."""
    for parent, child in code.above(call):
        block = next((items for items in _blocks(parent) if child in items), None)
        if block is not None:
            rest = block[block.index(child) :]
            if any(isinstance(item, ast.Return | ast.Break) for item in rest):
                return False
            if any(isinstance(item, ast.If) and _leaves(item.body) for item in rest[:2]):
                return True
        if parent is loop:
            return None
    return None


def _blocks(node: ast.AST) -> Iterator[list[ast.AST]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _leaves(block: list[ast.stmt]) -> bool:
    return isinstance(block[-1], ast.Return | ast.Break)


def _remembered(code: Code, call: ast.Call) -> bool:
    """Whether the result is kept in a table, so that each key is looked up once."""
    loops = list(code.loops(call))
    outermost = loops[-1] if loops else None
    for parent, child in code.above(call):
        if isinstance(parent, ast.If | ast.IfExp) and child is not parent.test:
            if _is_miss(parent, {name for loop in loops for name in targets(loop)}):
                return True
            if _is_empty_place(code, parent, call):
                return True
        if isinstance(parent, ast.ExceptHandler) and parent.type is not None:
            if "KeyError" in ast.unparse(parent.type):
                return True
        if isinstance(parent, ast.BoolOp) and any(
            isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "get"
            for item in parent.values
        ):
            return True
        if parent is outermost:
            return False
    return False


def _is_miss(node: ast.If | ast.IfExp, records: set[str]) -> bool:
    """``if key not in known: known[key] = …``, where ``known`` is not what the loop goes over."""
    test = node.test
    tables = {_table(item) for item in (test.values if isinstance(test, ast.BoolOp) else [test])}
    tables -= {"", *records}
    if isinstance(node, ast.IfExp):
        return bool(tables)
    return not tables.isdisjoint(name for name, _ in _stored(node))


def _is_empty_place(code: Code, node: ast.If | ast.IfExp, call: ast.Call) -> bool:
    """``found = known.get(key)``, and then ``if not found: known[key] = …`` with a query for that key."""
    test = node.test
    name = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
        name = test.left
    for _, value in code.bindings.get(name.id, ()) if isinstance(name, ast.Name) else ():
        table = _table(value) if value is not None else ""
        key = ast.dump(value.args[0]) if table and isinstance(value, ast.Call) and value.args else ""
        if key and (table, key) in _stored(node) and any(ast.dump(item) == key for item in nodes_of(call)):
            return True
    return False


def _stored(node: ast.If | ast.IfExp) -> set[tuple[str, str]]:
    """Names of tables and the keys for which a branch puts something in."""
    branches = [*node.body, *node.orelse] if isinstance(node, ast.If) else []
    return {
        (inner.value.id, ast.dump(inner.slice))
        for statement in branches
        for inner in nodes_of(statement)
        if isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Store)
        if isinstance(inner.value, ast.Name)
    }


def _table(test: ast.expr) -> str:
    """The name of the table that is asked for a key."""
    asked: ast.expr | None = None
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn | ast.In):
        asked = test.comparators[0]
    operand = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
    if (
        isinstance(operand, ast.Call)
        and isinstance(operand.func, ast.Attribute)
        and operand.func.attr == "get"
    ):
        asked = operand.func.value
    return asked.id if isinstance(asked, ast.Name) else ""


def dotted_end(call: ast.Call) -> str:
    """Last name of what is called."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
