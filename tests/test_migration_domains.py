"""Domains of ``attrs`` against expressions: both are evaluated here as the web clients do, without the code
that converts them. Up to 16.0 that is ``web/static/src/core/domain.js``, from 17.0 ``core/py_js``."""

from __future__ import annotations

import ast
import operator
import re
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo_debt_lint.migration.expressions import Refusal
from odoo_debt_lint.migration.modifiers import (
    attrs_expressions,
    given_expression,
    merged,
    states_expression,
)

FIELDS = {
    "partner_id": "many2one", "name": "char", "amount": "float", "count": "integer", "active": "boolean",
    "state": "selection", "line_ids": "one2many", "tag_ids": "many2many", "date": "date", "id": "many2one",
    "parent.state": "selection", "parent.partner_id": "many2one", "parent.active": "boolean",
}  # fmt: skip
WORDS = ["draft", "sent", "Ab", "ab cd", "2020-01-31", "it's"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "many2one": st.sampled_from([False, 1, 2, 7]),
    "char": st.sampled_from([False, *WORDS]),
    "selection": st.sampled_from([False, *WORDS]),
    "date": st.sampled_from([False, "2020-01-31", "2021-12-01"]),
    "float": st.sampled_from([0, 1, 0.5, 2, -3.25]),
    "integer": st.integers(-2, 7),
    "boolean": st.booleans(),
    "one2many": st.lists(st.sampled_from([1, 2, 7]), max_size=2, unique=True),
    "many2many": st.lists(st.sampled_from([1, 2, 7]), max_size=2, unique=True),
}


def old_leaf(record: dict[str, Any], condition: Any) -> bool:
    """``matchCondition`` of 16.0."""
    if isinstance(condition, bool):
        return condition
    name, sign, value = condition
    if isinstance(name, int):
        found: Any = name
    else:
        first, _, rest = name.partition(".")
        if rest:
            return old_leaf(record[first], (rest, sign, value))
        found = record[name]
    if sign == "=?" and (value is False or value is None):
        return True
    if sign in ("=", "==", "=?"):
        return strictly(found, value)
    if sign in ("!=", "<>"):
        return not strictly(found, value)
    if sign in ("in", "not in"):
        wanted = value if isinstance(value, list | tuple) else [value]
        held = found if isinstance(found, list) else [found]
        any_held = any(strictly(one, other) for one in held for other in wanted)
        return any_held == (sign == "in")
    if sign in ("<", ">", "<=", ">="):
        return loosely(found, value, sign)
    if found is False:
        return False
    if sign == "like":
        return value in found
    if sign == "ilike":
        return value.lower() in found.lower()
    flags = re.I if sign == "=ilike" else 0
    return re.search(value.replace("%", ".*"), found, flags) is not None


def strictly(one: Any, other: Any) -> bool:
    """``===``, and element by element for two lists."""
    if isinstance(one, list) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(strictly, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other and not isinstance(one, list)


def loosely(one: Any, other: Any, sign: str) -> bool:
    """JavaScript's ``<``: texts as texts, all else as numbers, and what is no number is in no order."""
    order = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}[sign]
    if isinstance(one, str) and isinstance(other, str):
        return bool(order(one, other))
    return bool(order(number(one), number(other)))


def number(value: Any) -> float:
    if isinstance(value, list):
        value = str(value[0]) if len(value) == 1 else "" if not value else "no number"
    try:
        return float(value or 0)
    except ValueError:
        return float("nan")


def old_value(record: dict[str, Any], domain: list[Any]) -> bool:
    """``matchDomain`` of 16.0, with ``&`` put before what has no operator."""
    missing = 1
    for item in domain:
        missing += 1 if item in ("&", "|") else 0 if item == "!" else -1
    stack: list[Any] = []
    for item in reversed(["&"] * -missing + domain):
        if item == "!":
            stack.append(not old_leaf(record, stack.pop()))
        elif item in ("&", "|"):
            both = [old_leaf(record, stack.pop()), old_leaf(record, stack.pop())]
            stack.append(all(both) if item == "&" else any(both))
        else:
            stack.append(item)
    return old_leaf(record, stack.pop())


def new_value(record: dict[str, Any], text: str) -> bool:
    """``evaluateBooleanExpr`` of 17.0."""
    return true(evaluate(ast.parse(text, mode="eval").body, record))


def true(value: Any) -> bool:
    return bool(value)


def evaluate(node: ast.expr, record: dict[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return [evaluate(item, record) for item in node.elts]
    if isinstance(node, ast.Name):
        return record[node.id]
    if isinstance(node, ast.Attribute):
        return evaluate(node.value, record)[node.attr]
    if isinstance(node, ast.UnaryOp):
        value = evaluate(node.operand, record)
        return not true(value) if isinstance(node.op, ast.Not) else -value
    if isinstance(node, ast.BoolOp):
        stop = isinstance(node.op, ast.Or)
        for item in node.values:
            value = evaluate(item, record)
            if true(value) == stop:
                return value
        return value
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Attribute)
        assert node.func.attr == "lower"
        return evaluate(node.func.value, record).lower()
    assert isinstance(node, ast.Compare)
    assert len(node.ops) == 1
    left, right = evaluate(node.left, record), evaluate(node.comparators[0], record)
    return compare(type(node.ops[0]), left, right)


def compare(sign: type[ast.cmpop], left: Any, right: Any) -> bool:
    if sign in (ast.In, ast.NotIn):
        held = right if isinstance(right, list) else list(right) if isinstance(right, str) else []
        found = left in right if isinstance(right, str) else any(strictly(left, item) for item in held)
        return found == (sign is ast.In)
    if sign in (ast.Eq, ast.NotEq):
        return equal(left, right) == (sign is ast.Eq)
    if sign in (ast.GtE, ast.LtE) and equal(left, right):
        return True
    return less(left, right) if sign in (ast.Lt, ast.LtE) else less(right, left)


def equal(left: Any, right: Any) -> bool:
    """Booleans are numbers; two lists are two things."""
    if isinstance(left, str | list) or isinstance(right, str | list):
        return type(left) is type(right) and not isinstance(left, list) and left == right
    return bool(left == right)


def less(left: Any, right: Any) -> bool:
    ranks = [4 if isinstance(value, str) else 5 if isinstance(value, list) else 2 for value in (left, right)]
    return bool(left < right) if ranks[0] == ranks[1] else ranks[0] < ranks[1]


@st.composite
def leaves(draw: st.DrawFn) -> tuple[Any, ...]:
    """Conditions; most compare a field with what its type may hold, some with anything."""
    name = draw(st.sampled_from(sorted(FIELDS)))
    value = VALUES[FIELDS[name]] | st.just(False)
    odd = st.sampled_from([True, False, None, 0, 1, "1", "draft", "", [], [1, 2]])
    sign = draw(st.sampled_from(["=", "==", "!=", "<>", "in", "not in", "<", ">", "<=", ">=", "=?", "like"]))
    sign = draw(st.sampled_from([sign, sign, "ilike", "=like", "=ilike"]))
    if sign in ("in", "not in"):
        value = st.lists(value | st.none(), max_size=3)
    return (name, sign, draw(value | value | odd))


def domains() -> st.SearchStrategy[list[Any]]:
    """Domains in prefix notation, with and without the operators that may be left out."""
    one = (leaves() | st.sampled_from([(1, "=", 1), (0, "=", 1)])).map(lambda leaf: [leaf])
    term = st.recursive(
        one,
        lambda inner: (
            st.tuples(st.sampled_from(["&", "|"]), inner, inner).map(lambda t: [t[0], *t[1], *t[2]])
            | inner.map(lambda item: ["!", *item])
        ),
        max_leaves=5,
    )
    return st.lists(term, min_size=1, max_size=3).map(lambda terms: [*chain(*terms)])


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    record: dict[str, Any] = {"parent": {}}
    for name, kind in FIELDS.items():
        owner = record["parent"] if name.startswith("parent.") else record
        owner[name.rpartition(".")[2]] = draw(VALUES[kind])
    return record


@given(domains(), records())
def test_conversion_evaluates_like_the_domain(domain: list[Any], record: dict[str, Any]) -> None:
    try:
        found = attrs_expressions(repr({"invisible": domain}), lambda name: FIELDS[name])["invisible"]
    except Refusal:
        return
    if found.exact:
        assert new_value(record, found.text) == old_value(record, domain), found.text
    else:
        new_value(record, found.text)


@st.composite
def meant(draw: st.DrawFn) -> tuple[Any, ...]:
    """Conditions as people write them: of the field's own type."""
    name = draw(st.sampled_from(sorted(FIELDS)))
    kind = FIELDS[name]
    if kind in ("one2many", "many2many"):
        return (name, draw(st.sampled_from(["=", "!="])), [])
    if kind in ("float", "integer"):
        return (name, draw(st.sampled_from(["=", "!=", "<", ">", "<=", ">="])), draw(st.integers(-1, 3)))
    if kind == "boolean":
        return (name, draw(st.sampled_from(["=", "!="])), draw(st.booleans()))
    if draw(st.booleans()):
        return (name, draw(st.sampled_from(["in", "not in"])), draw(st.lists(VALUES[kind], max_size=3)))
    return (name, draw(st.sampled_from(["=", "!="])), draw(VALUES[kind]))


@given(meant(), records())
def test_types_are_guessed_from_names_and_values(leaf: tuple[Any, ...], record: dict[str, Any]) -> None:
    found = attrs_expressions(repr({"invisible": [leaf]}))["invisible"]
    assert found.exact
    assert new_value(record, found.text) == old_value(record, [leaf]), found.text


@given(domains())
def test_text_is_python_with_no_more_parentheses_than_it_needs(domain: list[Any]) -> None:
    try:
        text = attrs_expressions(repr({"readonly": domain}))["readonly"].text
    except Refusal:
        return
    tree = ast.dump(ast.parse(text, mode="eval"))
    for start, stop in pairs(text):
        bare = f"{text[:start]} {text[start + 1 : stop]} {text[stop + 1 :]}"
        try:
            assert ast.dump(ast.parse(bare.strip(), mode="eval")) != tree, text
        except SyntaxError:
            continue


def pairs(text: str) -> list[tuple[int, int]]:
    """Where parentheses open and close, outside of quotes."""
    found, opened, quote = [], [], ""
    for place, sign in enumerate(text):
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign
        elif sign == "(":
            opened.append(place)
        elif sign == ")":
            found.append((opened.pop(), place))
    return found


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        ("[('partner_id', '=', False)]", "not partner_id"),
        ("[('partner_id', '!=', False)]", "partner_id"),
        ("[('state', 'not in', ['draft', 'sent'])]", "state not in ('draft', 'sent')"),
        ("[('state', 'in', ['draft'])]", "state == 'draft'"),
        ("[('state', 'in', 'draft')]", "state == 'draft'"),
        ("[('a', '=', 'x'), ('b', '=', True)]", "a == 'x' and b"),
        ("['|', ('a', '=', 'x'), '&', ('b', '=', True), ('c', '>', 0)]", "a == 'x' or b and c > 0"),
        ("['|', ('a', '=', 'x'), ('b', '=', True), ('c', '>', 0)]", "(a == 'x' or b) and c > 0"),
        ("['!', '|', ('a', '=', 'x'), ('b', '=', True)]", "not (a == 'x' or b)"),
        ("['!', ('a', '=', 'x')]", "a != 'x'"),
        ("['!', ('a', '>', 5)]", "not a > 5"),
        ("[('line_ids', '=', [])]", "not line_ids"),
        ("[('tag_ids', 'in', [3, 4])]", "3 in tag_ids or 4 in tag_ids"),
        ("[('parent.state', '=', 'done')]", "parent.state == 'done'"),
        ("[('type_id', '=', %(base.main_type)d)]", "type_id == %(base.main_type)d"),
        ("[('groups_id', 'not in', [%(g)d])]", "%(g)d not in groups_id"),
        ("\"[('user_id', '!=', uid)]\"", "user_id != uid"),
        ("[('date', '<', '2020-01-01')]", "date and date < '2020-01-01'"),
        ("[('name', 'ilike', 'ABC')]", "name and 'abc' in name.lower()"),
        ("[('name', '=', \"it's\")]", 'name == "it\'s"'),
        ("[('count', '>=', '2')]", "count >= 2"),
        ("[(1, '=', 1)]", "True"),
        ("['|', (1, '=', 1), ('a', '=', 2)]", "True"),
        ("[]", "False"),
        ("1", "True"),
        ("False", "False"),
    ],
)
def test_conversion_reads_well(domain: str, text: str) -> None:
    assert attrs_expressions(f"{{'invisible': {domain}}}")["invisible"].text == text


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("[('a', 'child_of', 1)]", "no operator"),
        ("[('a', 'IN', [1])]", "no operator"),
        ("[('partner_id.name', '=', 'x')]", "no field of the record"),
        ("['|', ('a', '=', 1)]", "not complete"),
        ("[('line_ids', '=', [1, 2])]", "cannot be compared"),
        ("[('line_ids', '<', 2)]", "cannot be compared"),
        ("[('name', '=like', 'a.b')]", "regular expression"),
        ("[('name', '=', 'a\\\\b')]", "escaped"),
        (f"[('count', '=', 1{'0' * 5000})]", "no Python literal|too large"),
        (f"[('count', '=', {2**53})]", "too large"),
        ("[('a', '=')]", "no part of a domain"),
        ("context", "neither a domain nor a constant"),
    ],
)
def test_refusal_says_why(domain: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        attrs_expressions(f"{{'invisible': {domain}}}")


@pytest.mark.parametrize("text", ["[('a', '=', 1)]", "{'invisible': [('a', '=', 1)]", "{'optional': 1}", ""])
def test_attrs_that_are_none(text: str) -> None:
    with pytest.raises(Refusal):
        attrs_expressions(text)


def test_doubts_are_told() -> None:
    types = {"amount": "float", "line_ids": "one2many", "active": "boolean"}.__getitem__
    for leaf in ("('amount', '=', False)", "('line_ids', '!=', False)", "('active', '=', 1)"):
        assert not attrs_expressions(f"{{'invisible': [{leaf}]}}", types)["invisible"].exact
    assert not attrs_expressions("{'invisible': [('user_id', '=', uid)]}")["invisible"].exact


def test_states() -> None:
    assert states_expression("draft").text == "state != 'draft'"
    assert states_expression("draft,sent").text == "state not in ('draft', 'sent')"
    assert not states_expression("draft, sent").exact
    with pytest.raises(Refusal):
        states_expression("draft')")


@pytest.mark.parametrize(
    ("attributes", "in_list", "expected"),
    [
        # the server joined states to attrs by "and", and an attribute that is true won
        ({"attrs": "{'invisible': [('a', '=', 'x')]}", "states": "draft"}, False,
         {"invisible": "a == 'x' and state != 'draft'"}),
        ({"attrs": "{'invisible': 1}", "states": "draft"}, False, {"invisible": "state != 'draft'"}),
        ({"attrs": "{'invisible': [('a', '=', 'x')]}", "invisible": "0"}, False, {"invisible": "a == 'x'"}),
        ({"attrs": "{'invisible': [('a', '=', 'x')]}", "invisible": "1"}, False, {"invisible": "True"}),
        ({"states": "draft", "invisible": "context.get('x')"}, False,
         {"invisible": "context.get('x') or state != 'draft'"}),
        ({"attrs": "{'invisible': [('a', '=', 'x')]}", "invisible": "1"}, True,
         {"invisible": "a == 'x'", "column_invisible": "True"}),
        ({"attrs": "{'column_invisible': [('parent.a', '=', 'x')], 'required': [(1, '=', 1)]}"}, True,
         {"column_invisible": "parent.a == 'x'", "required": "True"}),
        ({"attrs": "{'readonly': [('a', '=', 'x')]}", "readonly": "a if b else c"}, False,
         {"readonly": "(a if b else c) or a == 'x'"}),
    ],
)  # fmt: skip
def test_modifiers_of_a_node(attributes: dict[str, str], in_list: bool, expected: dict[str, str]) -> None:
    assert {name: found.text for name, found in merged(attributes, in_list).items()} == expected


def test_given_expression_that_is_none() -> None:
    with pytest.raises(Refusal):
        given_expression("a =")
