"""Image without a version.

## What it does
Reports `image:` without tag, or with one that names no version (`latest`, `alpine`, `stable`) in compose,
and such a `FROM` in a Dockerfile.

## Why is this bad
The next pull may bring another major version: PostgreSQL then refuses the data folder of the old one, and
Odoo the database. What runs cannot be told from the file, nor brought back.

## How to fix
A version, such as `postgres:16.4`, or a digest.

## Not reported
Images built in the same service, or on the same machine (`localhost/…`); variables that the files do not
resolve; digests; stages of the same Dockerfile and `scratch`.
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.dockerfile import Dockerfile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_FLOATING = frozenset("latest alpine slim stable edge main master nightly lts mainline".split())
"""Tags that move on to the next version."""


def check(file: ComposeFile | Dockerfile) -> Hits:
    if isinstance(file, ComposeFile):
        for service in file.services:
            if service.image and "build" not in service.node.pairs and unpinned(service.image):
                message = f"image {service.image} names no version"
                yield Hit(service.node.place("image"), message, entity=service.name)
        return
    for stage in file.stages:
        if stage.image and stage.image != "scratch" and file.base(stage) == stage.image:
            if unpinned(stage.image):
                yield Hit(stage.start.span, f"image {stage.image} names no version")


def unpinned(image: str) -> bool:
    """Whether an image has neither a digest nor a tag that says anything."""
    host, _, path = image.partition("/")
    if "@" in image or (path and (host.partition(":")[0] == "localhost" or host.endswith(".local"))):
        return False
    tag = re.search(r":([^:/]+)$", image)
    return tag is None or all(part in _FLOATING for part in tag[1].split("-"))


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnDeployment(("compose", "dockerfile"), check),),
)
