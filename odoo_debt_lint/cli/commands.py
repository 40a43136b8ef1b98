"""The commands beside ``check``: each asks for one thing and prints it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from odoo_debt_lint.cli.options import complete_rule
from odoo_debt_lint.cli.progress import progress
from odoo_debt_lint.errors import UsageError


@click.command(short_help="Say what is installed and by whom.")
@click.argument("paths", nargs=-1)
@click.option("--format", "-f", "kind", default="text", help="text (default), csv, json or svg (the graph).")
@click.option("--output", "-o", default="", help="File to write instead of stdout.")
@click.option(
    "--own-author", "own_authors", multiple=True, help="Author of addons that are yours; repeatable."
)
@click.option("--series", help="Odoo series of addons whose version tells none.")
@click.option("--odoo-path", multiple=True, help="Odoo source tree or index file to use.")
@click.option("--exclude", multiple=True, help="Paths to leave out (gitignore patterns).")
@click.option("--config", type=click.Path(), help="Configuration file to use.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--no-cache", is_flag=True, help="Do not remember results of unchanged files.")
def inventory(paths: tuple[str, ...], kind: str, output: str, no_cache: bool, **options: Any) -> None:
    """Say what is installed and by whom: addons, lines, models, tests, dependents."""
    from odoo_debt_lint.cli.inputs import settings_of
    from odoo_debt_lint.inventory import graph, render
    from odoo_debt_lint.report.output import deliver
    from odoo_debt_lint.run import survey

    writers = {"text": render.as_text, "csv": render.as_csv, "json": render.as_json, "svg": graph.as_svg}
    if kind not in writers:
        raise UsageError(f"unknown inventory format {kind!r}: use {', '.join(writers)}")
    paths = paths or (".",)
    lists = {key: list(value) for key, value in options.items() if isinstance(value, tuple) and value}
    texts = {key: value for key, value in options.items() if not isinstance(value, tuple)}
    settings = settings_of(paths, {**texts, **lists, "cache": False if no_cache else None})
    deliver(output, writers[kind](survey(paths, settings, lambda done, total: None)))


@click.command()
@click.argument("rule", shell_complete=complete_rule)
def explain(rule: str) -> None:
    """Show the documentation of a rule."""
    from odoo_debt_lint.registry import all_rules, expand

    if rule not in all_rules():
        expand([rule])
        raise UsageError(f"{rule!r} is a group; give one rule")
    item = all_rules()[rule]
    cost = f"{item.minutes} min" + (f", {item.offset} more for the first of an addon" if item.offset else "")
    click.echo(f"{item.name}: {item.severity.label}, {item.family}, block {item.block.value}, {cost}\n")
    click.echo(item.doc.strip())


@click.command()
def rules() -> None:
    """List all rules."""
    from odoo_debt_lint.registry import all_rules

    for item in all_rules().values():
        click.echo(f"{item.name:32} {item.severity.label:9} {item.family:12} {item.summary}")


@click.command(short_help="Index Odoo's sources for --odoo-path.")
@click.argument("odoo", nargs=-1, required=True)
@click.option("--output", "-o", required=True, help="File to write, e.g. 16.0.zip.")
@click.option("--jobs", "-j", type=int, default=0, help="Worker processes (default: one per core).")
@click.option("--quiet", "-q", is_flag=True, help="No progress bar.")
def index(odoo: tuple[str, ...], output: str, jobs: int, quiet: bool) -> None:
    """Index Odoo source trees (community, enterprise, addons) of one series for --odoo-path."""
    from odoo_debt_lint.core.build import build
    from odoo_debt_lint.core.locate import locate
    from odoo_debt_lint.report.output import need_a_place

    need_a_place(output)
    tree = locate(map(Path, odoo))
    target = Path(output)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with progress(quiet) as advance:
            header = build(tree, temporary, jobs, advance)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"{output}: {error.strerror}") from None
    editions = " and ".join(header.editions) or "addons"
    count = len(header.addons)
    click.echo(f"{output}: Odoo {header.series}, {editions}, {count} addon{'' if count == 1 else 's'}")


@click.command(short_help="What has changed between two JSON reports.")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.option("--format", "-f", "kind", default="text", help="text (default), markdown, html or json.")
@click.option("--output", "-o", default="", help="File to write instead of stdout.")
@click.option("--report-title", default="", help="Title of the html page.")
@click.option("--client", default="", help="For whom the html page is.")
@click.option("--lang", default="en", help="Language of its fixed texts: en (default), es, fr or de.")
def compare(old: str, new: str, kind: str, output: str, **cover: str) -> None:
    """Compare two JSON reports: fixed, new and moved findings, debt and grade of each addon.

    Markdown is for a comment on a pull request, HTML for those who pay for the work. The exit code
    is 0 whatever has changed; to fail on new findings use check --baseline.
    """
    from odoo_debt_lint.outcome.compare import changes, read
    from odoo_debt_lint.report import changes as writers
    from odoo_debt_lint.report.changes_html import as_html
    from odoo_debt_lint.report.cover import Cover
    from odoo_debt_lint.report.output import deliver
    from odoo_debt_lint.report.texts import LANGUAGES

    kinds = {"text": writers.as_text, "markdown": writers.as_markdown, "json": writers.as_json}
    if kind not in (*kinds, "html"):
        raise UsageError(f"unknown format {kind!r}: use {', '.join((*kinds, 'html'))}")
    if cover["lang"] not in LANGUAGES:
        raise UsageError(f"unknown lang {cover['lang']!r}: use {', '.join(LANGUAGES)}")
    found = changes(read(old), read(new))
    page = Cover(cover["report_title"], cover["client"], lang=cover["lang"])
    deliver(output, as_html(found, page) if kind == "html" else kinds[kind](found))
