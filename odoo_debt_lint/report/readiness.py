"""Readiness for another series, as the summary tells it.

The stage that judges a migration sets ``Report.readiness``; without one the summary says nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many addons could be moved to the series ``target`` now, and the hours that it takes."""

    target: str
    blocked: int
    needs_work: int
    ready: int
    hours: float = 0.0

    @property
    def addons(self) -> int:
        return self.blocked + self.needs_work + self.ready

    @property
    def state(self) -> str:
        """That of the whole: of its worst addon."""
        return "Blocked" if self.blocked else "Needs work" if self.needs_work else "Ready"
