"""The options that dress the audit report: whose it is, for whom, and at what price."""

from __future__ import annotations

from typing import Any

import click

from odoo_debt_lint.clock import given_time
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.settings import Settings

OPTIONS: list[Any] = [
    click.option("--report-title", help="Title of the html and markdown report."),
    click.option("--client", help="For whom the html or markdown report is."),
    click.option("--hourly-rate", type=float, help="Price of an hour: reports the effort in money too."),
    click.option("--currency", help="Currency of --hourly-rate (default EUR)."),
    click.option("--lang", help="Language of that report's fixed texts: en (default), es, fr or de."),
]


def with_cover(command: Any) -> Any:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def cover_of(settings: Settings) -> Cover:
    """The cover as the settings want it. Raises UsageError."""
    return Cover(
        title=settings.report_title,
        client=settings.client,
        hourly_rate=settings.hourly_rate,
        currency=settings.currency,
        lang=settings.lang,
        day=_day(),
    )


def _day() -> str:
    """The date of the report: only the one that the build gives, so that equal input gives equal bytes."""
    given = given_time()
    return given.date().isoformat() if given is not None else ""
