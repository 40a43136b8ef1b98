"""What a runbook is made of."""

from __future__ import annotations

from dataclasses import dataclass

from odoo_debt_lint.infrastructure.shell import Shell


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, and the commands that do it. Words of files stand between backticks in ``text``."""

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    steps: tuple[Step, ...]


def code(name: str) -> str:
    """A name of a file as a word of code in a text; backticks would end it."""
    return f"`{name.replace('`', '′')}`"


def answers(shell: Shell) -> tuple[str, ...]:
    """Waits for PostgreSQL."""
    return (shell.database_tool("pg_isready", "-t 30"),)
