"""The migration as a whole, for text and JSON: state and work of each addon, in the order of porting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.migration.porting import BLOCKED, NEEDS_WORK, READY, PortedAddon, Porting, Work
from odoo_debt_lint.report.gfm import plain, table
from odoo_debt_lint.source import printable

if TYPE_CHECKING:
    from rich.table import Table

    from odoo_debt_lint.report.figures import Figures
    from odoo_debt_lint.report.model import Report

_STATES = {BLOCKED: "bold red", NEEDS_WORK: "yellow", READY: "green"}
_MAX_ROWS = 30
STATES = {BLOCKED: "Blocked", NEEDS_WORK: "Needs work", READY: "Ready"}
KINDS = ("By a tool", "To be reviewed", "By hand")
EXPLAINED = (
    "The addons stand in the order in which to port them: those of one number need none of a higher one. "
    "Hours are for what is known to break; tests and the data of the database come on top."
)
WENT = "{name} went in {series}"
UNKNOWN = "Not known to exist for {series}: {names}"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f} h" if minutes else "-"


def porting_table(porting: Porting) -> Table:
    """One line an addon; those that must be ported first stand first."""
    from rich.table import Table
    from rich.text import Text as Styled

    made = Table(title=f"\nMigration to {porting.to}", title_justify="left", box=None, pad_edge=False)
    made.add_column("addon", no_wrap=True)
    made.add_column("order", justify="right")
    made.add_column("state")
    for name in ("from", "findings", "automatic", "review", "by hand"):
        made.add_column(name, justify="right")
    for addon in porting.addons[:_MAX_ROWS]:
        work = addon.work
        made.add_row(
            Styled(printable(addon.name)),
            str(addon.level + 1),
            Styled(addon.state, style=_STATES[addon.state]),
            addon.series,
            str(addon.findings),
            _hours(work.automatic),
            _hours(work.review),
            _hours(work.manual),
        )
    if len(porting.addons) > _MAX_ROWS:
        rest = sum((addon.work for addon in porting.addons[_MAX_ROWS:]), Work())
        hours = (_hours(rest.automatic), _hours(rest.review), _hours(rest.manual))
        made.add_row(Styled(f"… {len(porting.addons) - _MAX_ROWS} more"), "", "", "", "", *hours)
    return made


def porting_lines(porting: Porting) -> Iterator[str]:
    """What stands in the way, and the sums."""
    if not porting.addons:
        yield f"migration to {porting.to}: nothing to port, no addon is of an earlier series"
        return
    for addon in porting.addons:
        for reason in addon.reasons:
            yield f"blocked: {addon.name}: {reason}"
    replaced = sorted(
        {(item.name, item.series, item.how) for addon in porting.addons for item in addon.replaced}
    )
    for name, series, how in replaced:
        yield f"dependency {name} went in {series}: {how}"
    unknown = sorted({name for addon in porting.addons for name in addon.unknown})
    if unknown:
        more = f" and {len(unknown) - 8} more" if len(unknown) > 8 else ""
        yield f"not judged, see whether they exist for {porting.to}: {', '.join(unknown[:8])}{more}"
    states = ", ".join(f"{porting.count(state)} {state}" for state in (READY, NEEDS_WORK, BLOCKED))
    steps = ", ".join(f"{series} {_hours(work.total)}" for series, work in porting.steps.items())
    work = porting.work
    kinds = f"{_hours(work.automatic)} automatic, {_hours(work.review)} review, {_hours(work.manual)} by hand"
    yield f"migration to {porting.to}: {states}; {_hours(work.total)} ({kinds})" + (
        f"; by step: {steps}" if steps else ""
    )


def markdown_lines(report: Report, show: Figures) -> Iterator[str]:
    """The chapter of the Markdown report; nothing without a target."""
    porting, text = report.porting, show.text
    if porting is None or not porting.addons or report.partial:
        return
    yield from (f"## {text('Migration to Odoo {series}', series=porting.to)}", "", text(EXPLAINED), "")
    titles = ["Series", *KINDS]
    rows = [(series, *_figures(work, show)) for series, work in porting.steps.items()]
    yield from table([text(title) for title in titles], rows, (1, 2, 3))
    titles = ["Addon", "Order", "State", "Series", "Findings", *KINDS, "Remarks"]
    yield from table(
        [text(title) for title in titles],
        [
            (
                plain(addon.name),
                str(addon.level + 1),
                text(STATES[addon.state]),
                addon.series,
                str(addon.findings),
                *_figures(addon.work, show),
                plain(_remarks(addon, porting, show)),
            )
            for addon in porting.addons
        ],
        (1, 4, 5, 6, 7),
    )


def _figures(work: Work, show: Figures) -> tuple[str, str, str]:
    return show.minutes(work.automatic), show.minutes(work.review), show.minutes(work.manual)


def _remarks(addon: PortedAddon, porting: Porting, show: Figures) -> str:
    parts = [*addon.reasons]
    for item in addon.replaced:
        parts.append(f"{show.text(WENT, name=item.name, series=item.series)}: {item.how}")
    if addon.unknown:
        parts.append(show.text(UNKNOWN, series=porting.to, names=", ".join(addon.unknown[:6])))
    return ". ".join(parts)


def document(report: Report) -> dict[str, Any] | None:
    """The same as plain data; None without a target."""
    porting = report.porting
    if porting is None:
        return None
    return {
        "to": porting.to,
        "ready": porting.count(READY),
        "needsWork": porting.count(NEEDS_WORK),
        "blocked": porting.count(BLOCKED),
        "minutes": _minutes(porting.work),
        "steps": [{"series": series, **_minutes(work)} for series, work in porting.steps.items()],
        "addons": [_addon(addon) for addon in porting.addons],
    }


def _minutes(work: Work) -> dict[str, int]:
    return {"automatic": work.automatic, "review": work.review, "manual": work.manual}


def _addon(addon: PortedAddon) -> dict[str, Any]:
    return {
        "name": addon.name,
        "series": addon.series,
        "state": addon.state,
        "order": addon.level + 1,
        "after": list(addon.after),
        "reasons": list(addon.reasons),
        "findings": addon.findings,
        "minutes": _minutes(addon.work),
        "steps": [{"series": series, **_minutes(work)} for series, work in addon.steps.items()],
        "replaced": [{"name": item.name, "series": item.series, "by": item.how} for item in addon.replaced],
        "unknown": list(addon.unknown),
    }
