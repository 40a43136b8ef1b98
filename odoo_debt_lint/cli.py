"""The command line: options to settings, report to writers, outcome to exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from odoo_debt_lint import __version__
from odoo_debt_lint.discovery import UsageError, find_root
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.settings import Settings, find_config, load

OK, FINDINGS, ERROR = 0, 1, 2
FORMATS = ("text", "json", "sarif")


class _Group(click.Group):
    """A group whose default command is ``check``: ``odoo-debt-lint addons/`` just works."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "--version"}
        if args and args[0] not in self.commands and args[0] not in own:
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="odoo-debt-lint")
def cli() -> None:
    """Lint custom Odoo addons and say what they cost: odoo-debt-lint [check] PATH..."""


def _split(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str] | None:
    names = [name.strip() for item in value for name in item.split(",") if name.strip()]
    return names or None


_OPTIONS: list[Any] = [
    click.option(
        "--select", multiple=True, callback=_split, help="Only these rules, families, blocks or tags."
    ),
    click.option("--ignore", multiple=True, callback=_split, help="All but these."),
    click.option("--extend-select", multiple=True, callback=_split, help="These on top of the selection."),
    click.option(
        "--exclude", multiple=True, callback=_split, help="Paths to leave out (gitignore patterns)."
    ),
    click.option("--series", help="Odoo series of addons whose version tells none, e.g. 16.0."),
    click.option("--min-severity", help="Hide findings below: low, medium, high, critical."),
    click.option("--min-confidence", help="Hide findings below: low, medium (default), high."),
    click.option("--fail-on", help="Exit 1 from this severity on (default high), or never."),
    click.option("--max-debt", type=float, help="Exit 1 when the debt is above this many hours."),
    click.option("--min-grade", help="Exit 1 when the grade is below this one (A to E)."),
    click.option("--minutes-per-line", type=float, help="Cost of writing a line, for the ratio (default 6)."),
    click.option("--jobs", "-j", type=int, help="Worker processes (default: one per core)."),
    click.option("--config", type=click.Path(), help="Configuration file to use."),
    click.option("--isolated", is_flag=True, help="Use no configuration file."),
    click.option("--cache/--no-cache", default=None, help="Remember results of unchanged files (default)."),
    click.option("--cache-dir", help="Folder of the cache."),
    click.option(
        "--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out ignored files (default)."
    ),
]


def _with_options(command: Any) -> Any:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@cli.command()
@click.argument("paths", nargs=-1)
@_with_options
@click.option(
    "--output-format",
    "-f",
    "formats",
    multiple=True,
    help="text, json or sarif, each as FORMAT[:PATH]; repeatable.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
@click.option("--statistics", is_flag=True, help="Counts and debt only, no single findings.")
@click.option("--show-files", is_flag=True, help="List what would be read, and stop.")
@click.option("--show-settings", is_flag=True, help="Print the settings in force, and stop.")
@click.option("--include-suppressed", is_flag=True, help="Write accepted findings to SARIF too.")
@click.option("--sarif-category", default="", help="automationDetails.id of the SARIF run.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Coloured text."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress bar.")
def check(paths: tuple[str, ...], **options: Any) -> None:
    """Lint addons (folders, addons or files; default: this folder)."""
    wanted = paths or (".",)
    settings = _settings(wanted, options)
    if options["show_settings"]:
        _print_settings(settings)
        return
    if options["show_files"]:
        _print_files(wanted, settings)
        return
    targets = [_target(item) for item in options["formats"] or ("text",)]
    from odoo_debt_lint import run as pipeline

    with _progress(options["quiet"]) as progress:
        report = pipeline.run(wanted, settings, progress)
    report.failures = tuple(_failures(report, settings))
    for name, path in targets:
        _write(report, name, path, options)
    sys.exit(_exit_code(report, options["exit_zero"]))


def _settings(paths: tuple[str, ...], options: dict[str, Any]) -> Settings:
    names = {name for name in Settings.__dataclass_fields__ if name in options}
    overrides = {name: options[name] for name in names}
    config = Path(options["config"]) if options["config"] else None
    existing = [Path(path) for path in paths if os.path.exists(path)]
    if config is None and not options["isolated"] and existing:
        config = find_config(existing, find_root(existing))
    return load(config, overrides)


def _target(item: str) -> tuple[str, str]:
    name, _, path = item.partition(":")
    if name not in FORMATS:
        raise UsageError(f"unknown output format {name!r}: use {', '.join(FORMATS)}")
    return name, path


def _print_settings(settings: Settings) -> None:
    for name in settings.__dataclass_fields__:
        click.echo(f"{name.replace('_', '-')} = {getattr(settings, name)!r}")


def _print_files(paths: tuple[str, ...], settings: Settings) -> None:
    from odoo_debt_lint.discovery import discover

    found = discover(paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore)
    for addon in found.addons:
        for file in addon.files:
            click.echo(f"{file.path}\t{file.role}")
    for file in found.deployment:
        click.echo(f"{file.path}\t{file.role}")


def _write(report: Report, name: str, path: str, options: dict[str, Any]) -> None:
    """Writes one format to a file or to stdout; a failed write is a usage error, never half a file."""
    if name == "text":
        _write_text(report, path, options)
        return
    if name == "json":
        from odoo_debt_lint.report.json import as_json

        text = as_json(report)
    else:
        from odoo_debt_lint.report.sarif import as_sarif

        text = as_sarif(
            report, include_suppressed=options["include_suppressed"], category=options["sarif_category"]
        )
    if path:
        _replace_file(path, text)
    else:
        click.echo(text, nl=False)


def _write_text(report: Report, path: str, options: dict[str, Any]) -> None:
    import io

    from rich.console import Console

    from odoo_debt_lint.report.text import print_text

    if path:
        stream = io.StringIO()
        print_text(report, Console(file=stream, width=120, color_system=None), options["statistics"])
        _replace_file(path, stream.getvalue())
        return
    force = {"auto": None, "always": True, "never": False}[options["color"]]
    width = None if sys.stdout.isatty() else 120
    console = Console(
        force_terminal=force, no_color=True if options["color"] == "never" else None, width=width
    )
    print_text(report, console, options["statistics"])


def _replace_file(path: str, text: str) -> None:
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"{path}: {error.strerror}") from None


def _failures(report: Report, settings: Settings) -> Iterator[str]:
    """Why the run fails, one line a gate."""
    if settings.fail_on != "never":
        count = sum(1 for finding in report.findings if finding.severity.label in _from(settings.fail_on))
        if count:
            yield f"failed: {count} finding(s) of severity {settings.fail_on} or above"
    if settings.max_debt is not None and report.debt.hours > settings.max_debt:
        yield f"failed: {report.debt.hours:.1f} hours of debt are above the limit of {settings.max_debt:g}"
    if settings.min_grade and report.debt.grade > settings.min_grade:
        yield f"failed: grade {report.debt.grade} is below {settings.min_grade}"


def _from(severity: str) -> tuple[str, ...]:
    names = ("low", "medium", "high", "critical")
    return names[names.index(severity) :]


def _exit_code(report: Report, exit_zero: bool) -> int:
    if any(problem.kind == "internal-error" for problem in report.problems):
        return ERROR
    return FINDINGS if report.failures and not exit_zero else OK


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A progress bar on a terminal's stderr, else nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def advance(done: int, total: int) -> None:
            if total:
                bar.update(task, total=total, completed=done)
            else:
                bar.advance(task, done)

        yield advance


@cli.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Show the documentation of a rule."""
    from odoo_debt_lint.registry import all_rules, expand

    if rule not in all_rules():
        expand([rule])
        raise UsageError(f"{rule!r} is a group; give one rule")
    item = all_rules()[rule]
    click.echo(
        f"{item.name}: {item.severity.label}, {item.family}, block {item.block.value}, {item.minutes} min\n"
    )
    click.echo(item.doc.strip())


@cli.command()
def rules() -> None:
    """List all rules."""
    from odoo_debt_lint.registry import all_rules

    for item in all_rules().values():
        click.echo(f"{item.name:32} {item.severity.label:9} {item.family:12} {item.summary}")


def main() -> None:
    """Entry point: every error of the user is one line and exit code 2."""
    try:
        cli(standalone_mode=False)
    except UsageError as error:
        click.echo(f"odoo-debt-lint: error: {error}", err=True)
        sys.exit(ERROR)
    except click.ClickException as error:
        click.echo(f"odoo-debt-lint: error: {error.format_message()}", err=True)
        sys.exit(ERROR)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
