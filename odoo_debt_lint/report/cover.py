"""What the one who hands out a report says on its cover."""

from __future__ import annotations

import msgspec


class Cover(msgspec.Struct, frozen=True):
    """Titles, price and language; ``day`` is empty for equal bytes every day."""

    title: str = ""
    client: str = ""
    hourly_rate: float | None = None
    currency: str = "EUR"
    lang: str = "en"
    day: str = ""
