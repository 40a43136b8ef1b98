"""The options that dress the audit report: whose it is, for whom, and at what price."""

from __future__ import annotations

import math
import os
from datetime import datetime, timezone
from typing import Any

import click

from odoo_debt_lint.discovery import UsageError
from odoo_debt_lint.report.parts import Cover

OPTIONS: list[Any] = [
    click.option("--report-title", default="", help="Title of the html and markdown report."),
    click.option("--client", default="", help="For whom the html or markdown report is."),
    click.option("--hourly-rate", type=float, help="Price of an hour: reports effort in money too."),
    click.option("--currency", default="EUR", help="Currency of --hourly-rate (default EUR)."),
]


def with_cover(command: Any) -> Any:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def cover_of(options: dict[str, Any]) -> Cover:
    """The cover as the command line wants it. Raises UsageError."""
    rate = options["hourly_rate"]
    if rate is not None and not 0 <= rate < math.inf:
        raise UsageError("hourly-rate must be a number, 0 or more")
    return Cover(options["report_title"], options["client"], rate, options["currency"], day=_day())


def _day() -> str:
    """The date of the report: only the one that the build gives, so that equal input gives equal bytes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch), timezone.utc).date().isoformat() if epoch else ""
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is no Unix time: {epoch!r}") from None
