"""Starts an external engine, waits for it, and turns what goes wrong into problems, never into a crash.

The engine runs in an empty folder of its own, with none of the linted tree's configuration: it sees the
files as data only.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from odoo_debt_lint.finding import Finding, Problem, Span
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.source import Text

if TYPE_CHECKING:
    import tempfile

SECONDS = 900
"""Time after which an engine is given up."""
_GROUPS = hasattr(os, "killpg")
"""Whether processes that an engine starts can be ended with it."""


@dataclass(slots=True)
class Outcome:
    """What an engine brought: findings, the rules they belong to, problems and notices."""

    findings: list[Finding] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Running:
    """An engine at work. ``parse`` reads its standard output; ``codes`` are the exit codes of success."""

    name: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    errors: IO[bytes]
    folder: tempfile.TemporaryDirectory[str]
    parse: Callable[[bytes], Outcome]
    codes: frozenset[int]

    def join(self) -> Outcome:
        """Waits for the engine. A failure costs its findings and is reported."""
        try:
            code = self.process.wait(SECONDS)
            self.output.seek(0)
            if code not in self.codes:
                return self._failed(f"ended with exit code {code}: {self._last_error()}")
            return self.parse(self.output.read())
        except subprocess.TimeoutExpired:
            return self._failed(f"given up after {SECONDS} s")
        except (ValueError, KeyError, TypeError) as error:
            return self._failed(f"its output cannot be read: {type(error).__name__}: {error}")
        finally:
            self.stop()

    def stop(self) -> None:
        """Ends the engine with all that it has started, if it has not ended by itself, and clears up."""
        if self.process.poll() is None:
            with suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL) if _GROUPS else self.process.kill()
            self.process.wait()
        self.output.close()
        self.errors.close()
        self.folder.cleanup()

    def _last_error(self) -> str:
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "no message"

    def _failed(self, why: str) -> Outcome:
        return Outcome(problems=[Problem("engine", self.name, f"engine {self.name} {why}")])


def start(
    name: str,
    command: Sequence[str],
    parse: Callable[[bytes], Outcome],
    codes: frozenset[int],
    files: dict[str, str] | None = None,
) -> Running:
    """Starts a command in a new empty folder, into which ``files`` are written first.

    ``{folder}`` in an argument stands for that folder. Raises OSError when there is no such program.
    """
    import tempfile  # only a run with engines needs it

    folder = tempfile.TemporaryDirectory(prefix="odoo-debt-lint-")
    for file, text in (files or {}).items():
        Path(folder.name, file).write_text(text, encoding="utf-8")
    output, errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
    try:
        process = subprocess.Popen(
            [argument.replace("{folder}", folder.name) for argument in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=folder.name,
            env=_environment(folder.name),
            start_new_session=_GROUPS,
        )
    except OSError:
        output.close()
        errors.close()
        folder.cleanup()
        raise
    return Running(name, process, output, errors, folder, parse, codes)


def in_characters(span: Span, text: Text) -> Span:
    """A place as reports have it: the engines count the bytes of UTF-8 in a line."""
    start, end = text.column(span.start_line, span.start_column), text.column(span.end_line, span.end_column)
    return Span(span.start_line, start, span.end_line, end)


def _environment(folder: str) -> dict[str, str]:
    """The environment without what could point an engine at other configuration, or at the network."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYLINT", "SEMGREP", "PYTHON"))
    }
    kept.update(
        SEMGREP_SEND_METRICS="off",
        SEMGREP_ENABLE_VERSION_CHECK="0",
        SEMGREP_SETTINGS_FILE=os.path.join(folder, "settings.yml"),
        PYLINTHOME=os.path.join(folder, "pylint"),
        PYTHONDONTWRITEBYTECODE="1",
        PYTHONUTF8="1",
    )
    return kept
