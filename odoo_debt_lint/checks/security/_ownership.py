"""Whether code looks whose a record is before it uses it with superuser rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._elsewhere import checks_of_others
from odoo_debt_lint.checks.security._verify import own_helper, verifies, waived
from odoo_debt_lint.checks.security._web import resolved
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.calls import SELECTING
from odoo_debt_lint.python.flow.places import local_name
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

OWNER = re.compile(
    r"env\.user|env\.uid|request\.uid|user\.partner|\bsession\b|partner_id\s*[!=]=|user_id\s*[!=]=|"
    r"partner_id\.id\s*[!=]=|[!=]=\s*partner\b|has_group|_is_(admin|system|internal|portal)|website\.user|"
    r"(?<![a-z])is_(\w+_)?(admin|manager|owner)\w*\(|current_user|commercial_partner|\b(website_|is_)?published\b|\bcan_(access|read|write|edit|publish|manage)\w*"
)
"""Speaks of the user, of what is theirs, or of what everybody may see."""
_LOGGED_IN = re.compile(r"[\w.]+\._is_public\(\)|request\.session\.uid\b(?!\s*[!=]=)")
"""Asks whether somebody has logged in, not who."""
_OF_USER = re.compile(r"(self|request)\.env\.(user|uid)\b[\w.()]*$|request\.uid$")
_BY_USER = re.compile(r"\.(search|search_read|_search)\(.*(\benv\.(user|uid)\b|\brequest\.uid\b)", re.S)
"""What belongs to the user, and what a search has found by the user."""
_MAY = re.compile(r"has_group|_is_(admin|system|internal)\b|[!=]=|\bin\b")
"""An answer that speaks of the user tells what they may, not only that somebody has logged in."""
_UNGUESSED = re.compile(r"(^|_)[gu]uid$")
"""Fields whose value nobody guesses: ``if uuid != account.uuid: raise NotFound()``."""
_BROWSED = re.compile(r"browse\(\)(\.exists\(\))?(\.ids?)?$")
_GUARD = re.compile(r"^_?(check|ensure|verify|assert|validate)_")
_NO_NAMES = frozenset("request self cls int str list kw kwargs post params data env http order".split())
_TESTS = ("If", "IfExp", "Assert", "While")


def looks_who_asks(body: Body, call: Any) -> bool:
    """Whether a function asks for a signature, a token or the owner, or is itself made to check."""
    route = body.method is not None and body.method.route is not None
    skipped = checks_of_others(call, body, chosen_names(call, body))
    if (_GUARD.match(body.unit.name) and not route) or verifies(body, 0, skipped | waived(body, call)):
        return True
    if _asks(body, skipped):
        return True
    return any(_refuses(node, body) for node in body.by_kind[cst.Call] if id(node) not in skipped)


def _asks(body: Body, skipped: frozenset[int] = frozenset()) -> bool:
    """Whether a test of the function speaks of the user."""
    for node in body.nodes:
        if id(node) in skipped:
            continue
        test = node if isinstance(node, cst.Comparison) else _test(node)
        if test is not None and OWNER.search(_LOGGED_IN.sub("", _text(test, body))):
            return True
    return False


def _refuses(call: Any, body: Body) -> bool:
    """Whether a helper of the file is called which raises when the wrong user asks."""
    helper = own_helper(body, body.callee(call))
    return helper is not None and bool(helper.by_kind[cst.Raise]) and _asks(helper)


def _test(node: Any) -> Any:
    return node.test if type(node).__name__ in _TESTS else None


def _text(test: Any, body: Body) -> str:
    """The source of a test; of a variable alone, or one that is compared, what it was set to."""
    inner = test.expression if isinstance(test, cst.UnaryOperation) else test
    if isinstance(inner, cst.Comparison) and len(inner.comparisons) == 1:
        sides = [inner.left, inner.comparisons[0].comparator]
        return " ".join((body.code(test), *(_set_to(side, body) for side in sides)))
    text = body.code(resolved(body, inner) if isinstance(inner, cst.Name) else test)
    return " ".join((text, *(_permission(asked, body) for asked in _operands(test))))


def _operands(test: Any) -> Iterator[Any]:
    """What is asked for its truth: ``self.may_read()`` in ``not self.may_read() or other``."""
    if isinstance(test, cst.BooleanOperation):
        yield from _operands(test.left)
        yield from _operands(test.right)
    elif isinstance(test, cst.UnaryOperation):
        yield from _operands(test.expression)
    else:
        yield test


def _permission(node: Any, body: Body) -> str:
    """What a helper of the file returns which looks whether the user may: ``return user.has_group(...)``."""
    answer = _answer(resolved(body, node) if isinstance(node, cst.Name) else node, body)
    return answer if _MAY.search(answer) else ""


def _set_to(node: Any, body: Body) -> str:
    """What a variable that is the user's was set to: ``partner_id = request.env.user.partner_id.id``, the
    employee that is searched by the user, or what a helper says that returns one of these."""
    if not isinstance(node, cst.Name):
        return ""
    found = resolved(body, node)
    texts = (body.code(found), _answer(found, body))
    return next((text for text in texts if _OF_USER.match(text) or _BY_USER.search(text)), "")


def _answer(node: Any, body: Body) -> str:
    """What a helper of the file returns that is called without a value of the request."""
    if not isinstance(node, cst.Call) or node.args:
        return ""
    helper = own_helper(body, body.callee(node))
    if helper is None:
        return ""
    found = (item.value for item in helper.by_kind[cst.Return] if item.value is not None)
    return " ".join(helper.code(resolved(helper, value)) for value in found)


def is_theirs(call: Any, body: Body) -> bool:
    """Whether it is known, by the time of a call, that the visitor may have the record which it selects."""
    kept, chosen = _kept(call, body), _names(call, body)
    return (
        _only_exists(call, body)
        or _compared(kept, body, waived(body, call))
        or _is_member(call, kept | chosen, body)
        or _guarded(kept | chosen, body)
        or _searched(call, kept, chosen, body)
        or _read_before(call, body)
        or _handed_with_user(call, body)
    )


def chosen_names(call: Any, body: Body) -> set[str]:
    """The variables which take the record that a call selects, and those which choose it."""
    return _kept(call, body) | _names(call, body)


def tests_of(body: Body) -> Iterator[Any]:
    """The conditions of a function."""
    return (test for node in body.nodes if (test := _test(node)) is not None)


def _kept(call: Any, body: Body) -> set[str]:
    """The variables which take the record."""
    return {
        local_name(target.target)
        for node in body.nodes
        if isinstance(node, cst.Assign) and any(item is call for item in walk(node.value))
        for target in node.targets
    } - {""}


def _names(call: Any, body: Body) -> set[str]:
    """The variables which choose it."""
    nodes = [call.func.value] if call.func.attr.value == "sudo" else [arg.value for arg in call.args]
    found = {
        item.value for node in nodes for item in walk(resolved(body, node)) if isinstance(item, cst.Name)
    }
    return {name for name in found - _NO_NAMES if body.flow.env.get(name) is not None}


def _only_exists(call: Any, body: Body) -> bool:
    """``if env["sale.order"].sudo().browse(order_id).exists():``, and the record is not kept."""
    asked = [
        item
        for item in body.nodes
        if isinstance(item, cst.Call)
        and isinstance(item.func, cst.Attribute)
        and item.func.attr.value == "exists"
        and item.func.value is call
    ]
    return bool(asked) and any(
        _stands(asked[0], test) for node in body.nodes if (test := _test(node)) is not None
    )


def _stands(node: Any, test: Any) -> bool:
    """Whether a test asks for the truth of a node and nothing else of it."""
    if isinstance(test, cst.BooleanOperation):
        return _stands(node, test.left) or _stands(node, test.right)
    return test is node or (isinstance(test, cst.UnaryOperation) and _stands(node, test.expression))


def _compared(names: set[str], body: Body, skipped: frozenset[int]) -> bool:
    """Whether a field of the record is compared with something that is no request value: with its owner."""
    for left, right, operator in _comparisons(body):
        if id(left) in skipped:
            continue
        for side, other in ((left, right), (right, left)):
            if not isinstance(side, cst.Attribute) or local_name(side).partition(".")[0] not in names:
                continue
            if isinstance(other, cst.Attribute) and not _is_chosen(other, body):
                return True
            if isinstance(operator, cst.In | cst.NotIn) and _is_found(other, side, body):
                return True
            if isinstance(operator, cst.Equal | cst.NotEqual) and _UNGUESSED.search(side.attr.value):
                return True
    return False


def _is_chosen(node: Any, body: Body) -> bool:
    """Whether the request says what it is: ``user = env["res.users"].browse(user_id)``, then ``user.id``."""
    value = body.flow.value(node)
    return value.level >= Level.USER or (
        value.source >= Level.USER and _BROWSED.search(value.symbol) is not None
    )


def _is_found(node: Any, field: Any, body: Body) -> bool:
    """``record.club_id not in clubs``, ``user in record.member_ids``: something that code has found, here or
    in a function that it asks for ids: ``record.company_id.id in own_companies()``."""
    value = body.flow.value(node)
    found = value.level > Level.CLEAN or OWNER.search(value.symbol) is not None
    asked = isinstance(node, cst.Call) and field.attr.value in ("id", "ids")
    return (isinstance(node, cst.Name) or asked) and found and value.source < Level.USER


def _comparisons(body: Body) -> Iterator[tuple[Any, Any, Any]]:
    for node in body.nodes:
        if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
            yield node.left, node.comparisons[0].comparator, node.comparisons[0].operator


def _is_member(call: Any, names: set[str], body: Body) -> bool:
    """``if order_id in allowed_ids``: one of those which somebody else has put together."""
    sources = {body.code(resolved(body, arg.value)) for arg in call.args}
    for left, right, operator in _comparisons(body):
        if not isinstance(operator, cst.In | cst.NotIn):
            continue
        if (isinstance(left, cst.Name) and left.value in names) or body.code(left) in sources:
            value = body.flow.value(right)
            if value.level > Level.CLEAN and value.source < Level.USER:
                return True
    return False


def _guarded(names: set[str], body: Body) -> bool:
    """``self._check_location(location_id)``: a method made for it is given the value."""
    for called in body.flow.met.values():
        if _GUARD.match(called.name):
            if any(isinstance(arg.value, cst.Name) and arg.value.value in names for arg in called.node.args):
                return True
    return False


def _searched(call: Any, kept: set[str], chosen: set[str], body: Body) -> bool:
    """Whether an own search has found what is chosen and it matters whether it did, or a search ties the
    record to the user."""
    for called in body.flow.calls(SELECTING):
        if called.node is call or called.name == "browse" or called.receiver is None:
            continue
        text = " ".join(body.code(arg) for arg in called.node.args)
        if OWNER.search(text) and _mentions(text, kept | chosen):
            return True
        if called.receiver.elevated or not re.search(r"['\"]id['\"]", text) or not _mentions(text, chosen):
            continue
        found = _kept(called.node, body)
        if any(_mentions(body.code(test), found) for node in body.nodes if (test := _test(node)) is not None):
            return True
    return False


def _handed_with_user(call: Any, body: Body) -> bool:
    """``submit(env["shop.team"].sudo().browse(team_id), user=request.env.user)``: what is given both looks
    whether the one may have the other."""
    return any(
        any(arg.value is call for arg in called.node.args)
        and any(
            arg.keyword is not None
            and arg.keyword.value == "user"
            and OWNER.search(body.code(resolved(body, arg.value) if isinstance(arg.value, cst.Name) else arg))
            for arg in called.node.args
        )
        for called in body.flow.met.values()
    )


def _mentions(text: str, names: set[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def _read_before(call: Any, body: Body) -> bool:
    """``if order.state == "draft": order.sudo()...``: a test has read the record with the user's rights."""
    record = local_name(call.func.value) if call.func.attr.value == "sudo" else ""
    if not record:
        return False
    field = re.compile(rf"\b{re.escape(record)}\.(?!(ids?|sudo|exists)\b|_)\w+")
    for node in body.nodes:
        if node is call:
            return False
        test = _test(node)
        if test is not None and field.search(body.code(test)):
            return True
    return False
