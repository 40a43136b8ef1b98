"""Fixes: functions that turn a place into edits. A fact names one under ``fix``.

Each module of this package may hold a table ``FIXES`` from names to functions ``Place -> Fix | None``; None:
this place has to be mended by hand. Edits touch nothing but what they must.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from odoo_debt_lint.finding import Fix
from odoo_debt_lint.migration.place import Place

Fixer: TypeAlias = Callable[[Place], Fix | None]


@cache
def fixers() -> dict[str, Fixer]:
    """All fixes by name."""
    found: dict[str, Fixer] = {}
    for item in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{item.name}")
        own: dict[str, Fixer] = getattr(module, "FIXES", {})
        if found.keys() & own.keys():
            raise ValueError(f"two fixes have one name: {found.keys() & own.keys()}")
        found.update(own)
    return found


def fix_of(place: Place) -> Fix | None:
    """The fix of a place; None where the fact has none, or none for this place."""
    name = place.match.fix or place.fact.fix
    return fixers()[name](place) if name else None
