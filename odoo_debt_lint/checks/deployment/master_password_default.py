"""Master password that is missing, usual, short or in plain text.

## What it does
Looks at `admin_passwd` of odoo.conf: missing (then it is `admin`), a usual word, a placeholder or shorter
than eight characters is critical; a good one in plain text is of medium severity.

## Why is this bad
Whoever has it can download, replace and delete all databases through `/web/database/manager`.

## How to fix
Let the database manager set a long random one: Odoo writes its hash (`$pbkdf2-sha512$…`) into the file. And
switch the manager off with `list_db = False`.

## Not reported
Hashes; variables of a template; an empty password, with which nobody gets in; no password where `list_db`
is off.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._passwords import weakness
from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity, series_number

_HASHES = ("$pbkdf2-", "pbkdf2_", "$2", "$argon2", "$6$")
_SKIPS_FALSE = 19.0
"""Since then ``False`` leaves an option that is no switch at its default."""


def check(conf: ConfFile) -> Hits:
    entry = conf.get("admin_passwd")
    if entry is None:
        if not conf.is_false("list_db") and conf.known("list_db", "admin_passwd"):
            yield Hit(conf.first, "no admin_passwd: the master password is Odoo's default")
        return
    if entry.value is None or entry.value.startswith(_HASHES):
        return
    if conf.is_false("admin_passwd"):
        # until 18.0 no password fits an empty one
        if series_number(conf.series) >= _SKIPS_FALSE and entry.value in ("False", "false"):
            message = f"admin_passwd = {entry.value} is skipped: the master password is Odoo's default"
            yield Hit(entry.span, message)
        return
    why = weakness(entry.value)
    if why:
        yield Hit(entry.span, f"the master password {why}")
    else:
        yield Hit(
            entry.span,
            "the master password stands here in plain text, not as a hash",
            severity=Severity.MEDIUM,
        )


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnDeployment(("odoo",), check),),
    tags=("secret",),
)
