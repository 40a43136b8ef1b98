"""What a worker is told to read, and all that a rule on one file knows of where it stands."""

from __future__ import annotations

import msgspec


class Job(msgspec.Struct, frozen=True):
    """One file to read: where it is, what it is, and to which addon and series it belongs."""

    real: str
    path: str
    inside: str
    role: str
    addon: str
    series: str
