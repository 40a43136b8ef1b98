"""postgresql.conf with the memory of PostgreSQL's makers, which is for the smallest machine.

## What it does
Reports `shared_buffers` that is missing or not above its default of 128 MB. The message tells what the
memory of the server asks for, where `--memory` or the limit of its service in compose tells it.

## Why is this bad
Each larger search and report of Odoo reads from the disk what would fit into memory, and the planner takes
worse plans because it believes so.

## How to fix
`shared_buffers` about a quarter of the memory that PostgreSQL has, `effective_cache_size` about three
quarters, `work_mem` 16 to 64 MB as far as `max_connections` allows.

## Not reported
Servers of which it is a good part of the memory (15 %); values set on the command line of the service;
files that include others which are not in the run; parts of a `conf.d`. A service without a postgresql.conf
is `postgres-untuned`.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._postgres import advice
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import postgres_servers
from odoo_debt_lint.deployment.setting import KIB, MIB, shown
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_NAME = "shared_buffers"
_DEFAULT = 128 * MIB
_LEAST_SHARE = 0.15


def check(instance: Instance) -> Hits:
    for server in postgres_servers(instance):
        setting = server.settings.get(_NAME)
        if server.file is None or (setting is None and not server.complete):
            continue
        size = setting.size(8 * KIB) if setting is not None else _DEFAULT
        if size is None or size > _DEFAULT or (server.memory and size >= server.memory * _LEAST_SHARE):
            continue
        how = f"shared_buffers is {shown(size)}" if setting is not None else "no shared_buffers, so 128 MB"
        yield Hit(server.place(_NAME), f"{how}: {advice(server)}")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=30,
    listeners=(OnInstance(check),),
)
