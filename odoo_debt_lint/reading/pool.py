"""Runs the worker over many files in parallel, with a bound on time for each and no loss when one dies.

Small runs have one worker, which sends each result at once. Otherwise workers are forked after the expensive
imports, and batches in which one died or hung are repeated by such a single worker: parsers written in C can
overflow the stack or not come back, and only the file at fault is to be lost.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeAlias

from odoo_debt_lint.job import Job
from odoo_debt_lint.reading import serving
from odoo_debt_lint.reading.alone import Ahead, one_by_one
from odoo_debt_lint.reading.limits import without_interrupts
from odoo_debt_lint.reading.serving import Maker, encode, lost

if TYPE_CHECKING:
    from odoo_debt_lint.reading.worker import Worker

BATCH_SECONDS = 120
BATCH_BYTES = 150_000
IN_PROCESS_BYTES = 1_000_000
AHEAD_BYTES = 3_000_000
"""What is read while libcst and the rules are imported, at most: the last of it must not be waited for."""

_FEW = 10
"""Files for which the rules are imported one by one as they are needed."""

Sized: TypeAlias = tuple[Job, int]


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
    make: Maker,
    jobs: list[Sized],
    workers: int,
    progress: Callable[[int], None] = lambda done: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Job, bytes]]:
    """Encoded results of all jobs, in no particular order; ``workers`` 0 means one per core. ``meanwhile`` is
    done while a single worker has begun."""
    workers = workers or os.cpu_count() or 1
    if workers == 1 or sum(size for _, size in jobs) < IN_PROCESS_BYTES:
        if len(jobs) > _FEW:
            worker = make()
            worker.load()
            make = lambda: worker  # noqa: E731
        yield from _counted(one_by_one(make, [job for job, _ in jobs], meanwhile), progress)
        return
    yield from _parallel(make(), jobs, workers, progress)


def _parallel(
    worker: Worker, jobs: list[Sized], workers: int, progress: Callable[[int], None]
) -> Iterator[tuple[Job, bytes]]:
    serving.adopt(worker)
    forks = "fork" in multiprocessing.get_all_start_methods()
    light, others = _parted(jobs) if forks else ([], jobs)
    ahead = Ahead(lambda: worker, light)
    failed: list[Job] = []
    try:
        if forks:
            _preload(worker)
        for batch, results in _batched(worker, _batches(others), workers, forks):
            if results is None:
                failed.extend(batch)
            else:
                yield from zip(batch, results, strict=True)
                progress(len(batch))
            yield from _counted(ahead.results(0), progress)
        yield from _counted(ahead.results(BATCH_SECONDS), progress)
    finally:
        ahead.dismiss()
    if forks:
        yield from _counted(one_by_one(lambda: worker, [*failed, *ahead.jobs]), progress)
        return
    for job in failed:
        yield job, encode(lost(job, "crash", "the reader crashed on this file or one beside it"))
        progress(1)


def _batched(
    worker: Worker, batches: list[list[Job]], workers: int, forks: bool
) -> Iterator[tuple[list[Job], list[bytes] | None]]:
    """The results of all batches in processes of their own; None where one died or hung."""
    executor = ProcessPoolExecutor(
        min(workers, len(batches)) or 1,
        multiprocessing.get_context("fork" if forks else "spawn"),
        serving.start,
        (() if forks else worker.rule_names, worker.plan.journey),
    )
    futures: dict[Future[list[bytes]], list[Job]] = {}
    hung = False
    try:
        with without_interrupts():
            futures |= {executor.submit(serving.batch, batch): batch for batch in batches}
        while futures:
            done, _ = wait(futures, timeout=BATCH_SECONDS, return_when=FIRST_COMPLETED)
            if not done:
                hung = True
                _kill(executor)
                yield from ((batch, None) for batch in futures.values())
                return
            for future in done:
                batch = futures.pop(future)
                try:
                    results = future.result()
                except (BrokenProcessPool, MemoryError):
                    results = None
                yield batch, results
    except BaseException:
        _kill(executor)
        raise
    finally:
        executor.shutdown(wait=not hung, cancel_futures=True)


def _parted(jobs: list[Sized]) -> tuple[list[Job], list[Sized]]:
    """Files that need no libcst up to a bound, and all others: no rule looks into the bodies of tests."""
    light: list[Job] = []
    others: list[Sized] = []
    left = AHEAD_BYTES
    for job, size in jobs:
        if not (job.role == "test" or job.inside.endswith((".xml", ".csv"))) or size > left:
            others.append((job, size))
        else:
            light.append(job)
            left -= size
    return light, others


def _preload(worker: Worker) -> None:
    """What every worker needs is imported once, before the fork, and stays theirs in common."""
    worker.load()
    import ctypes

    import libcst
    import libcst._nodes.internal

    gc.freeze()
    assert ctypes
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
