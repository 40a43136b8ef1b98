"""Base of all facts."""

from __future__ import annotations

import msgspec


class Fact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Base of all facts: frozen, small, encoded without what has its default.

    Facts of the core index have no places: their spans are the default.
    """
