"""The services of a compose file which the rules on servers judge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.referred import references
from odoo_debt_lint.deployment.service import Service

STATEFUL = ("odoo", "postgres", "redis")


def servers(compose: ComposeFile, *roles: str) -> Iterator[Service]:
    """Services that keep running, of some roles or of all."""
    for service in compose.services:
        if not service.one_shot and (not roles or service.role in roles) and not _is_job(compose, service):
            yield service


def main_files(composes: list[ComposeFile]) -> Iterator[ComposeFile]:
    """The first file of each folder that runs Odoo with its database, also where one of them stands in a file
    that it includes; others there are variants of it."""
    seen: set[str] = set()
    inside = {path for file in composes for path, included in references(file) if included}
    for compose in sorted(composes, key=lambda file: (len(file.path), file.path)):
        roles = {service.role for service in compose.joined.values()}
        if {"odoo", "postgres"} <= roles and compose.folder not in seen and compose.path not in inside:
            seen.add(compose.folder)
            yield compose


def _is_job(compose: ComposeFile, service: Service) -> bool:
    """Whether another service waits for its end."""
    for other in compose.joined.values():
        node = other.depends_on
        condition = node.value(service.name, "condition") if node is not None else None
        if condition == "service_completed_successfully":
            return True
    return False


def without_comments(compose: ComposeFile) -> str:
    """The text of the file; a comment that speaks of backups makes none."""
    return re.sub(r"(^|\s)#.*$", "", compose.text.text, flags=re.M)
