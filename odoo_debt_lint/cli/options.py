"""Options that more than one command of the command line takes: what is read, chosen and limited."""

from __future__ import annotations

from typing import Any

import click


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from odoo_debt_lint.registry import all_rules

    return [name for name in all_rules() if name.startswith(incomplete)]


def _split(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str] | None:
    names = [name.strip() for item in value for name in item.split(",") if name.strip()]
    return names or None


def _given(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str] | None:
    return list(value) or None


OPTIONS: list[Any] = [
    click.option(
        "--select",
        multiple=True,
        callback=_split,
        shell_complete=complete_rule,
        help="Only these rules, families, blocks or tags.",
    ),
    click.option(
        "--ignore", multiple=True, callback=_split, shell_complete=complete_rule, help="All but these."
    ),
    click.option(
        "--extend-select",
        multiple=True,
        callback=_split,
        shell_complete=complete_rule,
        help="These on top of the selection.",
    ),
    click.option(
        "--exclude", multiple=True, callback=_split, help="Paths not to report (gitignore patterns)."
    ),
    click.option("--series", help="Odoo series of addons whose version tells none, e.g. 16.0."),
    click.option(
        "--from",
        "from_series",
        help="Report what breaks after this series (default: the series of each addon).",
    ),
    click.option("--to", help="Report what breaks up to and including this series: a migration is ahead."),
    click.option(
        "--odoo-path",
        multiple=True,
        callback=_given,
        help="Odoo to judge against instead of the shipped index: source tree, addons or index; repeatable.",
    ),
    click.option("--min-severity", help="Hide findings below: low, medium, high, critical."),
    click.option("--min-confidence", help="Hide findings below: low, medium (default), high."),
    click.option("--fail-on", help="Exit 1 from this severity on (default high), or never."),
    click.option("--max-debt", type=float, help="Exit 1 when the debt is above this many hours."),
    click.option(
        "--max-new-debt", type=float, help="Exit 1 when the debt that is not in --baseline is above this."
    ),
    click.option("--min-grade", help="Exit 1 when the grade is below this one (A to E)."),
    click.option(
        "--baseline",
        type=click.Path(),
        help="Findings of this file are shown as known; --fail-on and --max-new-debt judge only new ones.",
    ),
    click.option(
        "--new-only", is_flag=True, default=None, help="Neither show nor charge what --baseline knows."
    ),
    click.option("--minutes-per-line", type=float, help="Cost of writing a line, for the ratio (default 5)."),
    click.option(
        "--engine", "engines", multiple=True, callback=_split, help="Run semgrep or pylint too; repeatable."
    ),
    click.option(
        "--semgrep-config", multiple=True, callback=_split, help="More semgrep rules, beside our pack."
    ),
    click.option("--cores", type=float, help="Cores of the server, to judge the number of workers."),
    click.option("--memory", type=float, help="Memory of the server in GiB, to judge limits."),
    click.option("--jobs", "-j", type=int, help="Worker processes (default: one per core)."),
    click.option("--config", type=click.Path(), help="Configuration file to use."),
    click.option("--isolated", is_flag=True, help="Use no configuration file."),
    click.option("--cache/--no-cache", default=None, help="Remember results of unchanged files (default)."),
    click.option("--cache-dir", help="Folder of the cache."),
    click.option(
        "--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out ignored files (default)."
    ),
]


def with_options(command: Any) -> Any:
    for option in reversed(OPTIONS):
        command = option(command)
    return command
