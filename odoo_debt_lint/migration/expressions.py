"""Python expressions of views as text, combined with as few parentheses as they need.

From 17.0 on the modifiers of a view are Python expressions which the web client evaluates. Here they are
built from the inside out; each knows how strongly its outermost operator binds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

_OPPOSITE = {"==": "!=", "!=": "==", "in": "not in", "not in": "in"}


class Refusal(Exception):
    """Something that cannot be converted; the text says why."""


class Binding(IntEnum):
    """How strongly the outermost operator of an expression binds."""

    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    ATOM = 5


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression. ``doubts`` say where it may not do what the domain did, ``assumed`` that the types of
    some fields were guessed. ``operands`` are the sides of a comparison, ``negated`` is what ``not`` stands
    before, ``parts`` what ``and`` or ``or`` joins."""

    text: str
    binding: Binding = Binding.ATOM
    operands: tuple[str, str, str] | None = None
    negated: Expression | None = None
    parts: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    assumed: bool = False

    @property
    def exact(self) -> bool:
        return not self.doubts

    @property
    def constant(self) -> bool | None:
        """The value of ``True`` and ``False``; ``None`` for all others."""
        return {"True": True, "False": False}.get(self.text)

    def doubted(self, *doubts: str) -> Expression:
        """The same with a doubt."""
        return replace(self, doubts=(*self.doubts, *doubts))

    def inside(self, binding: Binding) -> str:
        """The text as an operand of an operator that binds this strongly."""
        return self.text if self.binding >= binding else f"({self.text})"


TRUE, FALSE = Expression("True"), Expression("False")


def comparison(left: str, operator: str, right: str) -> Expression:
    """``left operator right``."""
    return Expression(f"{left} {operator} {right}", Binding.COMPARISON, (left, operator, right))


def negation(expression: Expression) -> Expression:
    """The opposite, without ``not`` where an operator has an opposite."""
    if expression.constant is not None:
        return replace(FALSE if expression.constant else TRUE, doubts=expression.doubts)
    if expression.negated is not None:
        return replace(expression.negated, doubts=expression.doubts, assumed=expression.assumed)
    if expression.operands and expression.operands[1] in _OPPOSITE:
        left, operator, right = expression.operands
        opposite = comparison(left, _OPPOSITE[operator], right)
        return replace(opposite, doubts=expression.doubts, assumed=expression.assumed)
    return _not(expression)


def _not(expression: Expression) -> Expression:
    text = f"not {expression.inside(Binding.NOT)}"
    return replace(expression, text=text, binding=Binding.NOT, operands=None, negated=expression, parts=())


def all_of(expressions: Iterable[Expression]) -> Expression:
    """All joined by ``and``; constants are folded."""
    return _joined(expressions, Binding.AND, TRUE)


def any_of(expressions: Iterable[Expression]) -> Expression:
    """All joined by ``or``; constants are folded."""
    return _joined(expressions, Binding.OR, FALSE)


def _joined(expressions: Iterable[Expression], binding: Binding, neutral: Expression) -> Expression:
    given = list(expressions)
    doubts = tuple(doubt for expression in given for doubt in expression.doubts)
    assumed = any(expression.assumed for expression in given)
    parts: dict[str, Expression] = {}
    for expression in given:
        if expression.constant is not None and expression.constant is not neutral.constant:
            return replace(expression, doubts=doubts, assumed=assumed)
        if expression.constant is None:
            parts.setdefault(expression.text, expression)
    if len(parts) < 2:
        return replace(next(iter(parts.values()), neutral), doubts=doubts, assumed=assumed)
    word = " and " if binding is Binding.AND else " or "
    flat: list[str] = []
    for part in parts.values():
        flat += part.parts if part.parts and part.binding is binding else (part.inside(binding),)
    return Expression(word.join(flat), binding, doubts=doubts, assumed=assumed, parts=tuple(flat))
