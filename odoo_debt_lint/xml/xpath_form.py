"""Reads an XPath of an inheriting view for its form: on what does it find its node?

Positions, labels, classes and bare tags are seen in its location paths, steps and predicates.
"""

from __future__ import annotations

from functools import lru_cache

from odoo_debt_lint.xml.xpath import TRANSLATED, Path, Step, Tokens, parse

_SIBLINGS = frozenset({"following-sibling", "preceding-sibling", "following", "preceding"})
_TEXT_FUNCTIONS = frozenset({"contains", "starts-with", "normalize-space", "string", "translate"})
_FIXED = frozenset({"header", "sheet"})
"""Layout nodes of which a form has one, directly in its root."""


@lru_cache(maxsize=4096)
def form(expr: str) -> str:
    """Why an expression is fragile by its form alone: ``label``, ``absolute``, ``position``, ``nearest`` (a
    position that stays what it means), ``class``, ``tag``, or not at all. The worst reason counts."""
    paths = parse(expr)
    steps = [step for path in paths for step in path.steps]
    predicates = [test for step in steps for test in step.predicates]
    if any(
        "text()" in step.test or (not step.component and any(map(_by_label, step.predicates)))
        for step in steps
    ):
        return "label"
    if any(map(_absolute, paths)):
        return "absolute"
    position = max((_positional(path) for path in paths), default=0)
    if position:
        return "position" if position > 1 else "nearest"
    if any(map(_by_class, predicates)):
        return "class"
    return "tag" if any(map(_bare, paths)) else ""


def _by_label(test: Tokens) -> bool:
    padded = (*test, "", "")
    for index, token in enumerate(test):
        before, after = padded[index - 1] if index else "", padded[index + 1]
        name = token.removeprefix("t-attf-")
        if name in TRANSLATED and (before == "@" or (before == "::" and test[index - 2] == "attribute")):
            return True
        if token == "text" and after == "(":
            return True
        if _is_child(test, index) and _compared(test, index):
            return True
        if token == "." and (after in ("=", "!=") or before in ("=", "!=")):
            return True
        if token in _TEXT_FUNCTIONS and after == "(" and _of_context(padded[index + 2 :]):
            return True
    return False


def _is_child(test: Tokens, index: int) -> bool:
    """Whether a name is that of an element: what it holds is compared, ``[span='Total']``."""
    before = test[index - 1] if index else ""
    return test[index][:1].isalpha() and before not in ("@", "::", "$") and test[index] not in ("and", "or")


def _compared(test: Tokens, index: int) -> bool:
    """Whether the token is compared with a text."""
    behind, before = test[index + 1 : index + 3], test[max(index - 2, 0) : index][::-1]
    return any(len(pair) == 2 and pair[0] in ("=", "!=") and pair[1][0] in "'\"" for pair in (behind, before))


def _of_context(arguments: Tokens) -> bool:
    """Whether a function's first argument is the node's own text."""
    if arguments[:1] == (")",):
        return True
    return arguments[:1] == (".",) and arguments[1:2] in ((",",), (")",))


def _positional(path: Path) -> int:
    """2 for a position, 1 for one that means the nearest ancestor or the end of a bundle, 0 for none."""
    worst = 0
    for step in path.steps:
        if step.axis in _SIBLINGS or any(map(_nested_position, step.predicates)):
            worst = 2
        elif any(map(_counts, step.predicates)):
            usual = step.axis.startswith("ancestor") or step.test in ("script", "link")
            worst = max(worst, 1 if usual else 2)
    return worst


def _counts(test: Tokens) -> bool:
    if len(test) == 1 and test[0][0].isdigit():
        return True
    return any(
        token in ("last", "position") and test[index + 1 : index + 2] == ("(",)
        for index, token in enumerate(test)
    )


def _nested_position(test: Tokens) -> bool:
    for index, token in enumerate(test):
        if token in _SIBLINGS and test[index + 1 : index + 2] == ("::",):
            return True
        if token == "[" and test[index + 1][0].isdigit() and test[index + 2 : index + 3] == ("]",):
            return True
    return False


def _by_class(test: Tokens) -> bool:
    return any(
        token == "class" and index and test[index - 1] == "@" and len(test) > 2
        for index, token in enumerate(test)
    )


def _absolute(path: Path) -> bool:
    """From the root through layout nodes that nothing names."""
    steps = path.steps if path.absolute else _in_root(path.steps)
    if len(steps) < 3 or steps[0].deep:
        return False
    for index in range(1, len(steps) - 1):
        step = steps[index]
        plain = step.axis == "child" and all(map(_counts, step.predicates)) and step.test not in (".", "..")
        fixed = index == 1 and step.test in _FIXED and steps[2].deep
        if plain and step.test != "field" and not step.deep and not fixed:
            return True
    return False


def _in_root(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A relative path with its beginning: Odoo looks for it in the root, so ``sheet/group`` is what
    ``/form/sheet/group`` is."""
    first = steps[0] if steps else Step(".")
    if first.test == "." or first.axis == "self":
        return steps
    return (Step("."), *steps) if first.axis == "child" and not first.deep else ()


def _bare(path: Path) -> bool:
    """Tags alone, and at least one of them looked for anywhere or below the root."""
    steps = path.steps
    while len(steps) > 1 and steps[-1] == Step(".."):
        steps = steps[:-1]
    if not steps or (path.absolute and len(steps) == 1) or not steps[-1].test.strip("."):
        return False
    return all(step.bare for step in (steps[1:] if steps[0].test == "." else steps))
