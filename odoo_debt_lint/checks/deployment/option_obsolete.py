"""Option of odoo.conf that its series no longer knows by this name.

## What it does
Compares the options with those of the instance's series: the one of `--series`, of the image `odoo:17.0`,
or the one that all addons have. Where it is not known, only what no series from 14.0 on knows is reported.

## Why is this bad
A removed option does nothing, without a word: whoever reads the file believes that it holds. A renamed one
stops with the next series.

## How to fix
The new name, which the message tells; else remove it.

## Not reported
Options whose new name is set as well, such as in a file for several series; empty and false values.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.conf import FALSE, ConfFile
from odoo_debt_lint.deployment.options import OBSOLETE
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity, series_number

_ALL_KNOWN = 14.0


def check(conf: ConfFile) -> Hits:
    series = series_number(conf.series) or _ALL_KNOWN
    for name, entry in conf.options.items():
        since, successor = OBSOLETE.get(name, (0.0, ""))
        if not since or series < since or (successor and successor in conf.options):
            continue
        if entry.value is not None and entry.value.lower() in FALSE:
            continue
        what = f"it is {successor} since {since:g}.0" if successor else f"there is none since {since:g}.0"
        yield Hit(entry.span, f"option {name}: {what}")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnDeployment(("odoo",), check),),
)
