"""The forked processes that judge the addons of a large run, each one addon after the other.

They see all facts without a copy. Which process judges which addon is chance; what they say is put together
in the order of the addons.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import time
from multiprocessing import connection
from multiprocessing.connection import Connection

import msgspec

from odoo_debt_lint.court import ADDON_SECONDS, Court, Judged
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.limits import without_interrupts
from odoo_debt_lint.pool import serve

GRACE = 10
"""Seconds after which a process is killed that does not heed its own timer."""


class _Order(msgspec.Struct, frozen=True, array_like=True):
    """The number of an addon, and those of rules that are left out."""

    addon: int
    without: tuple[int, ...]


class _Answer(msgspec.Struct, frozen=True, array_like=True):
    """What is to be said of an addon; with ``error`` the run is to end."""

    judged: Judged
    error: str = ""


_order = msgspec.msgpack.Decoder(_Order).decode
_answer = msgspec.msgpack.Decoder(_Answer).decode
_encode = msgspec.msgpack.Encoder().encode


def shared_out(court: Court, processes: int) -> list[Judged]:
    """What several processes say of all addons, in the order of the addons."""
    gc.freeze()  # what the processes share stays theirs in common
    bench = _Bench(court)
    try:
        for _ in range(min(processes, len(court.addons))):
            bench.hire()
        while bench.clerks:
            bench.wait()
    finally:
        for clerk in bench.clerks:
            clerk.dismiss()
    return [bench.answers[number] for number in range(len(court.addons))]


class _Clerk:
    """One process. ``at`` tells which rule it runs, ``since`` from when on."""

    def __init__(self, court: Court) -> None:
        self.court = court
        self.at = mmap.mmap(-1, 4)
        self.order = _Order(0, ())
        self.seen, self.since = b"", 0.0
        context = multiprocessing.get_context("fork")
        self.pipe, there = context.Pipe()
        self.process = context.Process(target=_work, args=(court, self.at, there))
        with without_interrupts():
            self.process.start()
        there.close()

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
            answer = _Answer(court.addon(order.addon, order.without))
        except UsageError as error:
            answer = _Answer(Judged([], []), str(error))
        pipe.send_bytes(_encode(answer))


class _Bench:
    """All processes, the addons that are left, and the answers."""

    def __init__(self, court: Court) -> None:
        self.court = court
        self.orders = [_Order(number, ()) for number in reversed(range(len(court.addons)))]
        self.clerks: list[_Clerk] = []
        self.answers: dict[int, Judged] = {}
        self.lost: dict[int, list[Problem]] = {}

    def hire(self) -> None:
        """One process more, with an addon to judge."""
        clerk = _Clerk(self.court)
        self.clerks.append(clerk)
        clerk.give(self.orders.pop())

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
        number = clerk.order.addon
        problems = [*self.lost.get(number, ()), *answer.judged.problems]
        self.answers[number] = Judged(answer.judged.findings, problems)
        if self.orders:
            clerk.give(self.orders.pop())
        else:
            self.clerks.remove(clerk)
            clerk.dismiss()

    def _replace(self, clerk: _Clerk, kind: str) -> None:
        """Another process goes on where one has died or hung, without the rule at fault."""
        self.clerks.remove(clerk)
        self.court.at[:4] = clerk.at[:4]
        clerk.dismiss()
        number, rule = clerk.order.addon, int.from_bytes(clerk.at[:4], "little")
        self.lost.setdefault(number, []).append(self.court.lost(number, kind))
        if rule in clerk.order.without:  # it is no rule that fails
            self.answers[number] = Judged([], self.lost[number])
        else:
            self.orders.append(_Order(number, (*clerk.order.without, rule)))
        if self.orders:
            self.hire()
