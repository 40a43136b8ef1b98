"""What ``names`` knows of a value, without following it: how bad it is and where it enters."""

from __future__ import annotations

from typing import Any, NamedTuple

from odoo_debt_lint.python.flow.values import NO_ORIGINS, Level, Origin


class Taint(NamedTuple):
    """What ``values.Value`` says, without the value; ``source`` is the node where it enters."""

    level: int = 0
    origin: int = 0
    built: bool = False
    via: frozenset[Origin] = NO_ORIGINS
    chosen: frozenset[Origin] = NO_ORIGINS
    source: tuple[Any, str] | None = None

    def __or__(self, other: object) -> Taint:
        if not isinstance(other, Taint) or other is NOTHING or other == self:
            return self
        if self is NOTHING:
            return other
        worse = self if (self.level, self.origin) >= (other.level, other.origin) else other
        return Taint(
            worse.level,
            max(self.origin, other.origin),
            self.built or other.built,
            self.via | other.via,
            self.chosen | other.chosen,
            worse.source or self.source or other.source,
        )

    @property
    def number(self) -> Taint:
        """After a conversion: no text any more, but still a choice."""
        level = min(self.level, int(Level.NUMBER))
        return Taint(level, self.origin, False, NO_ORIGINS, self.via | self.chosen, self.source)


NOTHING = Taint()


class Record(NamedTuple):
    """A recordset: a model and the fields gone through from there."""

    model: str
    path: tuple[str, ...] = ()
