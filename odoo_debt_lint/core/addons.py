"""Which addons belong to Odoo in which series: the lists that manifestoo-core ships."""

from __future__ import annotations

from functools import cache


@cache
def core_addons(series: str) -> frozenset[str]:
    """Names of all community and enterprise addons of a series; empty for one without a list."""
    from manifestoo_core.core_addons import get_core_addons
    from manifestoo_core.odoo_series import OdooSeries

    try:
        return frozenset(get_core_addons(OdooSeries(series)))
    except (ValueError, OSError):
        return frozenset()


@cache
def known_series() -> tuple[str, ...]:
    """The series with a list, oldest first."""
    from manifestoo_core.odoo_series import OdooSeries

    names = [item.value for item in OdooSeries if core_addons(item.value)]
    return tuple(sorted(names, key=float))


def series_with(name: str) -> list[str]:
    """The series that have an addon, oldest first, at most the last three."""
    return [series for series in known_series() if name in core_addons(series)][-3:]
