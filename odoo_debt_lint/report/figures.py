"""What grades, horizons and blocks are called, and figures as people read them: hours, money, counts."""

from __future__ import annotations

from collections.abc import Sequence

from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.texts import Language

PLAN_NOTE = (
    "Within each horizon the work that removes most risk per hour comes first. The score after a step is "
    "that of all addons together once this step and those before it are done. Hours include tests, but not "
    "the {opening} it takes to open, install and release the {addons} concerned."
)
BASELINE_NOTE = (
    "These figures are the baseline for the next audit: they come from the code alone and can be measured "
    "again at any time."
)
NOT_LOOKED_AT = (
    "The code was read, not run. Data, the configuration in the database and how people work with the system "
    "were not looked at."
)
NO_RULE = "no rule of this block took part in the run."
NO_FILES = (
    "not checked, for no file that says how Odoo is run (odoo.conf, Docker Compose, nginx) was among those "
    "read."
)
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


TREND = "Hours of repair over {runs} runs: from {first} to {last}, grade {before} to {after}"


class Figures:
    """Texts and figures as the cover of a report wants them."""

    grades, horizons, blocks = GRADES, HORIZONS, BLOCKS

    def __init__(self, cover: Cover) -> None:
        self.cover = cover
        self.text = Language(cover.lang)
        self.number, self.counted, self.hours = self.text.number, self.text.counted, self.text.hours

    def minutes(self, value: int) -> str:
        return self.hours(value / 60)

    def measure(self, value: float | str | None, digits: int = 0) -> str:
        """A measure as people read it; a dash for what is not known."""
        if value is None:
            return "–"
        return value if isinstance(value, str) else self.number(value, digits)

    def change(self, value: float | None, digits: int = 0) -> str:
        """``+3``, ``−2.5``, ``±0``; empty where there is nothing to compare."""
        if value is None:
            return ""
        sign = "+" if value > 0 else "−" if value < 0 else "±"
        return f"{sign}{self.number(abs(value), digits)}"

    def trend(self, hours: Sequence[float], grades: Sequence[str]) -> str:
        """What a curve of runs shows, in words."""
        first, last = self.hours(hours[0]), self.hours(hours[-1])
        return self.text(TREND, runs=len(hours), first=first, last=last, before=grades[0], after=grades[-1])

    def money(self, value: float) -> str:
        """The price of hours; empty without a rate."""
        if self.cover.hourly_rate is None:
            return ""
        return f"{self.number(value * self.cover.hourly_rate)} {self.cover.currency}".strip()

    def about(self, value: float) -> str:
        """The price of hours to three digits, as an estimate deserves."""
        price = value * (self.cover.hourly_rate or 0)
        digits = max(len(str(int(price))) - 3, 0)
        return f"{self.number(round(price, -digits))} {self.cover.currency}".strip()

    @property
    def priced(self) -> bool:
        return self.cover.hourly_rate is not None
