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


_ALIKE = 0.9


@cache
def nearest(name: str, series: str) -> str:
    """The core addon of a series whose name is almost this one; empty when there is none."""
    import difflib  # only a name that is unknown needs it

    def may_be_near(item: str) -> bool:
        # letters that one has more than the other count against them; comparing in full takes much longer
        most = (1 - _ALIKE) * (len(name) + len(item)) + 0.01
        return abs(len(name) - len(item)) <= most and len(letters.symmetric_difference(item)) <= most

    letters = set(name)
    near = sorted(filter(may_be_near, core_addons(series)))
    return next(iter(difflib.get_close_matches(name, near, 1, _ALIKE)), "")


def series_with(name: str) -> list[str]:
    """The series that have an addon, oldest first, at most the last three."""
    return [series for series in known_series() if name in core_addons(series)][-3:]
