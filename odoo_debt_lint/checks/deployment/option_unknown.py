"""Option of odoo.conf that looks like one of Odoo's and is none.

## What it does
Compares the options with those of the instance's series, and reports what none of them and no well-known
addon reads: a name close to a real option, or a real one which comes in a later series.

## Why is this bad
Odoo ignores it without a word, and the default holds: `worker = 4` starts no worker at all.

## How to fix
The name which the message tells.

## Not reported
Other sections. Options which resemble none of Odoo's are mostly read by an addon: they are of low
confidence.
"""

from __future__ import annotations

import difflib
import re

from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.options import ALWAYS, OBSOLETE, SINCE
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnDeployment, Rule, Severity, series_number

_FOREIGN = re.compile(
    r"(sentry|session|redis|queue|s3|aws|saml|auth|prometheus|odoo|enterprise|kafka|rabbitmq|azure|gcs|sftp|backup|"
    r"log_json|logging|monitoring|api|test|mail|ir_cron|channels|server_env|dbuuid|attachment|modules|"
    r"report|wkhtmltopdf|phantom|database|dbfilter_from|auto_backup)[_a-z0-9]*"
)

_COMMAND_LINE = {
    "dev": "dev_mode",
    "load": "server_wide_modules",
    "database": "db_name",
    "no_database_list": "list_db",
}
"""What the command line calls otherwise."""


def check(conf: ConfFile) -> Hits:
    series = series_number(conf.series)
    for name, entry in conf.options.items():
        if name in ALWAYS or name in OBSOLETE:
            continue
        if name in SINCE:
            if series and series < SINCE[name]:
                yield Hit(entry.span, f"option {name} comes with {SINCE[name]:g}.0: {conf.series} ignores it")
            continue
        near = difflib.get_close_matches(name, [*ALWAYS, *SINCE], 1, 0.84)
        meant = _COMMAND_LINE.get(name) or (near[0] if near else "")
        if meant:
            yield Hit(entry.span, f"Odoo has no option {name}; {meant} is meant?")
        else:
            confidence = Confidence.LOW if _is_foreign(name, entry.value) else None
            yield Hit(entry.span, f"Odoo has no option {name}", confidence=confidence)


def _is_foreign(name: str, value: str | None) -> bool:
    """Whether the option is probably one of an addon; who fills in variables knows what reads them."""
    return value is None or "_" not in name or "://" in value or bool(_FOREIGN.fullmatch(name))


RULE = Rule(
    severity=Severity.LOW,
    block=Block.INFRASTRUCTURE,
    minutes=5,
    confidence=Confidence.MEDIUM,
    listeners=(OnDeployment(("odoo",), check),),
    tags=("secret",),  # an option of an addon may hold a key
)
