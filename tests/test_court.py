"""Index rules that raise, hang or kill their process cost themselves in one addon and no more."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable

import msgspec
import pytest

from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.judging import clerks, court
from odoo_debt_lint.judging.court import Court, Judged
from odoo_debt_lint.judging.stage import judged_by
from odoo_debt_lint.reading import limits
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

forks = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork"
)
PROCESSES = [1, pytest.param(2, marks=forks), pytest.param(5, marks=forks)]


def rule(name: str, check: Callable[[Scope], Hits]) -> Rule:
    listeners = (OnAddon(check),)
    return Rule(severity=Severity.LOW, block=Block.CODE, minutes=1, listeners=listeners, name=name)


def every(scope: Scope) -> Hits:
    yield Hit(None, f"{scope.addon.name} is there")


def found(processes: int, *checks: Callable[[Scope], Hits], addons: int = 7) -> Judged:
    """What some checks, and one before and behind them, say of addons called a0, a1, ..."""
    facts = [
        AddonFacts(f"a{number}", f"set/a{number}", "16.0", ManifestFact(f"set/a{number}/__manifest__.py"))
        for number in range(addons)
    ]
    rules = [
        rule("before", every),
        *(rule(f"bad-{number}", check) for number, check in enumerate(checks)),
        rule("behind", every),
    ]
    return judged_by(Court(Index(facts), rules), processes)


def only_in(name: str, what: Callable[[], object]) -> Callable[[Scope], Hits]:
    """A check that reports in each addon, and does something bad in one after it has."""

    def check(scope: Scope) -> Hits:
        yield Hit(None, f"{scope.addon.name} is looked at")
        if scope.addon.name == name:
            what()

    return check


def raises() -> None:
    raise ValueError("no good")


def hangs() -> None:
    while True:
        time.sleep(0.01)


def said(judged: Judged, name: str) -> list[str]:
    return [finding.addon for finding in judged.findings if finding.rule == name]


@pytest.mark.parametrize("processes", PROCESSES)
def test_order_is_that_of_addons_and_rules(processes: int) -> None:
    judged = found(processes, every)
    assert [(item.addon, item.rule) for item in judged.findings] == [
        (f"a{number}", name) for number in range(7) for name in ("before", "bad-0", "behind")
    ]
    assert not judged.problems


@pytest.mark.parametrize("processes", PROCESSES)
def test_nothing_to_judge(processes: int) -> None:
    assert found(processes, every, addons=0) == Judged([], [])


@pytest.mark.parametrize("processes", PROCESSES)
def test_exception(processes: int) -> None:
    judged = found(processes, only_in("a3", raises))
    assert said(judged, "before") == said(judged, "behind") == [f"a{number}" for number in range(7)]
    [problem] = judged.problems
    assert (problem.kind, problem.path) == ("internal-error", "set/a3")
    assert "rule bad-0 crashed: ValueError: no good" in problem.message


@pytest.mark.parametrize("processes", PROCESSES)
def test_rules_that_take_too_long(processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(court, "ADDON_SECONDS", 0.3)
    judged = found(processes, only_in("a2", hangs), only_in("a2", hangs), only_in("a4", hangs))
    assert said(judged, "before") == said(judged, "behind") == [f"a{number}" for number in range(7)]
    assert said(judged, "bad-0") == ["a0", "a1", "a3", "a4", "a5", "a6"]
    assert said(judged, "bad-2") == ["a0", "a1", "a2", "a3", "a5", "a6"]
    assert [(item.kind, item.path, item.message) for item in judged.problems] == [
        ("timeout", "set/a2", "rule bad-0 given up after 0.3 s"),
        ("timeout", "set/a2", "rule bad-1 given up after 0.3 s"),
        ("timeout", "set/a4", "rule bad-2 given up after 0.3 s"),
    ]


@pytest.mark.parametrize("processes", PROCESSES)
def test_what_is_learned_on_the_way_takes_too_long(processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked for it: it costs no rule its findings."""

    def asks(scope: Scope) -> Hits:
        scope._reached[0] = ()
        return every(scope)

    monkeypatch.setattr(court, "ADDON_SECONDS", 0.2)
    monkeypatch.setattr(court, "depth_of", lambda scope: hangs())
    judged = found(processes, asks, addons=3)
    assert said(judged, "before") == said(judged, "bad-0") == said(judged, "behind") == ["a0", "a1", "a2"]
    assert (judged.problems, judged.depths) == ([], {})


@forks
@pytest.mark.parametrize("processes", [2, 5])
@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_rules_that_kill_their_process(processes: int, end: Callable[[], object]) -> None:
    judged = found(processes, only_in("a0", end), only_in("a6", end))
    assert said(judged, "before") == said(judged, "behind") == [f"a{number}" for number in range(7)]
    assert said(judged, "bad-0") == [f"a{number}" for number in range(1, 7)]
    assert [(item.kind, item.path, item.message) for item in judged.problems] == [
        ("internal-error", "set/a0", "rule bad-0 crashed: its process died"),
        ("internal-error", "set/a6", "rule bad-1 crashed: its process died"),
    ]


@forks
def test_process_that_does_not_heed_its_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        hangs()

    monkeypatch.setattr(clerks, "ADDON_SECONDS", 0.1)
    monkeypatch.setattr(clerks, "GRACE", 0.2)
    judged = found(2, only_in("a1", deaf))
    assert said(judged, "behind") == [f"a{number}" for number in range(7)]
    assert said(judged, "bad-0") == ["a0", "a2", "a3", "a4", "a5", "a6"]
    [problem] = judged.problems
    assert (problem.kind, problem.path) == ("timeout", "set/a1")


@forks
def test_addon_that_kills_whatever_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Index.scope

    def deadly(index: Index, addon: AddonFacts) -> Scope:
        if addon.name == "a5":
            os._exit(1)
        return real(index, addon)

    monkeypatch.setattr(Index, "scope", deadly)
    judged = found(2, every)
    assert said(judged, "before") == ["a0", "a1", "a2", "a3", "a4", "a6"]
    assert {problem.path for problem in judged.problems} == {"set/a5"}


@pytest.mark.parametrize("processes", PROCESSES)
def test_wrong_usage_ends_the_run(processes: int) -> None:
    def broken() -> None:
        raise UsageError("the index is broken")

    with pytest.raises(UsageError, match="the index is broken"):
        found(processes, only_in("a3", broken))
    assert not multiprocessing.active_children()


def test_limit_is_over_with_what_it_bounds() -> None:
    with limits.time_limit(0.05):
        pass
    time.sleep(0.1)
    with pytest.raises(limits.Timeout), limits.time_limit(0.05):
        hangs()


@pytest.mark.parametrize("processes", PROCESSES)
def test_rules_that_work_apart_are_put_together(processes: int) -> None:
    """Rules of views go to another desk; nobody can tell by what is said."""
    facts = [
        AddonFacts(f"a{number}", f"set/a{number}", series, ManifestFact(f"set/a{number}/__manifest__.py"))
        for number, series in enumerate(("18.0", "16.0", "18.0", "17.0"))
    ]
    families = {"one": "views", "two": "orm", "three": "references", "four": "security"}
    rules = [msgspec.structs.replace(rule(name, every), family=families[name]) for name in families]
    judged = judged_by(Court(Index(facts), rules), processes)
    assert [(item.addon, item.rule) for item in judged.findings] == [
        (f"a{number}", name) for number in range(4) for name in families
    ]


def test_what_is_known_of_a_series_goes_with_it() -> None:
    """Addons are judged series by series, and nothing of a core outlives its own."""
    core = shipped("16.0")
    assert core is not None
    manifest = ManifestFact("", lists={"depends": (("sale", FIRST_LINE),)})
    facts = [AddonFacts(f"a{number}", f"a{number}", f"1{6 + number % 2}.0", manifest) for number in range(4)]
    index = Index(facts, {"16.0": core})
    seen: list[tuple[str, int]] = []

    def check(scope: Scope) -> Hits:
        here: list[str] = scope.index.here.once("known", list)
        seen.append((scope.addon.name, len(here)))
        here.append(scope.addon.name)
        assert scope.visible("sale") is (core.addon("sale") if scope.addon.series == "16.0" else None)
        assert bool(core._addons) is (scope.addon.series == "16.0")
        yield from ()

    judged = Court(index, [rule("looks", check)]).judged()
    assert not judged.problems
    assert seen == [("a0", 0), ("a2", 1), ("a1", 0), ("a3", 1)]
