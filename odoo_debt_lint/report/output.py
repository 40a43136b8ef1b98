"""Where reports go: ``FORMAT[:PATH]`` of the command line to a writer and a file or stdout.

A file is replaced whole or not at all. What could not be written is an error, but only after everything
else has been.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.source import clean

if TYPE_CHECKING:
    from rich.console import Console

    from odoo_debt_lint.report.model import Report

PLAIN = {
    "github": ("github", "as_github"),
    "gitlab": ("gitlab", "as_gitlab"),
    "sonar": ("sonar", "as_sonar"),
    "junit": ("junit", "as_junit"),
    "csv": ("csv", "as_csv"),
    "runbook": ("runbook", "as_runbook"),
    "badge": ("badge", "as_badge"),
    "shields": ("badge", "as_shields"),
}
"""Module and function of the writers that need the report and nothing else."""
FORMATS = ("text", "json", "sarif", "html", "markdown", *PLAIN)
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
"""What a folder says that lets us write to a file in it, but not replace it: one that is mounted alone."""
WIDTH = 120
"""Columns of text that does not go to a terminal."""


class Target(msgspec.Struct, frozen=True):
    """One output; an empty path is stdout."""

    format: str
    path: str = ""


class Options(msgspec.Struct, frozen=True):
    """What the command line says about the form of reports."""

    statistics: bool = False
    include_suppressed: bool = False
    sarif_category: str = ""
    color: str = "auto"
    cover: Cover = Cover()


def targets(items: Iterable[str]) -> list[Target]:
    """Checked outputs; text on stdout when nothing is asked for. Raises UsageError."""
    found = []
    for item in items or ("text",):
        name, _, path = item.partition(":")
        if name not in FORMATS:
            raise UsageError(f"unknown output format {name!r}: use {', '.join(FORMATS)}")
        found.append(Target(name, "" if path == "-" else path))
        need_a_place(found[-1].path)
    if sum(not target.path for target in found) > 1:
        raise UsageError("only one format can go to stdout: give the others a path, FORMAT:PATH")
    files = Counter(os.path.realpath(target.path) for target in found if target.path)
    for target in found:
        if target.path and files[os.path.realpath(target.path)] > 1 and not _is_device(target.path):
            raise UsageError(f"{target.path}: only one format can go to a file")
    return found


def need_a_place(path: str) -> None:
    """Raises UsageError for a file in no folder: better before a long run than after it."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise UsageError(f"{path}: no folder {folder}")


def _is_device(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path)


def write(report: Report, outputs: Iterable[Target], options: Options) -> list[str]:
    """Writes all outputs; returns what the user must know of it. Raises UsageError at the end."""
    notices: list[str] = []
    errors = []
    for target in outputs:
        if target.format == "text" and not target.path and _is_terminal():
            _print_text(report, options)
            continue
        try:
            put(target.path, _render(report, target, options, notices))
            if target.format == "github":
                notices += _step_summary(report)
        except BrokenPipeError:
            raise
        except OSError as error:
            errors.append(_said(target.path, error))
    if errors:
        raise UsageError("; ".join(errors))
    return notices


def _is_terminal() -> bool:
    """Whether stdout is a terminal; it may be closed."""
    return sys.stdout is not None and sys.stdout.isatty()


def _said(path: str, error: OSError) -> str:
    return f"{path or 'stdout'}: {error.strerror}"


def _render(report: Report, target: Target, options: Options, notices: list[str]) -> str:
    if target.format == "text":
        return _text(report, target, options)
    if target.format in PLAIN:
        module, name = PLAIN[target.format]
        return str(getattr(import_module(f"odoo_debt_lint.report.{module}"), name)(report))
    if target.format == "json":
        from odoo_debt_lint.report.json import as_json

        return as_json(report)
    if target.format == "html":
        from odoo_debt_lint.report.html import as_html

        return as_html(report, options.cover)
    if target.format == "markdown":
        from odoo_debt_lint.report.markdown import as_markdown

        return as_markdown(report, options.cover)
    from odoo_debt_lint.report.sarif import sarif_with_notices

    text, found = sarif_with_notices(report, options.include_suppressed, options.sarif_category)
    notices += found
    return text


def _step_summary(report: Report) -> list[str]:
    """Adds to the summary of a GitHub Actions step where there is one: other tools write to it too. In a
    container the file may be out of reach, which the user must know."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return []
    from odoo_debt_lint.report.github import step_summary

    try:
        with open(path, "a", encoding="utf-8", newline="\n") as stream:
            stream.write(clean(step_summary(report)))
    except OSError as error:
        return [f"no summary of the step: {path}: {error.strerror}"]
    return []


def _text(report: Report, target: Target, options: Options) -> str:
    """Text for a file or a pipe: no colours unless asked for, no blanks at the ends of lines."""
    from rich.console import Console

    from odoo_debt_lint.report.text import print_text

    stream = io.StringIO()
    if _is_coloured(options.color) and not target.path:
        console = Console(
            file=stream, width=WIDTH, force_terminal=True, color_system="standard", no_color=False
        )
    else:
        console = Console(file=stream, width=WIDTH, force_terminal=False, color_system=None)
    print_text(report, console, options.statistics)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().split("\n")[:-1])


def _is_coloured(color: str) -> bool:
    """Whether text that goes to a pipe or a log has colours: ``FORCE_COLOR`` asks for them in CI."""
    forced = bool(os.environ.get("FORCE_COLOR")) and not os.environ.get("NO_COLOR")
    return color == "always" or (color == "auto" and forced)


def _print_text(report: Report, options: Options) -> None:
    from odoo_debt_lint.report.text import print_text

    print_text(report, _terminal(options.color), options.statistics, links=options.color != "never")


def _terminal(color: str) -> Console:
    """The console of a terminal; ``NO_COLOR`` is honoured by rich, an explicit option goes before it."""
    from rich.console import Console

    if color == "never":
        return Console(color_system=None, force_terminal=False)
    return Console(no_color=False if color == "always" else None)


def deliver(path: str, content: str | bytes) -> None:
    """The one output of a command, to stdout or a file. Raises UsageError where the disk says no."""
    try:
        put(path, content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(_said(path, error)) from None


def put(path: str, content: str | bytes) -> None:
    """Content to stdout or a file: text always as UTF-8 and with LF, bytes as they are."""
    content = content if isinstance(content, bytes) else clean(content).encode("utf-8")
    if not path:
        if sys.stdout is None:  # closed by whoever started us
            raise OSError(errno.EBADF, "closed")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if _is_device(path):
        Path(path).write_bytes(content)  # a device or a pipe; a folder is an error
        return
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except OSError as error:
        _remove(temporary)
        if error.errno not in _NOT_OURS or not target.exists():
            raise
        target.write_bytes(content)
    except BaseException:
        _remove(temporary)
        raise


def _remove(temporary: Path) -> None:
    with suppress(OSError):
        temporary.unlink()
