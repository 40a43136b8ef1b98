"""The areas of the score card, and to which of them a rule belongs.

A rule of the deployment family belongs to exactly one area: that of the kind of files in which it listens, or
of its block where several kinds are at stake. ``_NAMED`` holds the rules for which neither is right.
"""

from __future__ import annotations

import msgspec

from odoo_debt_lint.rule import Block, OnDeployment, Rule

FAMILY = "deployment"


class Area(msgspec.Struct, frozen=True):
    """``kinds`` are the files that say something of it; ``roles`` those of services or jobs which do as well.

    The role ``whole`` is that of a compose file with Odoo and its database: only there can it be missed that
    nothing makes backups and nobody watches.
    """

    key: str
    title: str
    points: int
    kinds: tuple[str, ...]
    roles: tuple[str, ...] = ()


AREAS = (
    Area("compose", "Containers and services", 20, ("compose", "dockerfile")),
    Area("postgresql", "PostgreSQL", 20, ("postgresql", "pg_hba"), ("postgres",)),
    Area("redis", "Redis", 10, ("redis",), ("redis",)),
    Area("network", "Networking and security", 15, ("nginx", "odoo", "compose", "sshd", "fail2ban")),
    Area("secrets", "Secrets", 10, ("odoo", "env", "compose", "dockerfile")),
    Area("backup", "Backup and recovery", 15, (), ("whole", "backup")),
    Area("monitoring", "Monitoring", 10, (), ("whole", "monitoring")),
)

WHOLE = frozenset({"backup-missing", "monitoring-missing"})
"""Rules which say that what an area is about is not there at all: they take all of its points."""

_NAMED = {
    "data-not-persisted": "backup",
    "db-maxconn-exceeds-server": "postgresql",
    "default-network": "network",
    "logging-unbounded": "monitoring",
    "option-unknown": "compose",
    "port-published-to-world": "network",
    "postgres-untuned": "postgresql",
    "proxy-headers-missing": "network",
    "secret-in-compose": "secrets",
    "secret-in-image": "secrets",
    "upload-limit-too-low": "network",
    "websocket-not-routed": "network",
    "memory-settings-default": "postgresql",
    "slow-query-log-off": "postgresql",
    "pg-stat-statements-missing": "postgresql",
    "listen-world": "postgresql",
    "trust-authentication": "postgresql",
    "persistence-off": "redis",
    "maxmemory-unset": "redis",
    "eviction-policy-unset": "redis",
    "redis-without-password": "redis",
    "redis-bind-world": "redis",
    "ssh-password-authentication": "network",
    "ssh-root-login": "network",
    "fail2ban-missing": "network",
    "backup-without-retention": "backup",
    "backup-without-offsite": "backup",
    "backup-without-restore-test": "backup",
}

_BY_KIND = {
    "compose": "compose",
    "dockerfile": "compose",
    "postgresql": "postgresql",
    "pg_hba": "postgresql",
    "redis": "redis",
    "nginx": "network",
    "sshd": "network",
    "fail2ban": "network",
    "env": "secrets",
    "script": "backup",
    "schedule": "backup",
}

_BY_BLOCK = {Block.SECURITY: "network", Block.BACKUPS: "backup", Block.OBSERVABILITY: "monitoring"}


def area_of(rule: Rule) -> str:
    """The key of the rule's area; empty for a rule that judges no files of an instance."""
    if rule.family != FAMILY:
        return ""
    if rule.name in _NAMED:
        return _NAMED[rule.name]
    if "secret" in rule.tags:
        return "secrets"
    kinds = {kind for item in rule.listeners if isinstance(item, OnDeployment) for kind in item.kinds}
    areas = {_BY_KIND.get(kind, "") for kind in kinds}
    if len(areas) == 1 and "" not in areas:
        return areas.pop()
    return _BY_BLOCK.get(rule.block, "compose")
