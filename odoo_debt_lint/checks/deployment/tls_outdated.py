"""TLS in versions that are broken.

## What it does
Reports `ssl_protocols` of nginx with SSLv2, SSLv3, TLSv1 or TLSv1.1.

## Why is this bad
These versions have known attacks, no browser needs them, and audits (PCI DSS) fail for them.

## How to fix
`ssl_protocols TLSv1.2 TLSv1.3;`

## Not reported
No `ssl_protocols`: the defaults of nginx are good.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.nginx import NginxFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_OLD = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})


def check(file: NginxFile) -> Hits:
    for item in file.top.everywhere("ssl_protocols"):
        old = [name for name in item.args if name in _OLD]
        if old and item.path == file.path:
            yield Hit(file.text.line_span(item.line), f"{', '.join(old)} is accepted")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=10,
    listeners=(OnDeployment(("nginx",), check),),
)
