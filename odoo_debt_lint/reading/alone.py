"""Files that one process reads by itself: those of a small run, those at which another process has died, and
those that need no libcst, while it is being imported for the rest.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection

import msgspec

from odoo_debt_lint.job import Job
from odoo_debt_lint.reading import serving
from odoo_debt_lint.reading.limits import without_interrupts
from odoo_debt_lint.reading.serving import Maker, encode, lost, read, serve

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode


def one_by_one(
    make: Maker, jobs: Sequence[Job], meanwhile: Callable[[], None] = lambda: None
) -> Iterator[tuple[Job, bytes]]:
    """All jobs in one other process; where it dies or hangs, the next job has a new one."""
    if "fork" not in multiprocessing.get_all_start_methods():
        worker = make()
        yield from ((job, read(worker, job)) for job in jobs)
        return
    done = 0
    while done < len(jobs):
        receiver, process = _forked(_send, make, jobs[done:])
        try:
            if not done:
                meanwhile()
            alive = True
            while alive and done < len(jobs):
                result, alive = _received(receiver, jobs[done])
                yield jobs[done], result
                done += 1
        finally:
            _end(receiver, process)


class Ahead:
    """A process that has begun to read some files. All results come at once, when the last is done; ``jobs``
    are those that have none."""

    def __init__(self, make: Maker, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        self._open = bool(jobs)
        if jobs:
            self._receiver, self._process = _forked(_send_all, make, jobs)

    def results(self, seconds: float) -> list[tuple[Job, bytes]]:
        """The results, once, if they are there within that time."""
        if not self._open or not self._receiver.poll(seconds):
            return []
        try:
            found = _decode(self._receiver.recv_bytes())
        except (EOFError, OSError):
            found = []  # it has died
        self.dismiss()
        answered = list(zip(self.jobs, found, strict=False))
        self.jobs = self.jobs[len(answered) :]
        return answered

    def dismiss(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._open:
            self._open = False
            _end(self._receiver, self._process)


def _forked(
    target: Callable[[Connection, Maker, Sequence[Job]], None], make: Maker, jobs: Sequence[Job]
) -> tuple[Connection, multiprocessing.process.BaseProcess]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(sender, make, jobs))
    with without_interrupts():
        process.start()
    sender.close()
    return receiver, process


def _end(receiver: Connection, process: multiprocessing.process.BaseProcess) -> None:
    process.kill()
    process.join()
    receiver.close()


def _received(receiver: Connection, job: Job) -> tuple[bytes, bool]:
    """The next result, and whether more can follow."""
    limit = serving.FILE_SECONDS
    try:
        if receiver.poll(limit + 10):
            return receiver.recv_bytes(), True
        return encode(lost(job, "timeout", f"given up after {limit} s")), False
    except (EOFError, OSError):
        return encode(lost(job, "crash", "the reader crashed on this file")), False


def _send(sender: Connection, make: Maker, jobs: Sequence[Job]) -> None:
    serve()
    worker = make()
    gc.enable()
    for job in jobs:
        sender.send_bytes(read(worker, job))


def _send_all(sender: Connection, make: Maker, jobs: Sequence[Job]) -> None:
    serve()
    worker = make()
    sender.send_bytes(_encode([read(worker, job) for job in jobs]))
