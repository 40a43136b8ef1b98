"""Inheriting view that looks for a node which its parent does not have.

## What it does
Combines each view with all views that extend the same parent in the addons of the `depends` closure, in
Odoo's order, and reports the specs (`<xpath>`, `<field position=...>` and the like) that find nothing when
their turn comes. Expressions that are no valid XPath are reported too. Templates of the browser
(`static/**/*.xml` with `t-inherit`) are combined in the same way.

## Why is this bad
Odoo stops the installation with "Element cannot be located in parent view". After an upgrade it is the first
thing that breaks. With a template of the browser it is the page that does not open.

## How to fix
Look up the parent as your `depends` build it. Often the node has another name in this series, is put in by an
addon that is missing in `depends`, or was already replaced by a view with a lower priority.

## Not reported
Parents of which not everything is known: an addon of the closure that is neither in the set nor in the index
of Odoo's own addons, views made by code (as that of the groups of users), inactive views, labels where the
index holds no texts; templates of the browser that have the name of another one, that a `t-extend` changes,
or of which an extension that may be for other pages took the node; actions whose id exists nowhere
(`//button[@name='%(shop.action)d']` is `env-ref-unknown`). A test for JavaScript (`@t-if='…'`) in a template
of Odoo's is low confidence, and so is what an addon of Odoo brings that installs itself (`auth_totp`).
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.references.env_ref_unknown import unknown
from odoo_debt_lint.checks.views._specs import TAG, hit
from odoo_debt_lint.companions import with_companions
from odoo_debt_lint.facts import STATIC
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.combine import seen
from odoo_debt_lint.xml.seen import Seen

_CODE = re.compile(r"@t-(if|elif|esc|out|on|att|value|model|props|key)\b")
"""Attributes that hold JavaScript."""


def check(scope: Scope) -> Hits:
    for item in seen(scope):
        if item.error:
            yield hit(item, f"{item.how} is no valid XPath: {item.error}")
        elif item.lost and not _names_unknown(scope, item):
            parent = item.view.inherit.removesuffix(STATIC)
            text = f"{item.how} finds nothing in {parent} as the addon's depends build it"
            yield hit(item, text, confidence=_confidence(scope, item))


def _is_same(item: Seen, other: Seen) -> bool:
    return item.path == other.path and item.spec.span == other.spec.span


def _names_unknown(scope: Scope, item: Seen) -> bool:
    """Whether it looks for an action by an id which nobody has: the file fails before the view is read."""
    expr, line = item.spec.expr, item.spec.span.start_line
    return "%(" in expr and any(
        mention.xmlid in expr
        and mention.location.path == item.path
        and mention.location.span.start_line >= line
        for mention in unknown(scope)
    )


def _confidence(scope: Scope, item: Seen) -> Confidence:
    """Odoo changes its templates of the browser within a series, the code in them most of all; and some of
    its addons install themselves."""
    wider = with_companions(scope)
    if wider is not None and any(_is_same(item, other) and not other.lost for other in seen(wider)):
        return Confidence.LOW
    if item.view.record != "static" or item.root is None or not item.root.bare:
        return Confidence.HIGH
    return Confidence.LOW if _CODE.search(item.spec.expr) else Confidence.MEDIUM


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=45,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
