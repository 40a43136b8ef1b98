"""What a runbook is made of."""

from __future__ import annotations

import msgspec

from odoo_debt_lint.infrastructure.shell import Shell


class Step(msgspec.Struct, frozen=True):
    """What to do, and the commands that do it. Words of files stand between backticks in ``text``."""

    text: str
    commands: tuple[str, ...] = ()


class Chapter(msgspec.Struct, frozen=True):
    title: str
    steps: tuple[Step, ...]


def code(name: str) -> str:
    """A name of a file as a word of code in a text; backticks would end it."""
    return f"`{name.replace('`', '′')}`"


def answers(shell: Shell) -> tuple[str, ...]:
    """Waits for PostgreSQL."""
    return (shell.database_tool("pg_isready", "-t 30"),)
