"""Numbers as people read them: hours, money, counts. One way for all written reports."""

from __future__ import annotations

from odoo_debt_lint.report.parts import Cover

GRADES = {
    "A": "very good: little to mend",
    "B": "good: some places to mend",
    "C": "fair: should be mended as planned",
    "D": "poor: grave faults or much debt",
    "E": "critical: mending may cost more than replacing parts",
}
HORIZONS = {
    "now": ("Now", "What can do harm today: critical faults and open doors."),
    "next": ("Next", "What will do harm sooner or later: grave faults, and the rest of security."),
    "medium": ("Medium term", "What makes every change slower and dearer."),
}
BLOCKS = {
    "security": ("Security", "Who can see, change or take over what they should not."),
    "backups": ("Backups", "Whether the data survives a failure."),
    "performance": ("Performance", "What gets slow as data grows."),
    "code": ("Code", "Faults, and code that is hard to change."),
    "infrastructure": ("Infrastructure", "How the server is set up."),
    "observability": ("Observability", "Whether anybody notices when something goes wrong."),
    "migration": ("Migration", "What the next version of Odoo will break."),
}


def counted(number: int, noun: str) -> str:
    """``1 finding``, ``1,204 findings``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def hours(value: float) -> str:
    """``25 min``, ``3.5 h``, ``1,204 h``."""
    if value < 1:
        return f"{round(value * 60)} min"
    return f"{value:,.1f} h" if value < 10 else f"{value:,.0f} h"


class Figures:
    """Figures as the cover of a report wants them."""

    grades, horizons, blocks = GRADES, HORIZONS, BLOCKS

    def __init__(self, cover: Cover) -> None:
        self.cover = cover

    counted = staticmethod(counted)
    hours = staticmethod(hours)

    @staticmethod
    def minutes(value: int) -> str:
        return hours(value / 60)

    def money(self, value: float) -> str:
        """The price of hours; empty without a rate."""
        if self.cover.hourly_rate is None:
            return ""
        return f"{value * self.cover.hourly_rate:,.0f} {self.cover.currency}".strip()

    def about(self, value: float) -> str:
        """The price of hours to three digits, as an estimate deserves."""
        price = value * (self.cover.hourly_rate or 0)
        digits = max(len(str(int(price))) - 3, 0)
        return f"{round(price, -digits):,.0f} {self.cover.currency}".strip()

    @property
    def priced(self) -> bool:
        return self.cover.hourly_rate is not None
