"""Settings for developers in the odoo.conf of an instance.

## What it does
Reports `dev_mode`, `log_level = debug…`, `:DEBUG` for everything, requests or queries in `log_handler`,
`test_enable` and demo data switched on.

## Why is this bad
`dev_mode` shows tracebacks and reads views and code from files with each request. Debug logs hold what
users enter, fill the disk and slow everything down. Demo data brings users with known passwords.

## How to fix
Remove the option; keep it in a file of its own for development, such as `odoo.dev.conf`.

## Not reported
Files for development and tests by their name; debug logs of single loggers.
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.conf import FALSE, TRUE, ConfFile
from odoo_debt_lint.deployment.options import SINCE
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity, series_number

_LOGGER = re.compile(r"(?:^|,|\s|'|\[)(root|odoo|werkzeug|odoo\.sql_db|):debug")
_CHATTY = ("werkzeug", "odoo.sql_db")
"""Loggers of each request and each query."""


def check(conf: ConfFile) -> Hits:
    for name, problem in _problems(conf):
        yield Hit(conf.place(name), problem)


def _problems(conf: ConfFile) -> list[tuple[str, str]]:
    values = {name: entry.value.lower() for name, entry in conf.options.items() if entry.value is not None}
    found = []
    if values.get("dev_mode", "") not in FALSE:
        found.append(("dev_mode", "dev_mode is on"))
    if values.get("log_level", "").startswith("debug"):
        found.append(("log_level", f"log_level = {values['log_level']}"))
    if logger := _LOGGER.search(values.get("log_handler", "")):
        what = logger[1] if logger[1] in _CHATTY else "everything"
        found.append(("log_handler", f"log_handler logs {what} at DEBUG"))
    if values.get("test_enable") in TRUE:
        found.append(("test_enable", "test_enable is on: each update of a module runs its tests here"))
    if name := _demo(conf, values):
        found.append((name, "new databases get demo data, with users whose passwords are known"))
    return found


def _demo(conf: ConfFile, values: dict[str, str]) -> str:
    """The option that lets demo data in: 19.0 turned it round, and before a text is no ``False``."""
    if values.get("with_demo") in TRUE and not 0 < series_number(conf.series) < SINCE["with_demo"]:
        return "with_demo"
    return "without_demo" if conf.is_false("without_demo") else ""


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnDeployment(("odoo",), check),),
)
