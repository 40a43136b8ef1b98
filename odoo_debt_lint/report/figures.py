"""What grades, horizons and blocks are called, and figures as people read them: hours, money, counts."""

from __future__ import annotations

from odoo_debt_lint.report.parts import Cover
from odoo_debt_lint.report.texts import Language

PLAN_NOTE = (
    "Within each horizon the work that removes most risk per hour comes first. The score after a step is "
    "that of all addons together once this step and those before it are done. Hours include tests, but not "
    "the {opening} it takes to open, install and release the {addons} concerned."
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


class Figures:
    """Texts and figures as the cover of a report wants them."""

    grades, horizons, blocks = GRADES, HORIZONS, BLOCKS

    def __init__(self, cover: Cover) -> None:
        self.cover = cover
        self.text = Language(cover.lang)
        self.number, self.counted, self.hours = self.text.number, self.text.counted, self.text.hours

    def minutes(self, value: int) -> str:
        return self.hours(value / 60)

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
