"""Which addon outside of the dependencies would bring what a model lacks: the mend is then one word."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.index import AddonFacts, Scope

_MOST = 3
"""Addons that are named."""


def whose(scope: Scope, model: str, name: str) -> str:
    """The end of a message: who has a field or method of a model; empty where nobody has it."""
    names = scope.once(("bringers", model, name), lambda: sorted(set(_bringers(scope, model, name))))
    if not names:
        return ""
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"; it belongs to {', '.join(names[:_MOST])}{more}, not among the dependencies"


def _bringers(scope: Scope, model: str, name: str) -> Iterator[str]:
    index, series = scope.index, scope.addon.series
    held = index.here.once(("bringers", series, model), lambda: _holding(scope, model))
    for other in dict.fromkeys((*index.addons, *held)):
        addon = index.addon(other, series) if scope.visible(other) is None else None
        if addon is not None and addon.series in ("", series) and _has(addon, model, name):
            yield other


def _holding(scope: Scope, model: str) -> tuple[str, ...]:
    """The addons of Odoo that speak of a model: to read all of them takes longer than to look for a word."""
    return scope.core.holding(model) if scope.core is not None else ()


def _has(addon: AddonFacts, model: str, name: str) -> bool:
    return any(
        name in part.methods or any(field.name == name for field in part.klass.fields)
        for part in addon.parts.get(model, ())
    )
