"""What a process does that reads files for a run: one file after the other, each within bounds.

It is interrupted with the run and dies with it, looks for no garbage, and turns what it has read into bytes.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading.limits import Timeout, time_limit

if TYPE_CHECKING:
    from odoo_debt_lint.migration.plan import Journey
    from odoo_debt_lint.reading.worker import Worker

Maker: TypeAlias = "Callable[[], Worker]"
"""Gives the worker of a run. Where few files are read, the process that reads them makes it for itself."""

FILE_SECONDS = 20
"""Time after which reading one file is given up."""
_COLLECTED = 16
"""Batches after which a worker looks for garbage in cycles; trees are let go of at once."""
WORKER_BYTES = 3 << 30
"""Address space of a worker beyond that of the run it was forked from."""
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux."""


_encode = msgspec.msgpack.Encoder().encode


def encode(result: FileResult) -> bytes:
    """A result as bytes; one with text that is none (a lone surrogate in a literal) is lost."""
    try:
        return _encode(result)
    except (UnicodeEncodeError, OverflowError) as error:
        half = isinstance(error, UnicodeEncodeError)
        why = "holds half a character (a lone surrogate)" if half else "holds a number that is too large"
        problem = Problem("encoding", result.path, why)
        return _encode(FileResult(result.path, result.role, digest=result.digest, problems=(problem,)))


def lost(job: Job, kind: str, message: str) -> FileResult:
    """The result of a file that could not be read."""
    return FileResult(job.path, job.role, problems=(Problem(kind, job.path, message),))


def read(worker: Worker, job: Job) -> bytes:
    """The encoded result of one file, which has its bounds of time and memory."""
    return encode(_one(worker, job))


def _one(worker: Worker, job: Job) -> FileResult:
    try:
        with time_limit(FILE_SECONDS):
            return worker.run(job, worker.unsaved.get(job.real))
    except Timeout:
        return lost(job, "timeout", f"given up after {FILE_SECONDS} s")
    except MemoryError:
        return lost(job, "too-large", "needs too much memory")


_worker: Worker | None = None
_batches_done = 0


def batch(jobs: list[Job]) -> list[bytes]:
    assert _worker is not None
    global _batches_done
    results = [read(_worker, job) for job in jobs]
    _batches_done += 1
    if _batches_done % _COLLECTED == 0:
        gc.collect()
    return results


def adopt(worker: Worker) -> None:
    """What the processes that are forked from now on read with."""
    global _worker
    _worker = worker


def start(names: Sequence[str], journey: Journey) -> None:
    """Start of a worker; ``names`` are the rules when it was not forked and knows nothing yet."""
    global _worker
    serve()
    if names:
        from odoo_debt_lint.reading.worker import Worker
        from odoo_debt_lint.registry import all_rules

        rules = all_rules()
        _worker = Worker([rules[name] for name in names], journey)


def serve() -> None:
    """Makes a process one that works for a run: it is interrupted with the run and not by itself, and looks
    for no garbage."""
    gc.disable()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
    _bind()


def _bind() -> None:
    """A worker dies with the run that started it, and asks for no more than its share of memory."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes
    import resource

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    run = multiprocessing.parent_process()
    if run is not None and os.getppid() != run.pid:
        os._exit(1)  # it died before it could be asked for the signal
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with open("/proc/self/statm") as stream:
        now = int(stream.read().split()[0]) * resource.getpagesize()
    wanted = now + WORKER_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
