"""The time of which a report speaks: never that of the run, so that equal input gives equal bytes."""

from __future__ import annotations

import os
from datetime import datetime, timezone

from odoo_debt_lint.errors import UsageError

_LAST_TIME = 253_402_300_799
"""The last second of the year 9999, the last one that a date can tell."""
_DIGITS = 12


def given_time() -> datetime | None:
    """What ``SOURCE_DATE_EPOCH`` says; None where it is not set. Raises UsageError for what is no time."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > _DIGITS or int(given) > _LAST_TIME:
        raise UsageError(f"SOURCE_DATE_EPOCH is not a whole number of seconds: {given[:50]!r}")
    return datetime.fromtimestamp(int(given), timezone.utc)
