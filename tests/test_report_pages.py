"""What the audit says of time: metrics, trend and readiness; and the page that compares two audits."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from report_data import RULES, SQL, finding, report
from test_compare import known, made
from test_report_html import EVIL, Reader

from odoo_debt_lint.finding import Severity
from odoo_debt_lint.outcome import compare
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.outcome.debt import Debt
from odoo_debt_lint.report import changes_html, history, svg
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.html import as_html
from odoo_debt_lint.report.markdown import as_markdown
from odoo_debt_lint.report.metrics import metrics_of
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.readiness import Readiness
from odoo_debt_lint.rule import Block


def with_history(root: Path, *minutes: int) -> Report:
    """A report whose earlier runs had these minutes of debt."""
    now = report(root, finding())
    point = history.point_of(now)
    earlier = tuple(
        msgspec.structs.replace(point, debt_minutes=value, date=f"2026-01-{day:02}T10:00:00Z", findings=9)
        for day, value in enumerate(minutes, 1)
    )
    return replace(now, history=(*earlier, point))


def test_metrics_stand_beside_those_of_the_run_before(tmp_path: Path) -> None:
    found = {metric.name: metric for metric in metrics_of(with_history(tmp_path, 600, 120))}
    assert (found["Hours of repair"].value, found["Hours of repair"].before) == (1.0, 2.0)
    assert (found["Hours of repair"].change, found["Hours of repair"].mood) == (-1.0, "good")
    assert (found["Findings"].change, found["Findings"].mood) == (-8, "good")
    assert found["Lines of code"].change == 0
    assert found["Grade"].change is None


def test_metrics_of_another_debt_model_are_no_measure(tmp_path: Path) -> None:
    made = with_history(tmp_path, 600)
    old = msgspec.structs.replace(made.history[0], debt_model="1")
    found = {metric.name: metric for metric in metrics_of(replace(made, history=(old, made.history[1])))}
    assert found["Hours of repair"].before is found["Score"].before is None
    assert found["Findings"].before == 9


def test_metrics_of_a_single_run(tmp_path: Path) -> None:
    page = as_html(report(tmp_path, finding()))
    assert '<th scope="row">Hours of repair</th><td class="num">1.0</td></tr>' in page
    assert "Run before" not in page
    assert 'class="trend"' not in page
    partial = {metric.name for metric in metrics_of(report(tmp_path, finding(), partial=True))}
    assert not partial & {"Score", "Grade"}


def test_trend_is_drawn(tmp_path: Path) -> None:
    made = with_history(tmp_path, 600, 300)
    page = as_html(made)
    (picture,) = re.findall(r'<svg class="trend".*?</svg>', page, re.S)
    assert 'aria-label="Hours of repair over 3 runs: from 10 h to 1.0 h, grade C to C"' in picture
    assert re.findall(r'<circle class="f(\w)"', picture) == ["C", "C", "C"]
    assert "2026-01-01 10 h, Grade C" in picture
    text = as_markdown(made)
    assert "Hours of repair over 3 runs: from 10 h to 1.0 h, grade C to C `█▄▁`" in text
    assert "| Hours of repair | 1.0 | 5.0 | −4.0 |" in text


@pytest.mark.parametrize("hours", [[0.0, 0.0], [5.0, 10.0, 2.5], list(map(float, range(200)))])
def test_curve_stays_in_its_picture(hours: list[float]) -> None:
    curve = svg.trend([svg.Run(value, "A", "") for value in hours])
    assert all(0 <= dot.x <= svg.TREND_WIDTH and 0 <= dot.y <= svg.TREND_HEIGHT for dot in curve.dots)
    heights = [-dot.y for dot in curve.dots]
    assert [a < b for a, b in zip(heights, heights[1:], strict=False)] == [
        a < b for a, b in zip(hours, hours[1:], strict=False)
    ]


def test_long_histories_show_the_last_runs(tmp_path: Path) -> None:
    page = as_html(with_history(tmp_path, *range(100, 128)))
    assert page.count('<circle class="f') == 29
    made = with_history(tmp_path, 5)
    long = replace(made, history=made.history[:1] * 100)
    assert as_html(long).count('<circle class="f') == svg.RUNS


@pytest.mark.parametrize(
    ("readiness", "state"),
    [
        (Readiness("19.0", 1, 2, 3, 12), "Blocked"),
        (Readiness("19.0", 0, 3, 3, 12), "Needs work"),
        (Readiness("19.0", 0, 0, 6), "Ready"),
    ],
)
def test_readiness(tmp_path: Path, readiness: Readiness, state: str) -> None:
    made = report(tmp_path, finding(), readiness=readiness)
    text = "".join(Reader(as_html(made)).text)
    assert f"{state}for Odoo 19.0" in text
    assert f"{readiness.ready} of 6 addons ready, {readiness.blocked} blocked" in text
    assert f"- **{state}** for Odoo 19.0: " in as_markdown(made)


def test_no_readiness_without_a_target(tmp_path: Path) -> None:
    assert "for Odoo" not in as_html(report(tmp_path, finding()))
    assert "for Odoo" not in as_markdown(report(tmp_path, finding()))


def test_blocks_have_grades(tmp_path: Path) -> None:
    text = re.sub(r"\s+", " ", " ".join(Reader(as_html(report(tmp_path, finding()))).text))
    assert "Security C 74 1 finding" in text
    assert "Code A 100 0 findings" in text
    assert "Backups – not checked" in text


# the comparison


def comparison(tmp_path: Path, *new: object, **options: object) -> compare.Changes:
    old = made(tmp_path, "old", known(1), known(2))
    return compare.changes(old, made(tmp_path, "new", *new, **options))  # type: ignore[arg-type]


def test_comparison(tmp_path: Path) -> None:
    moved, new = known(1, "shop/other.py"), known(7, severity=Severity.CRITICAL, minutes=30)
    page = changes_html.as_html(comparison(tmp_path, moved, new), Cover(client="Shop & Sons"))
    read = Reader(page)
    text = re.sub(r"\s+", " ", " ".join(read.text))
    assert "Shop & Sons" in text
    assert "1 new, 1 fixed, 1 moved, 0 unchanged" in text
    assert "−30 min of repair since the audit before" in text
    assert "shop/models/sale.py:1" in text
    assert "shop/other.py:1" in text
    assert {"new", "fixed", "moved", "addons"} <= set(read.values("id"))
    assert "accepted" not in read.values("id")
    assert changes_html.as_html(comparison(tmp_path, moved, new), Cover(client="Shop & Sons")) == page


def test_nothing_from_reports_becomes_markup(tmp_path: Path) -> None:
    evil = known(5, f"{EVIL}.py", message=EVIL, rule=EVIL)
    found = comparison(tmp_path, evil, known(1, EVIL))
    figures = compare.Addon(1, 60, 10, EVIL, 3, EVIL, EVIL)
    found = replace(found, addons=(compare.Change(EVIL, figures, None),), notices=(EVIL,), accepted=found.new)
    read = Reader(changes_html.as_html(found, Cover(EVIL, EVIL)))
    assert (read.tags.count("script"), read.tags.count("style")) == (1, 1)
    assert not {"img", "iframe", "object", "link", "base"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name == "style"]
    assert not [value for value in read.values("href") if not value.startswith("#")]
    assert not [value for value in read.values("class") if "<" in value or "alert" in value]


def test_equal_audits(tmp_path: Path) -> None:
    same = made(tmp_path, "same", known(1))
    text = " ".join(Reader(changes_html.as_html(compare.changes(same, same))).text)
    assert "0 new, 0 fixed, 0 moved, 1 unchanged" in text
    assert "The figures of no addon have changed." in text


def test_grades_that_are_not_known(tmp_path: Path) -> None:
    old = made(tmp_path, "old", known(1), debt=Debt(60, 100, 1))
    new = made(tmp_path, "new", known(1), partial=True)
    page = changes_html.as_html(compare.changes(old, new))
    assert "single files" in page
    assert "None" not in "".join(Reader(page).text)


def test_many_changes_are_counted_not_dropped(tmp_path: Path) -> None:
    many = [known(number) for number in range(3, 3003)]
    page = changes_html.as_html(compare.changes(made(tmp_path, "a", known(1)), made(tmp_path, "b", *many)))
    assert page.count('<td class="text">') == changes_html.LISTED + 1
    assert "and 2,000 more" in page


def test_what_a_migration_will_break_is_no_fault_of_today(tmp_path: Path) -> None:
    later = msgspec.structs.replace(SQL, name="field-removed", family="migration", block=Block.MIGRATION)
    both = finding(), finding(rule="field-removed", severity=Severity.CRITICAL)
    made = report(tmp_path, *both, rules={**RULES, later.name: later})
    assert "0 critical, 1 high" in as_html(made)


def test_baseline_is_told(tmp_path: Path) -> None:
    known_one, new_one = finding(fingerprint="a" * 32), finding(message="is new", fingerprint="b" * 32)
    compared = Compared(frozenset({"a" * 32}), (finding(minutes=30),), gone=2)
    made = report(tmp_path, known_one, new_one, compared=compared)
    page = as_html(made)
    assert "1 new since the baseline, 2 no longer found" in page
    assert page.count('<span class="badge new">') == 1
    assert "Known to the baseline and not shown: 1 finding (30 min)" in page
    text = as_markdown(made)
    assert "- 1 new since the baseline, 2 no longer found" in text
    assert text.count("**high, new**") == 1
    assert "baseline" not in as_markdown(report(tmp_path, known_one)).replace("the baseline for the next", "")
