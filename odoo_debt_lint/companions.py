"""What is loaded before an addon although it is no dependency: addons of Odoo that install themselves.

Wherever ``web`` is, ``auth_totp`` is too, and its fields and views are there before those of an addon that
depends on ``sale``. It is still better named in ``depends``, but nothing fails.
"""

from __future__ import annotations

from odoo_debt_lint.index import Scope


def with_companions(scope: Scope) -> Scope | None:
    """The scope with the addons that come along and are loaded before; None where there are none."""
    return scope.once("companions", lambda: _widened(scope))


def _widened(scope: Scope) -> Scope | None:
    names = _coming(scope)
    depths = _depths(scope, (*scope.order, *names))
    own = (depths[scope.addon.name], scope.addon.name)
    before = tuple(name for name in names if (depths[name], name) < own)
    return Scope(scope.index, scope.addon, before) if before else None


def _coming(scope: Scope) -> list[str]:
    """The addons of Odoo which install themselves once the addon is there, in the order of their needs."""
    core, found = scope.core, dict.fromkeys(scope.order)
    closed = len(found)
    grown = core is not None
    while grown and core is not None:
        grown = False
        for name in core.names:
            depends = core.depends(name) or ("base",)
            if name not in found and all(item in found for item in depends):
                addon = core.addon(name)
                if addon is not None and addon.manifest.auto_install:
                    found[name], grown = None, True
    return list(found)[closed:]


def _depths(scope: Scope, names: tuple[str, ...]) -> dict[str, int]:
    """How deep each addon stands: Odoo loads by that, then by name (``odoo.modules.graph``)."""
    depths: dict[str, int] = {}
    for name in names:
        depends = scope.addon.manifest.items("depends") if name == scope.addon.name else ()
        depends = depends or scope.index.depends(name, scope.addon.series) or ()
        depths[name] = 1 + max((depths.get(item, 0) for item in depends), default=0)
    return depths
