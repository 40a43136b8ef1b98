"""The migration as a whole, for text and JSON: state and work of each addon, in the order of porting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text as Styled

from odoo_debt_lint.migration.porting import BLOCKED, NEEDS_WORK, READY, PortedAddon, Porting, Work
from odoo_debt_lint.source import printable

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

_STATES = {BLOCKED: "bold red", NEEDS_WORK: "yellow", READY: "green"}
_MAX_ROWS = 30


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f} h" if minutes else "-"


def porting_table(porting: Porting) -> Table:
    """One line an addon; those that must be ported first stand first."""
    table = Table(title=f"\nMigration to {porting.to}", title_justify="left", box=None, pad_edge=False)
    table.add_column("addon", no_wrap=True)
    table.add_column("order", justify="right")
    table.add_column("state")
    for name in ("from", "findings", "automatic", "review", "by hand"):
        table.add_column(name, justify="right")
    for addon in porting.addons[:_MAX_ROWS]:
        work = addon.work
        table.add_row(
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
        table.add_row(Styled(f"… {len(porting.addons) - _MAX_ROWS} more"), "", "", "", "", *hours)
    return table


def porting_lines(porting: Porting) -> Iterator[str]:
    """What stands in the way, and the sums."""
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
