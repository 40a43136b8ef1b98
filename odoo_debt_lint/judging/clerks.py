"""The forked processes that judge the addons of a large run, each one task after the other.

They see all facts without a copy. Every other process begins at the end of the list, so that two of them
seldom work out the same. Which process has which task is chance; what they say is put together in the order
of the addons.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import time
from collections import deque
from collections.abc import Sequence
from multiprocessing import connection
from multiprocessing.connection import Connection

import msgspec

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.judging.court import ADDON_SECONDS, Court, Judged, Task
from odoo_debt_lint.reading.limits import without_interrupts
from odoo_debt_lint.reading.serving import serve

GRACE = 10
"""Seconds after which a process is killed that does not heed its own timer."""


class _Order(msgspec.Struct, frozen=True, array_like=True):
    """A task, and the numbers of rules that are left out."""

    task: Task
    without: tuple[int, ...]


class _Answer(msgspec.Struct, frozen=True, array_like=True):
    """What is to be said of a task; with ``error`` the run is to end."""

    judged: Judged
    error: str = ""


_order = msgspec.msgpack.Decoder(_Order).decode
_answer = msgspec.msgpack.Decoder(_Answer).decode
_encode = msgspec.msgpack.Encoder().encode


def judged(court: Court, processes: int) -> Judged:
    """What all rules say of all addons, in several processes."""
    gc.freeze()  # what the processes share stays theirs in common
    court.split_rules()
    tasks = court.tasks()
    bench = _Bench(court, tasks)
    try:
        for number in range(min(processes, len(tasks))):
            bench.hire(number % 2 > 0)
        while bench.clerks:
            bench.wait()
    finally:
        for clerk in bench.clerks:
            clerk.dismiss()
    return court.joined(bench.answers)


class _Clerk:
    """One process. ``at`` tells which rule it runs, ``since`` from when on; ``late`` is one that
    begins at the end of the list."""

    def __init__(self, court: Court, late: bool, order: _Order) -> None:
        self.court, self.late = court, late
        self.at = mmap.mmap(-1, 4)
        self.seen, self.since = b"", 0.0
        context = multiprocessing.get_context("fork")
        self.pipe, there = context.Pipe()
        self.process = context.Process(target=_work, args=(court, self.at, there))
        with without_interrupts():
            self.process.start()
        there.close()
        self.give(order)

    def give(self, order: _Order) -> None:
        self.order, self.seen, self.since = order, b"", time.monotonic()
        self.pipe.send_bytes(_encode(order))

    def is_stuck(self) -> bool:
        """Whether it is at the same rule for longer than its own timer allows."""
        if self.at[:] != self.seen:
            self.seen, self.since = self.at[:], time.monotonic()
        return time.monotonic() - self.since > ADDON_SECONDS + GRACE

    def dismiss(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(court: Court, at: mmap.mmap, pipe: Connection) -> None:
    """What a process does until nobody asks any more."""
    serve()
    court.at = at
    while True:
        try:
            order = _order(pipe.recv_bytes())
        except EOFError:
            return
        try:
            answer = _Answer(court.part(order.task, order.without))
        except UsageError as error:
            answer = _Answer(Judged([], []), str(error))
        pipe.send_bytes(_encode(answer))


class _Bench:
    """All processes, the tasks that are left, and the answers."""

    def __init__(self, court: Court, tasks: Sequence[Task]) -> None:
        self.court = court
        self.orders = deque(_Order(task, ()) for task in tasks)
        self.clerks: list[_Clerk] = []
        self.answers: dict[Task, Judged] = {}
        self.lost: dict[Task, list[Problem]] = {}

    def hire(self, late: bool) -> None:
        """One process more, with a task."""
        self.clerks.append(_Clerk(self.court, late, self._next(late)))

    def _next(self, late: bool) -> _Order:
        return self.orders.pop() if late else self.orders.popleft()

    def wait(self) -> None:
        """Takes the next answers, and gives out what is left."""
        ready = connection.wait([clerk.pipe for clerk in self.clerks], GRACE)
        for clerk in list(self.clerks):
            if clerk.pipe in ready:
                self._take(clerk)
            elif clerk.is_stuck():
                self._replace(clerk, "timeout")

    def _take(self, clerk: _Clerk) -> None:
        try:
            answer = _answer(clerk.pipe.recv_bytes())
        except (EOFError, OSError):
            self._replace(clerk, "crash")
            return
        if answer.error:
            raise UsageError(answer.error)
        task = clerk.order.task
        problems = [*self.lost.get(task, ()), *answer.judged.problems]
        self.answers[task] = msgspec.structs.replace(answer.judged, problems=problems)
        if self.orders:
            clerk.give(self._next(clerk.late))
        else:
            self.clerks.remove(clerk)
            clerk.dismiss()

    def _replace(self, clerk: _Clerk, kind: str) -> None:
        """Another process goes on where one has died or hung, without the rule at fault."""
        self.clerks.remove(clerk)
        self.court.at[:4] = clerk.at[:4]
        clerk.dismiss()
        task, rule = clerk.order.task, int.from_bytes(clerk.at[:4], "little")
        self.lost.setdefault(task, []).append(self.court.lost(task, kind))
        if rule in clerk.order.without:  # it is no rule that fails
            self.answers[task] = Judged([], self.lost[task])
        else:
            again = _Order(task, (*clerk.order.without, rule))
            (self.orders.append if clerk.late else self.orders.appendleft)(again)
        if self.orders:
            self.hire(clerk.late)
