"""Runs the worker over many files in parallel, with a bound on time for each and no loss when one dies.

Small runs have one worker, which sends each result at once. Otherwise workers are forked after the expensive
imports, and batches in which one died or hung are repeated by such a single worker: parsers written in C can
overflow the stack or not come back, and only the file at fault is to be lost.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import TypeAlias

import msgspec

from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.limits import Timeout, time_limit, without_interrupts
from odoo_debt_lint.migration.plan import Journey
from odoo_debt_lint.worker import Job, Worker

FILE_SECONDS = 20
"""Time after which reading one file is given up."""
BATCH_SECONDS = 120
BATCH_BYTES = 150_000
_COLLECTED = 16
"""Batches after which a worker looks for garbage in cycles; trees are let go of at once."""
IN_PROCESS_BYTES = 1_000_000
WORKER_BYTES = 3 << 30
"""Address space of a worker beyond that of the run it was forked from."""
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux."""

Sized: TypeAlias = tuple[Job, int]
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


def _lost(job: Job, kind: str, message: str) -> FileResult:
    return FileResult(job.path, job.role, problems=(Problem(kind, job.path, message),))


def _one(worker: Worker, job: Job) -> FileResult:
    try:
        with time_limit(FILE_SECONDS):
            return worker.run(job, worker.unsaved.get(job.real))
    except Timeout:
        return _lost(job, "timeout", f"given up after {FILE_SECONDS} s")
    except MemoryError:
        return _lost(job, "too-large", "needs too much memory")


_worker: Worker | None = None
_batches_done = 0


def _batch(jobs: list[Job]) -> list[bytes]:
    assert _worker is not None
    global _batches_done
    results = [encode(_one(_worker, job)) for job in jobs]
    _batches_done += 1
    if _batches_done % _COLLECTED == 0:
        gc.collect()
    return results


def _start(names: Sequence[str], journey: Journey) -> None:
    """Start of a worker; ``names`` are the rules when it was not forked and knows nothing yet."""
    global _worker
    serve()
    if names:
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


def _batches(jobs: Iterable[Sized]) -> list[list[Job]]:
    """Jobs in batches of about equal size, the largest files first."""
    batches: list[list[Job]] = []
    size = BATCH_BYTES
    for job, weight in sorted(jobs, key=lambda item: (-item[1], item[0].path)):
        if size + weight > BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(job)
        size += weight
    return batches


def run_jobs(
    worker: Worker,
    jobs: list[Sized],
    workers: int,
    progress: Callable[[int], None] = lambda done: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Job, bytes]]:
    """Encoded results of all jobs, in no particular order; ``workers`` 0 means one per core. ``meanwhile`` is
    done while a single worker has begun."""
    workers = workers or os.cpu_count() or 1
    if workers == 1 or sum(size for _, size in jobs) < IN_PROCESS_BYTES:
        yield from _counted(_one_by_one(worker, [job for job, _ in jobs], meanwhile), progress)
        return
    yield from _parallel(worker, _batches(jobs), workers, progress)


def _parallel(
    worker: Worker, batches: list[list[Job]], workers: int, progress: Callable[[int], None]
) -> Iterator[tuple[Job, bytes]]:
    global _worker
    _worker = worker
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    if method == "fork":
        _preload()
    context = multiprocessing.get_context(method)
    failed: list[Job] = []
    executor = ProcessPoolExecutor(
        min(workers, len(batches)),
        context,
        _start,
        (() if method == "fork" else worker.rule_names, worker.plan.journey),
    )
    futures: dict[Future[list[bytes]], list[Job]] = {}
    try:
        with without_interrupts():
            futures |= {executor.submit(_batch, batch): batch for batch in batches}
        while futures:
            done, _ = wait(futures, timeout=BATCH_SECONDS, return_when=FIRST_COMPLETED)
            if not done:
                _kill(executor)
                failed.extend(job for batch in futures.values() for job in batch)
                break
            for future in done:
                batch = futures.pop(future)
                try:
                    results = future.result()
                except (BrokenProcessPool, MemoryError):
                    failed.extend(batch)
                    continue
                yield from zip(batch, results, strict=True)
                progress(len(batch))
    except BaseException:
        _kill(executor)
        raise
    finally:
        executor.shutdown(wait=not failed, cancel_futures=True)
    if method == "fork":
        yield from _counted(_one_by_one(worker, failed), progress)
        return
    for job in failed:
        yield job, encode(_lost(job, "crash", "the reader crashed on this file or one beside it"))
        progress(1)


def _preload() -> None:
    """What every worker needs is imported once, before the fork."""
    import libcst
    import libcst._nodes.internal

    gc.collect()
    gc.freeze()
    assert libcst


def _kill(executor: ProcessPoolExecutor) -> None:
    """Kills all workers. One that dies half-way through a result leaves the thread which reads it waiting for
    the rest: it learns that nothing follows when this process cannot write there either."""
    for process in list((executor._processes or {}).values()):
        process.kill()
    results = getattr(executor, "_result_queue", None)
    if results is not None:
        results._writer.close()


def _counted(
    results: Iterable[tuple[Job, bytes]], progress: Callable[[int], None]
) -> Iterator[tuple[Job, bytes]]:
    for item in results:
        yield item
        progress(1)


def _one_by_one(
    worker: Worker, jobs: Sequence[Job], meanwhile: Callable[[], None] = lambda: None
) -> Iterator[tuple[Job, bytes]]:
    """All jobs in one other process; where it dies or hangs, the next job has a new one."""
    if "fork" not in multiprocessing.get_all_start_methods():
        yield from ((job, encode(_one(worker, job))) for job in jobs)
        return
    done = 0
    while done < len(jobs):
        receiver, process = _forked(worker, jobs[done:])
        try:
            if not done:
                meanwhile()
            alive = True
            while alive and done < len(jobs):
                result, alive = _received(receiver, jobs[done])
                yield jobs[done], result
                done += 1
        finally:
            process.kill()
            process.join()
            receiver.close()


def _forked(worker: Worker, jobs: Sequence[Job]) -> tuple[Connection, multiprocessing.process.BaseProcess]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, worker, jobs))
    with without_interrupts():
        process.start()
    sender.close()
    return receiver, process


def _received(receiver: Connection, job: Job) -> tuple[bytes, bool]:
    """The next result, and whether more can follow."""
    try:
        if receiver.poll(FILE_SECONDS + 10):
            return receiver.recv_bytes(), True
        return encode(_lost(job, "timeout", f"given up after {FILE_SECONDS} s")), False
    except (EOFError, OSError):
        return encode(_lost(job, "crash", "the reader crashed on this file")), False


def _send(sender: Connection, worker: Worker, jobs: Sequence[Job]) -> None:
    _start((), worker.plan.journey)
    gc.enable()
    for job in jobs:
        sender.send_bytes(encode(_one(worker, job)))
