"""TLS in versions or with ciphers that are broken.

## What it does
Reports `ssl_protocols` of nginx with SSLv2, SSLv3, TLSv1 or TLSv1.1, and `ssl_ciphers` that name RC4, DES,
3DES, MD5, export ciphers or such without encryption or authentication.

## Why is this bad
These versions and ciphers have known attacks, no browser needs them, and audits (PCI DSS) fail for them.

## How to fix
`ssl_protocols TLSv1.2 TLSv1.3;`, and no `ssl_ciphers`, or `HIGH:!aNULL:!MD5`.

## Not reported
No `ssl_protocols` or `ssl_ciphers`: the defaults of nginx are good. Ciphers that the list takes out (`!RC4`,
`-DES`) or only orders (`+HIGH`).
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.nginx import NginxFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_BROKEN = frozenset(
    {"RC4", "DES", "CBC3", "3DES", "MD5", "EXP", "EXPORT", "NULL", "eNULL", "aNULL", "ADH", "LOW"}
)
_OLD = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})


def check(file: NginxFile) -> Hits:
    for item in file.top.everywhere("ssl_protocols"):
        old = [name for name in item.args if name in _OLD]
        if old and item.path == file.path:
            yield Hit(file.text.line_span(item.line), f"{', '.join(old)} is accepted")
    for item in file.top.everywhere("ssl_ciphers"):
        weak = _weak(" ".join(item.args))
        if weak and item.path == file.path:
            yield Hit(file.text.line_span(item.line), f"ciphers with {', '.join(weak)} are accepted")


def _weak(ciphers: str) -> list[str]:
    """What is broken of what a list of ciphers takes in and does not take out again."""
    names = [name for name in re.split(r"[\s:,]+", ciphers) if name]
    out = {name[1:] for name in names if name[0] in "!-"}
    if "3DES" in out:
        out |= {"DES", "CBC3"} if "DES" not in names else {"CBC3"}  # DES-CBC3-SHA is one of them
    found = (part for name in names if name[0] not in "!-+@" for part in re.split(r"[+-]", name))
    return sorted({part for part in found if part in _BROKEN and part not in out})


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=10,
    listeners=(OnDeployment(("nginx",), check),),
)
