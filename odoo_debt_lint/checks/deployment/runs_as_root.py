"""Image that runs as root.

## What it does
Reports a Dockerfile whose last stage ends as `USER root`, or names no user on a base which starts as root.

## Why is this bad
A hole in Odoo or in an addon is root in the container at once: it changes the code, and a hole of the
runtime or a careless mount makes it root on the host.

## How to fix
`USER odoo` (or another one without rights) after the last installation.

## Not reported
`FROM odoo`, which sets its own user; bases that are not known; entrypoints that drop rights (`gosu`,
`su-exec`, `setpriv`).
"""

from __future__ import annotations

import posixpath
import re

from odoo_debt_lint.deployment.dockerfile import Dockerfile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_ROOT = frozenset("debian ubuntu python alpine centos fedora rockylinux node amazonlinux golang".split())
_DROPS = re.compile(r"\b(gosu|su-exec|setpriv|runuser|supervisord|s6-overlay|dumb-init su)\b")


def check(file: Dockerfile) -> Hits:
    if not file.stages or _DROPS.search(file.text.text):
        return
    last = file.stages[-1]
    for stage in file.chain(last):
        users = [item for item in stage.instructions if item.name == "USER"]
        if users:
            if users[-1].text.split(":")[0].strip() in ("root", "0"):
                yield Hit(users[-1].span, "the image runs as root: no other USER follows")
            return
    name = posixpath.basename(file.base(last).partition("@")[0]).partition(":")[0]
    if name in _ROOT:
        yield Hit(file.first, f"no USER, and {name} starts as root")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=20,
    listeners=(OnDeployment(("dockerfile",), check),),
)
