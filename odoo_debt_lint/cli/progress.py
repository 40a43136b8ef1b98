"""The progress bar: on a terminal's stderr, so that neither reports nor logs ever hold it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress(quiet: bool) -> Iterator[Any]:
    """A progress bar on a terminal's stderr, else nothing."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
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
