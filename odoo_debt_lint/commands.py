"""The commands beside ``check``: each asks for one thing and prints it."""

from __future__ import annotations

from typing import Any

import click

from odoo_debt_lint.discovery import UsageError
from odoo_debt_lint.settings import load


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--format", "-f", "kind", default="text", help="text (default), csv, json or svg (the graph).")
@click.option("--output", "-o", default="", help="File to write instead of stdout.")
@click.option(
    "--own-author", "own_authors", multiple=True, help="Author of addons that are yours; repeatable."
)
@click.option("--series", help="Odoo series of addons whose version tells none.")
@click.option("--odoo-path", multiple=True, help="Odoo source tree or index file to use.")
@click.option("--exclude", multiple=True, help="Paths to leave out (gitignore patterns).")
@click.option("--no-cache", is_flag=True, help="Do not remember results of unchanged files.")
def inventory(paths: tuple[str, ...], kind: str, output: str, no_cache: bool, **options: Any) -> None:
    """Say what is installed and by whom: addons, lines, models, tests, dependents."""
    from odoo_debt_lint.inventory import graph, render
    from odoo_debt_lint.report.output import put
    from odoo_debt_lint.run import survey

    writers = {"text": render.as_text, "csv": render.as_csv, "json": render.as_json, "svg": graph.as_svg}
    if kind not in writers:
        raise UsageError(f"unknown inventory format {kind!r}: use {', '.join(writers)}")
    overrides = {key: list(value) if isinstance(value, tuple) else value for key, value in options.items()}
    given = {key: value for key, value in overrides.items() if value}
    settings = load(None, {**given, "cache": False if no_cache else None})
    text = writers[kind](survey(paths or (".",), settings, lambda done, total: None))
    try:
        put(output, text)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}") from None
