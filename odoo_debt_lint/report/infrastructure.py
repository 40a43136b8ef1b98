"""The infrastructure in reports: its score card, and the checklist of what no file can show.

One module for all writers, so that they say the same: each of them calls its own function and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.finding import Finding
from odoo_debt_lint.infrastructure.card import AreaScore, Deduction, ScoreCard, card_of
from odoo_debt_lint.infrastructure.checklist import Check, checklist_of
from odoo_debt_lint.report.gfm import code, plain, table
from odoo_debt_lint.source import printable

if TYPE_CHECKING:
    from rich.text import Text as Styled

    from odoo_debt_lint.report.figures import Figures
    from odoo_debt_lint.report.model import Report

TITLE, CHECKLIST = "Infrastructure score", "What no file can show"
TOTAL = "{score} of 100, scaled from {points} of {most} points of the areas that are assessed"
NOT_ASSESSED = "not assessed: no file says anything of it"
NOT_JUDGED = "not assessed: none of its rules took part"
OUTSIDE = "Findings of areas that are not assessed, which count as debt but not here: {findings}"
EXPLAINED = (
    "A finding takes 50, 25, 8 or 3 % of its area's points as it is critical, high, medium or low, each "
    "further one of its rule half of what the one before took. What is missing altogether takes all."
)
CHECK_NOTE = (
    "Checks on the server itself, to be run from the top folder of the project. What stands as YOUR_… is in "
    "none of the files."
)
FROM_OUTSIDE = "from outside"
_SHOWN = 12
_BRIEF = 2


class Card:
    """What the writers lay out."""

    def __init__(self, report: Report) -> None:
        self.facts = report.infrastructure
        hidden = report.compared.hidden if report.compared is not None else ()
        self.score: ScoreCard = card_of(self.facts, (*report.findings, *hidden), report.rules)

    @property
    def known(self) -> bool:
        """Whether there is any file of an instance."""
        return self.facts.known

    @cached_property
    def checks(self) -> list[Check]:
        return checklist_of(self.facts)


def document(report: Report) -> dict[str, Any] | None:
    """For JSON; nothing without files of an instance."""
    card = Card(report)
    if not card.known:
        return None
    return {
        "score": card.score.score,
        "points": card.score.points,
        "assessedPoints": card.score.most,
        "areas": [_area(item) for item in card.score.areas],
        "outside": [_place(finding) for finding in card.score.outside],
        "checklist": [
            {
                "check": check.key,
                "area": check.area,
                "title": check.title,
                "command": check.command,
                "expect": check.expect,
                "fromOutside": check.outside,
            }
            for check in card.checks
        ],
    }


def _area(item: AreaScore) -> dict[str, Any]:
    return {
        "area": item.area.key,
        "title": item.area.title,
        "assessed": item.assessed,
        "maxPoints": item.area.points,
        "points": item.points if item.assessed else None,
        "rules": item.rules,
        "files": list(item.files),
        "deductions": [
            {**_place(taken.finding), "severity": taken.finding.severity.label, "points": taken.points}
            for taken in item.deductions
        ],
    }


def _place(finding: Finding) -> dict[str, Any]:
    line = finding.location.span.start_line
    return {"rule": finding.rule, "path": finding.location.path, "line": line}


def text_lines(report: Report) -> Iterator[Styled]:
    """A short block for the terminal."""
    from rich.text import Text as Styled

    card = Card(report)
    if not card.known or card.score.score is None:
        return
    yield Styled(f"\ninfrastructure score card: {card.score.score}/100", style="bold")
    for item in card.score.areas:
        if item.assessed:
            what = f"{item.points:.1f}/{item.area.points}"
            yield Styled(f"  {item.area.title:<24}{what:>9}{_brief(item)}", style="dim")
        else:
            yield Styled(f"  {item.area.title:<24}  not assessed", style="dim")


def _brief(item: AreaScore) -> str:
    """What took most, in a few words."""
    taken = [deduction for deduction in item.deductions if deduction.cents]
    named = [
        printable(f"{one.finding.rule} {one.finding.location.path}:{one.finding.location.span.start_line}")
        for one in taken[:_BRIEF]
    ]
    if len(taken) > _BRIEF:
        named.append(f"{len(taken) - _BRIEF} more")
    return f"  {', '.join(named)}" if named else ""


def markdown_lines(report: Report, show: Figures) -> Iterator[str]:
    """The chapter of the Markdown report; nothing without files of an instance."""
    card = Card(report)
    if not card.known:
        return
    text = show.text
    yield from (f"## {text(TITLE)}", "", f"{total(card.score, show)}. {text(EXPLAINED)}", "")
    rows = (
        (
            text(item.area.title),
            points(item, show),
            str(item.area.points),
            _reasons(item, show),
        )
        for item in card.score.areas
    )
    yield from table([text(title) for title in ("Area", "Points", "Of", "Taken by")], rows, (1, 2))
    if card.score.outside:
        places = ", ".join(code(place(finding)) for finding in card.score.outside[:_SHOWN])
        yield from (text(OUTSIDE, findings=f"{len(card.score.outside)} ({places})"), "")
    yield from (f"### {text(CHECKLIST)}", "", text(CHECK_NOTE), "")
    yield from checklist_lines(card.checks, show)


def checklist_lines(checks: list[Check], show: Figures) -> Iterator[str]:
    """The checklist as tasks that can be ticked off."""
    for check in checks:
        where = f" ({show.text(FROM_OUTSIDE)})" if check.outside else ""
        yield f"- [ ] **{plain(show.text(check.title))}**{where}: {plain(show.text(check.expect))}"
        yield f"  <br>{code(check.command)}"
    yield ""


def total(score: ScoreCard, show: Figures) -> str:
    """The score in words."""
    if score.score is None:
        return show.text(NOT_ASSESSED)
    cents = sum(item.cents for item in score.assessed)
    return show.text(TOTAL, score=score.score, points=figure(cents, show), most=score.most)


def points(item: AreaScore, show: Figures) -> str:
    return figure(item.cents, show) if item.assessed else show.text("not assessed")


def figure(cents: int, show: Figures) -> str:
    """Points with as many decimals as they need."""
    return show.number(cents / 100, 0 if not cents % 100 else 1 if not cents % 10 else 2)


def why_not(item: AreaScore) -> str:
    """Why an area is not assessed."""
    return NOT_JUDGED if item.files else NOT_ASSESSED


def place(finding: Finding) -> str:
    return f"{finding.rule} {finding.location.path}:{finding.location.span.start_line}"


def _reasons(item: AreaScore, show: Figures) -> str:
    if not item.assessed:
        return show.text(why_not(item))
    named = [
        f"{code(place(taken.finding))} −{figure(taken.cents, show)}" for taken in item.deductions[:_SHOWN]
    ]
    more = item.deductions[_SHOWN:]
    if more:
        rest = figure(sum(taken.cents for taken in more), show)
        named.append(f"{show.text('and {number} more', number=len(more))} −{rest}")
    return ", ".join(named) or show.text("nothing found")


class View(Card):
    """What the HTML template asks for."""

    title, checklist, note, explained = TITLE, CHECKLIST, CHECK_NOTE, EXPLAINED
    from_outside, outside = FROM_OUTSIDE, OUTSIDE
    why_not = staticmethod(why_not)

    def __init__(self, report: Report, show: Figures) -> None:
        super().__init__(report)
        self.show = show

    @property
    def total(self) -> str:
        return total(self.score, self.show)

    def points(self, item: AreaScore) -> str:
        return points(item, self.show)

    def figure(self, cents: int) -> str:
        return figure(cents, self.show)

    @staticmethod
    def shown(item: AreaScore) -> tuple[Deduction, ...]:
        return item.deductions[:_SHOWN]
