"""What the files of an instance run and set: texts in which rules look for a sign of something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks.deployment._servers import main_files, without_comments
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.shell import Command
from odoo_debt_lint.rule import Hit, Hits, Location

_SAYS = frozenset(
    (
        "echo printf log info warn error die usage logger print cat grep which type man apt apt-get apk yum "
        "dnf"
    ).split()
)


SHUTS_OUT = re.compile(r"fail2ban|crowdsec|sshguard|denyhosts|jail\.(local|conf|d/)", re.I)
"""Signs of something that shuts out who tries passwords."""


def runs(command: Command) -> bool:
    """Whether a command does something, and does not only speak of it."""
    return command.program not in _SAYS and "--version" not in command.words and "--help" not in command.words


def commands(instance: Instance) -> Iterator[Command]:
    """What scripts, crontabs and services of systemd run."""
    for script in instance.scripts:
        yield from filter(runs, script.commands)
    for schedule in instance.schedules:
        for job in schedule.jobs:
            yield from filter(runs, job.commands)


def texts(instance: Instance) -> Iterator[str]:
    """Names of files, instructions, settings and commands, without comments."""
    yield from instance.paths
    yield from (item.text for file in instance.dockerfiles for item in file.instructions)
    yield from (without_comments(file) for file in instance.composes)
    yield from (name for env in instance.envs for name in env.entries)
    yield from (name for conf in instance.confs for name in conf.options)
    yield from (command.text for command in commands(instance))


def unless_signed(instance: Instance, sign: re.Pattern[str], addons: re.Pattern[str], message: str) -> Hits:
    """A hit for each project of which no file shows the sign, and no addon is called like one of its kind."""
    if instance.alone or any(sign.search(text) for text in texts(instance)):
        return
    if any(addons.search(name) for name in instance.addons):
        return
    for compose in main_files(instance.composes):
        yield Hit(Location(compose.path, compose.first), message)
