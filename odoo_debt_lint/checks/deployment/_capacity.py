"""What an odoo.conf with workers asks for: processes, memory, connections."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Location


def with_workers(instance: Instance) -> Iterator[tuple[ConfFile, int]]:
    """Each odoo.conf that starts workers, and how many."""
    for conf in instance.confs:
        workers = conf.number("workers", 0)
        if workers and workers > 0:
            yield conf, workers


def place(conf: ConfFile, *names: str) -> Location:
    """Where an option is set, else the first line."""
    return Location(conf.path, conf.place(*names))
