"""XML ids that bear the name of an addon outside of the dependencies, and that it does not have either.

To depend on it would not help: the id is what is wrong, and ``env-ref-unknown`` tells of it instead of
``reference-to-undeclared-dependency``.
"""

from __future__ import annotations

from odoo_debt_lint.checks.references._xmlids import Mention, is_generated
from odoo_debt_lint.index import Scope

_PLAIN = frozenset({"action", "code", "csv", "eval", "groups", "parent", "percent", "ref"})
"""Kinds of mentions that are XML ids and nothing else: names of templates and reports may be keys."""


def is_nowhere(scope: Scope, mention: Mention) -> bool:
    """Whether the addon whose name an id outside of the closure bears is known whole, and nobody declares it.
    What cannot be looked up may be there."""
    if mention.kind not in _PLAIN or mention.optional or is_generated(mention.xmlid):
        return False
    if scope.visible(mention.module) is not None:
        return False
    return scope.index.here.once(
        ("nowhere", scope.addon.series, mention.xmlid), lambda: _is_nowhere(scope, mention)
    )


def _is_nowhere(scope: Scope, mention: Mention) -> bool:
    owner = scope.index.addon(mention.module, scope.addon.series)
    if owner is None or owner.series != scope.addon.series:
        return False
    if any(
        mention.xmlid in item.records or mention.xmlid in item.views for item in (owner, *scope.index.all)
    ):
        return False
    return scope.core is None or not scope.core.holding(mention.xmlid)
