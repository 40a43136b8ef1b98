"""The debt model: the same total however it is added up, and grades that follow from it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from report_data import RULES, finding

from odoo_debt_lint.finding import FIRST_LINE, Confidence, Finding, Fix, Location, Severity
from odoo_debt_lint.migration.facts import all_facts
from odoo_debt_lint.outcome.debt import (
    BANDS,
    MINUTES_PER_LINE,
    Debt,
    debt_of,
    effort_range,
    merged,
    with_minutes,
)
from odoo_debt_lint.report.audit import Audit
from odoo_debt_lint.report.blocks import blocks_of
from odoo_debt_lint.report.json import document
from odoo_debt_lint.report.model import AddonReport, Report, Sources
from odoo_debt_lint.rule import Block, Rule
from odoo_debt_lint.settings import Settings

OFFSET = Rule(Severity.LOW, Block.CODE, 10, (), offset=25, name="with-offset", family="structure")
ALL = {**RULES, OFFSET.name: OFFSET}
FIXES = (None, Fix("safe", ()), Fix("unsafe", (), safe=False))
FINDINGS = st.lists(
    st.builds(
        lambda rule, addon, severity, confidence, minutes, fix, suppressed: finding(
            rule=rule,
            addon=addon,
            location=Location(f"{addon or 'conf'}/models/x.py", FIRST_LINE),
            severity=severity,
            confidence=confidence,
            minutes=minutes,
            fix=fix,
            suppressed=suppressed,
        ),
        st.sampled_from(sorted(ALL)),
        st.sampled_from(["shop", "tidy", "base_x", ""]),
        st.sampled_from(Severity),
        st.sampled_from(Confidence),
        st.integers(0, 500),
        st.sampled_from(FIXES),
        st.sampled_from(["", "", "reason"]),
    ),
    max_size=40,
)


def report_of(findings: list[Finding]) -> Report:
    """A report with a line for each addon, as the pipeline makes it."""
    own: dict[str, list[Finding]] = defaultdict(list)
    for item in findings:
        own[item.addon].append(item)
    lines = tuple(
        AddonReport(name, name, "16.0", "manifest", "", 1, debt_of(items, 300, ALL))
        for name, items in sorted(own.items())
    )
    debt = merged([line.debt for line in lines])
    return Report(Path(), Sources(Path()), ALL, lines, tuple(findings), debt)


@given(FINDINGS)
def test_every_sum_is_the_total(findings: list[Finding]) -> None:
    charged = with_minutes(findings, ALL)
    report = report_of(charged)
    total = report.debt.minutes
    assert total == sum(item.minutes for item in charged)
    assert total == sum(minutes for _, _, minutes in report.by_rule)
    assert total == sum(minutes for _, _, minutes in report.by_family)
    assert total == sum(line.debt.minutes for line in report.addons)
    count = len(charged)
    assert count == report.debt.findings == sum(report.by_severity.values())
    assert count == sum(number for _, number, _ in report.by_rule)
    assert count == sum(number for _, number, _ in report.by_family)
    data = document(report)
    for table in ("addons", "rules", "families", "blocks"):
        assert sum(row["debtMinutes"] for row in data[table]) == data["summary"]["debtMinutes"] == total
        assert sum(row["findings"] for row in data[table]) == data["summary"]["findings"] == count


@given(FINDINGS)
def test_plan_and_blocks_add_up(findings: list[Finding]) -> None:
    report = report_of(with_minutes(findings, ALL))
    audit = Audit(report)
    total = report.debt.minutes
    assert report.debt_with(report.findings) == report.debt
    assert total == sum(item.debt.minutes for item in blocks_of(report))
    assert total == sum(section.minutes for section in audit.sections) == audit.effort.minutes
    assert all(section.minutes == section.debt.minutes for section in audit.sections)
    assert len(report.findings) == sum(len(section.findings) for section in audit.sections)
    assert total == sum(horizon.minutes for horizon in audit.plan)
    done = 0
    for horizon in audit.plan:
        for step in horizon.steps:
            done += step.topic.minutes
            assert step.after.minutes == total - done
    assert audit.plan[-1].after == report.debt_with([])


@given(FINDINGS)
def test_what_each_finding_costs(findings: list[Finding]) -> None:
    charged = with_minutes(findings, ALL)
    seen = set()
    for before, after in zip(findings, charged, strict=True):
        counts = not before.suppressed and before.confidence >= Confidence.MEDIUM
        base = 1 if before.fix is not None and before.fix.safe else before.minutes
        first = counts and (before.addon, before.rule) not in seen
        if counts:
            seen.add((before.addon, before.rule))
        assert after.minutes == (base + (ALL[before.rule].offset if first else 0) if counts else 0)


@given(FINDINGS)
def test_low_confidence_costs_when_asked_for(findings: list[Finding]) -> None:
    charged = with_minutes(findings, ALL, Confidence.LOW)
    assert all(item.minutes == 0 for item in charged if item.suppressed)
    assert sum(item.minutes for item in charged) >= sum(item.minutes for item in with_minutes(findings, ALL))


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 3000))
def test_more_debt_is_never_a_better_score(minutes: int, more: int, loc: int) -> None:
    less, worse = Debt(minutes, loc, 1), Debt(minutes + more, loc, 2)
    assert 0 <= worse.score <= less.score <= 100
    assert worse.grade >= less.grade


@pytest.mark.parametrize(
    ("minutes", "worst", "security", "grade", "score"),
    [
        (0, None, None, "A", 100),
        (30, Severity.LOW, None, "A", 90),
        (31, Severity.LOW, None, "B", 89),
        (60, Severity.HIGH, None, "B", 80),
        (120, Severity.MEDIUM, None, "C", 65),
        (300, Severity.MEDIUM, None, "D", 35),
        (301, Severity.MEDIUM, None, "E", 34),
        (0, Severity.HIGH, Severity.HIGH, "C", 79),
        (120, Severity.HIGH, Severity.HIGH, "C", 65),
        (300, Severity.HIGH, Severity.HIGH, "D", 35),
        (0, Severity.CRITICAL, None, "D", 64),
        (300, Severity.CRITICAL, None, "D", 35),
        (5000, Severity.CRITICAL, Severity.CRITICAL, "E", 0),
    ],
)
def test_grades(
    minutes: int, worst: Severity | None, security: Severity | None, grade: str, score: int
) -> None:
    debt = Debt(minutes, 100, 1, worst, security, minutes_per_line=6)
    assert (debt.grade, debt.score) == (grade, score)


@given(st.integers(0, 5000), st.sampled_from([None, *Severity]), st.sampled_from([None, *Severity]))
def test_score_is_in_the_band_of_the_grade(
    minutes: int, worst: Severity | None, security: Severity | None
) -> None:
    debt = Debt(minutes, 500, 1, max(filter(None, (worst, security)), default=None), security)
    low, high = BANDS[debt.grade]
    assert low <= debt.score <= high


def test_of_one_grade_the_better_one_scores_higher() -> None:
    scores = [Debt(minutes, 1000, 9, Severity.CRITICAL).score for minutes in (0, 100, 300, 800, 2000)]
    assert scores == sorted(set(scores), reverse=True)


def test_our_own_faults_are_no_debt() -> None:
    rules = {**ALL, "internal-error": replace(OFFSET, name="internal-error")}
    crash = finding(rule="internal-error", minutes=60, severity=Severity.MEDIUM)
    (charged,) = with_minutes([crash], rules, Confidence.LOW)
    assert charged.minutes == 0
    assert all(not horizon.steps for horizon in Audit(report_of([charged])).plan)


def test_small_addons_are_measured_as_a_hundred_lines() -> None:
    assert Debt(60, 3, 1).density == Debt(60, 100, 1).density == 60
    assert Debt(60, 0, 1, minutes_per_line=6).ratio == 0.1
    assert Debt(60, 100, 1, minutes_per_line=30).ratio == 0.02


def test_total_takes_the_worst_of_all() -> None:
    total = merged([Debt(10, 50, 1, Severity.LOW), Debt(5, 70, 2, Severity.HIGH, Severity.HIGH)])
    assert (total.minutes, total.loc, total.findings) == (15, 120, 3)
    assert (total.worst, total.worst_security) == (Severity.HIGH, Severity.HIGH)
    assert merged([]) == Debt(0, 0, 0)


def test_what_only_a_migration_needs_is_work_but_no_flaw_of_today() -> None:
    fact = next(fact for fact in all_facts() if fact.series == "17.0")
    rules = {
        **ALL,
        "of-17": replace(OFFSET, name="of-17", family="migration", block=Block.MIGRATION, fact=fact),
        "of-target": replace(OFFSET, name="of-target", family="migration", block=Block.MIGRATION),
    }
    items = [finding(rule="of-17", severity=Severity.CRITICAL), finding(rule="of-target"), finding()]
    before, after = (
        debt_of(items, 1000, rules, series_of=lambda _, to=series: to) for series in ("16.0", "17.0")
    )
    assert before.minutes == after.minutes == 180
    assert (before.ahead, before.worst) == (120, Severity.HIGH)
    assert (after.ahead, after.worst) == (60, Severity.CRITICAL)
    today = debt_of(items[2:], 1000, rules)
    assert (before.ratio, before.grade, before.score) == (today.ratio, today.grade, today.score)
    assert merged([before, after]).ahead == 180


def test_cost_of_a_line_is_that_of_the_settings() -> None:
    assert Settings().minutes_per_line == MINUTES_PER_LINE


def test_effort() -> None:
    expected, low, high = effort_range(60, 2)
    assert expected == pytest.approx(2.8)
    assert (low, high) == (pytest.approx(1.4), pytest.approx(5.6))
