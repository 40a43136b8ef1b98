"""The command line: options to settings, report to writers, outcome to exit code."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from odoo_debt_lint import __version__
from odoo_debt_lint.cli.commands import compare, explain, index, inventory, rules
from odoo_debt_lint.cli.cover import cover_of, with_cover
from odoo_debt_lint.cli.inputs import input_of, settings_of
from odoo_debt_lint.cli.options import with_options
from odoo_debt_lint.cli.progress import progress
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.report.output import FORMATS, Options, Target, deliver, need_a_place, targets, write
from odoo_debt_lint.settings import Settings, as_lines
from odoo_debt_lint.source import clean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from odoo_debt_lint.reading.stage import Progress
    from odoo_debt_lint.report.model import Report

OK, FINDINGS, ERROR = 0, 1, 2


_UNWRITABLE = (errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG)
"""What a stream says that takes no more."""


class _ReaderGone(Exception):
    """Whoever reads stdout has had enough, as ``head`` has."""


class _Group(click.Group):
    """A group whose default command is ``check``: ``odoo-debt-lint addons/`` just works."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] == "fix":
            args = ["check", "--fix", *args[1:]]
        own = {"--help", "-h", "--version"}
        if (args and args[0] not in self.commands and args[0] not in own) or not (
            args or ctx.resilient_parsing
        ):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click would end with 1, which says that there are findings
            raise _ReaderGone from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="odoo-debt-lint")
def cli() -> None:
    """Lint custom Odoo addons and say what they cost: odoo-debt-lint [check] PATH...

    "fix" is "check --fix". See "odoo-debt-lint check --help" for all options. Exit codes: 0 clean or below
    the limits, 1 findings above them, 2 wrong usage, no addon found or an internal error.

    \b
    Completion in the shell (or zsh_source, fish_source):
    eval "$(_ODOO_DEBT_LINT_COMPLETE=bash_source odoo-debt-lint)"
    """


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path())
@with_options
@click.option(
    "--output-format",
    "-f",
    "formats",
    multiple=True,
    help=f"{', '.join(FORMATS)}, each as FORMAT[:PATH]; repeatable.",
)
@click.option(
    "--write-baseline",
    default="",
    type=click.Path(dir_okay=False),
    help="Accept all findings of this run for --baseline later on: write them to this file, fail on none.",
)
@click.option(
    "--history",
    default="",
    type=click.Path(dir_okay=False),
    help="Add a line with the figures of this run to this file, and show the trend.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
@click.option("--fix", "mend", is_flag=True, help="Mend what can safely be mended, then report the rest.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what may change behaviour.")
@click.option("--diff", "show_diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@with_cover
@click.option("--statistics", is_flag=True, help="Counts and debt only, no single findings.")
@click.option("--show-files", is_flag=True, help="List what would be linted, and stop.")
@click.option("--show-settings", is_flag=True, help="Print the settings in force, and stop.")
@click.option("--include-suppressed", is_flag=True, help="Write accepted findings to SARIF too.")
@click.option("--sarif-category", default="", help="automationDetails.id of the SARIF run.")
@click.option("--stdin-filename", type=click.Path(), help="Read this file of an addon from stdin, report it.")
@click.option("--skip-foreign", is_flag=True, help="Leave out files of no addon (for pre-commit).")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Coloured text."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress bar.")
def check(paths: tuple[str, ...], **options: Any) -> None:
    """Lint addons (folders, addons or files; default: this folder)."""
    wanted, unsaved = input_of(paths, options)
    settings = settings_of(wanted, options)
    outputs = targets(options["formats"])
    for name in ("write_baseline", "history"):
        need_a_place(options[name])
    options["cover"] = cover_of(settings)
    if options["show_settings"]:
        for line in as_lines(settings):
            click.echo(line)
        return
    if not wanted:
        click.echo("odoo-debt-lint: no file of an addon", err=True)
        return
    if options["show_files"]:
        _print_files(wanted, settings, unsaved)
        return
    from odoo_debt_lint import run as pipeline
    from odoo_debt_lint.cli.gates import failures
    from odoo_debt_lint.report import history

    earlier = history.load(options["history"]) if options["history"] else ()
    with progress(options["quiet"]) as advance:
        if options["mend"] or options["show_diff"] or options["unsafe_fixes"]:
            report = _mended(wanted, settings, advance, unsaved, options)
        else:
            report = pipeline.run(wanted, settings, advance, unsaved)
    report.failures = tuple(failures(report, settings, accept=bool(options["write_baseline"])))
    if options["history"]:
        report.history = history.extended(earlier, report)
    _output(report, outputs, options)
    if options["write_baseline"]:
        _write_baseline(report, options["write_baseline"])
    if options["history"]:
        history.append(options["history"], report.history[-1])
    sys.exit(_exit_code(report, options["exit_zero"]))


def _mended(
    wanted: tuple[str, ...],
    settings: Settings,
    advance: Progress,
    unsaved: dict[str, bytes],
    options: dict[str, Any],
) -> Report:
    """The report of what is left after the fixes; with ``--diff`` the changes are printed and that is all."""
    from odoo_debt_lint import fix
    from odoo_debt_lint import run as pipeline

    if not (options["mend"] or options["show_diff"]):
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if unsaved and options["mend"]:
        raise UsageError("--fix cannot change what comes from stdin; use --diff")
    outcome = fix.fix(
        lambda contents: pipeline.run(wanted, settings, advance, contents), unsaved, options["unsafe_fixes"]
    )
    for problem in outcome.refused.values():
        click.echo(f"odoo-debt-lint: warning: {problem.path}: {problem.message}", err=True)
    if options["show_diff"]:
        deliver("", b"".join(fix.diff(outcome)))
        sys.exit(FINDINGS if outcome.changed and not options["exit_zero"] else OK)
    fix.write(outcome)
    files = len(outcome.changed)
    fixes = "1 fix" if outcome.count == 1 else f"{outcome.count} fixes"
    click.echo(f"{fixes} applied in {files} file{'' if files == 1 else 's'}", err=True)
    return outcome.report


def _output(report: Report, outputs: list[Target], options: dict[str, Any]) -> None:
    """Writes all reports; what stdout does not show of problems and failures goes to stderr."""
    names = ("statistics", "include_suppressed", "sarif_category", "color", "cover")
    try:
        notices = write(report, outputs, Options(**{name: options[name] for name in names}))
    finally:
        if Target("text") not in outputs:
            for line in (*report.problem_lines, *report.failures):
                click.echo(line, err=True)
    for line in notices:
        click.echo(f"odoo-debt-lint: warning: {line}", err=True)


def _write_baseline(report: Report, path: str) -> None:
    from odoo_debt_lint.outcome.baseline import as_text

    if report.partial:
        raise UsageError("--write-baseline needs whole addons, not single files")
    hidden = report.compared.hidden if report.compared else ()
    deliver(path, as_text((*report.findings, *hidden)))
    count = len(report.findings) + len(hidden)
    click.echo(f"{path}: {count} {'finding' if count == 1 else 'findings'} accepted", err=True)


def _print_files(paths: tuple[str, ...], settings: Settings, unsaved: dict[str, bytes]) -> None:
    from odoo_debt_lint.addons.discovery import discover

    found = discover(
        paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore, unsaved=unsaved
    )
    for file in (*(file for addon in found.addons for file in addon.files), *found.deployment):
        if not file.excluded:
            click.echo(f"{file.path}\t{file.role}")
    for notice in found.notices:
        click.echo(f"note: {notice}", err=True)


def _exit_code(report: Report, exit_zero: bool) -> int:
    if any(problem.kind == "internal-error" for problem in report.problems):
        return ERROR
    return FINDINGS if report.failures and not exit_zero else OK


for _command in (explain, rules, index, inventory, compare):
    cli.add_command(_command)


def _in_utf8() -> None:
    """Starts anew where the locale would read names of files in another encoding: reports tell the same."""
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _need_a_folder() -> None:
    """Ends where the folder of the caller has been removed: nothing can be found from there."""
    try:
        os.getcwd()
    except OSError:
        click.echo("odoo-debt-lint: error: the current folder does not exist any more", err=True)
        sys.exit(ERROR)


def main() -> None:
    """Entry point: every error of the user is one line and exit code 2."""
    _in_utf8()
    _need_a_folder()
    # a short run makes many facts that live to its end: looking for garbage among them costs a tenth of it
    gc.set_threshold(500_000)
    warnings.simplefilter("ignore")  # what the parser thinks of the linted code is no message of ours
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        cli(standalone_mode=False)
    except UsageError as error:
        click.echo(clean(f"odoo-debt-lint: error: {error}"), err=True)
        sys.exit(ERROR)
    except click.ClickException as error:
        click.echo(clean(f"odoo-debt-lint: error: {error.format_message()}"), err=True)
        sys.exit(ERROR)
    except click.Abort:
        sys.exit(130)
    except _ReaderGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
            click.echo(f"odoo-debt-lint: error: stdout: {error.strerror}", err=True)
            sys.exit(ERROR)
        import traceback  # only a crash needs it

        traceback.print_exc()
        click.echo(f"odoo-debt-lint: internal error: {type(error).__name__}: {error}", err=True)
        sys.exit(ERROR)


def entry() -> None:
    """The command: ``main``, and the end at once. To take a run's facts apart costs a fiftieth of it."""
    code: object = OK
    try:
        main()
    except SystemExit as end:
        code = end.code or OK
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError):
            stream.flush()
    os._exit(code if isinstance(code, int) else ERROR)
