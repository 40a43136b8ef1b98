"""How deep an addon reaches into Odoo: what it adds to Odoo's own models and overrides of theirs.

By itself, because who judges an addon has worked out the same already and tells it on the way.
"""

from __future__ import annotations

import msgspec

from odoo_debt_lint.index import Scope


class Depth(msgspec.Struct, frozen=True, array_like=True):
    """``fields`` which the addon puts onto Odoo's own models, and ``overrides`` of Odoo's methods."""

    fields: int
    overrides: int


def depth_of(scope: Scope) -> Depth:
    """The depth of the scope's addon."""
    return Depth(_fields(scope), _overrides(scope))


def _is_core(scope: Scope, model: str) -> bool:
    """Whether Odoo itself brings the model: the first class that defines it is the core's."""
    for part in scope.parts(model):
        if part.klass.defines:
            origin = scope.index.addon(part.addon, scope.addon.series)
            return origin is not None and origin.core
    return False


def _fields(scope: Scope) -> int:
    found = 0
    for model, parts in scope.addon.parts.items():
        fields = sum(len(part.klass.fields) for part in parts)
        if fields and not any(part.klass.defines for part in parts) and _is_core(scope, model):
            found += fields
    return found


def _overrides(scope: Scope) -> int:
    count = 0
    for parts in scope.addon.parts.values():
        for part in parts:
            for method in part.klass.methods:
                found = scope.method(part, method.name) if not method.name.startswith("__") else None
                if found is None:
                    continue
                origin = scope.index.addon(found[0].addon, scope.addon.series)
                count += origin is not None and origin.core
    return count
