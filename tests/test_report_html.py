"""The audit as HTML: nothing of the linted code becomes markup, nothing leaves the page, all sums agree."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import markdown_reader
import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from report_data import LEFTOVER, RULES, SQL, SUPER, finding, report

from odoo_debt_lint.cli.program import cli
from odoo_debt_lint.finding import Confidence, Finding, Location, Problem, Severity, Span
from odoo_debt_lint.inventory.classify import Origin
from odoo_debt_lint.inventory.collect import Entry, Inventory
from odoo_debt_lint.outcome.debt import debt_of
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.report import svg
from odoo_debt_lint.report.audit import Audit
from odoo_debt_lint.report.blocks import BLOCKS
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.evidence import masked
from odoo_debt_lint.report.html import as_html
from odoo_debt_lint.report.json import document
from odoo_debt_lint.report.markdown import as_markdown
from odoo_debt_lint.report.model import AddonReport, Report
from odoo_debt_lint.report.risks import ORDER, THEMES, theme_of
from odoo_debt_lint.rule import Block, OnDeployment
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ADDONS = Path(__file__).parent.parent / "testdata" / "addons"
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}<!--"
VOID = {"meta", "br", "input", "link", "hr", "img", "path", "rect", "line", "circle"}


class Reader(HTMLParser):
    """Reads a page: its tags, attributes, headings and ids; fails where tags do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, key, value in self.attributes if key == name]


@pytest.fixture(scope="module")
def addons() -> Report:
    return run([str(ADDONS)], Settings(cache=False))


@pytest.fixture(scope="module")
def page(addons: Report) -> str:
    return as_html(addons, Cover(client="Shop & Sons", hourly_rate=90))


def entry(text: str) -> Entry:
    """An inventory line of which all texts are the given one."""
    texts = (text,)
    counts = (0,) * 4
    return Entry(
        *(text,) * 6, Origin(text, text), {"python": 10}, 0, 0, texts, texts, *counts, 0, texts, texts, texts
    )


def evil(root: Path) -> Report:
    """A report in which every text that comes from outside tries to break out."""
    path = "shop/x.py"
    (root / "shop").mkdir(exist_ok=True)
    (root / path).write_text(f"a = 1\nx = '{EVIL}'\n", encoding="utf-8")
    bad = finding(
        location=Location(path, Span(2, 0, 2, 5)),
        message=f"`{EVIL}` {EVIL}",
        addon=EVIL,
        related=(Location(EVIL, Span(1, 0, 1, 1), EVIL),),
        flow=(Location(EVIL, Span(1, 0, 1, 1), EVIL),),
    )
    return report(
        root,
        bad,
        replace_location(bad, EVIL),
        addons=(AddonReport(EVIL, EVIL, EVIL, EVIL, EVIL, 1, debt_of([bad], 10, RULES)),),
        suppressed=(replace_location(bad, path, EVIL),),
        problems=(Problem("encoding", EVIL, EVIL),),
        notices=(EVIL,),
        survey=lambda: Inventory((entry(EVIL),), ((EVIL, 1, (EVIL,)),)),
    )


def replace_location(item: Finding, path: str, suppressed: str = "") -> Finding:
    return msgspec.structs.replace(
        item, location=Location(path, item.location.span, EVIL), suppressed=suppressed
    )


def test_nothing_from_outside_becomes_markup(tmp_path: Path) -> None:
    made = as_html(evil(tmp_path), Cover(EVIL, EVIL, 10, EVIL))
    read = Reader(made)
    assert (read.tags.count("script"), read.tags.count("style")) == (2, 1)
    assert not {"img", "iframe", "object", "link", "base"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name == "style"]
    assert made.count("alert(1)") > 10
    assert "49" not in "".join(text for text in read.text if "alert" in text)


@pytest.mark.parametrize("writer", [as_html, as_markdown])
def test_hostile_addon(tmp_path: Path, writer: Callable[..., str]) -> None:
    """All the way: what an addon says in its manifest, paths, code, comments and data stays text."""
    tag = "<img src=x onerror=alert(1)>"
    addon = tmp_path / "shop"
    folder = addon / "models" / "<b onclick=alert(2)>"
    folder.mkdir(parents=True)
    manifest = {key: f"{key}{tag}" for key in ("name", "author", "license", "website", "summary")}
    manifest |= {"version": f"16.0.1.0.0{tag}", "depends": ["base", tag], "data": [f"{tag}.xml", "views.xml"]}
    (addon / "__manifest__.py").write_text(repr(manifest))
    (addon / "__init__.py").write_text("from . import models\n")
    code = (
        f"class A(models.Model):\n    _name = 'a.b'\n    _description = '{tag}'\n\n"
        f"    def f(self, name):  # {tag}\n"
        f"        self.env.cr.execute('SELECT \"{tag}\" FROM x WHERE y = %s' % name)\n"
        f"        eval(name)  # odoo-debt-lint: ignore[eval-used] {tag}\n"
        f"        self.env.ref('shop.{tag}')\n"
    )
    for place in (addon / "models", folder):
        (place / "a.py").write_text(f"from odoo import models\n\n\n{code}")
    (addon / "models" / "__init__.py").write_text("from . import a\n")
    (addon / "views.xml").write_text(f"<odoo><record id='{escape(tag)}' model='{escape(tag)}'/><odoo>")
    made = run([str(tmp_path)], Settings(cache=False))
    assert {"sql-injection", "invalid-xml", "manifest-data-missing"} <= {item.rule for item in made.findings}
    assert made.suppressed
    text = writer(made, Cover(client=tag))
    if writer is as_markdown:
        assert markdown_reader.Reader(text).html <= {"<!-- -->", "<br>"}
        return
    read = Reader(text)
    assert not {"img", "b"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name.startswith("on")]
    assert "".join(read.text).count("onerror=alert(1)") > 5


def test_nothing_leaves_the_page(page: str) -> None:
    read = Reader(page)
    for name in ("href", "src", "action", "srcset", "xlink:href"):
        assert all(value.startswith("#") for value in read.values(name))
    head = page[: page.index("<body>")]
    assert not re.search(r"https?:|//\w|url\(|@import", head)
    script = "".join(re.findall("<script>(.*?)</script>", page, re.S))
    assert not re.search(r"https?:|fetch|XMLHttp|import\(|innerHTML|eval\(", script)


def test_policy_allows_its_own_style_and_script_alone(page: str) -> None:
    (policy,) = (value for value in Reader(page).values("content") if "default-src" in value)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for tag in ("style", "script"):
        texts = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.S)
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert rules[f"{tag}-src"] == " ".join(f"'sha256-{digest}'" for digest in hashes)


def test_headings_and_names(page: str) -> None:
    read = Reader(page)
    levels = [int(tag[1]) for tag in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    names = read.values("id")
    assert len(names) == len(set(names))
    assert {value[1:] for value in read.values("href")} <= set(names)
    pictures = [i for i, (tag, _, _) in enumerate(read.attributes) if tag == "svg"]
    assert len([1 for i in pictures if read.attributes[i][1] == "aria-label"]) == read.tags.count("svg") > 2


def test_sums_agree_with_the_json(addons: Report) -> None:
    data, audit = document(addons), Audit(addons)
    total = data["summary"]["debtMinutes"]
    assert sum(section.minutes for section in audit.sections) == total > 0
    assert sum(horizon.minutes for horizon in audit.plan) == total
    assert sum(horizon.findings for horizon in audit.plan) == data["summary"]["findings"]
    assert sum(len(section.findings) for section in audit.sections) == data["summary"]["findings"]
    effort = audit.effort
    assert effort.range[0] == pytest.approx(effort.repair + effort.opening + effort.tests)
    assert round(effort.range[0], 2) == data["summary"]["effortHours"]["expected"]
    steps = sum(step.hours for horizon in audit.plan for step in horizon.steps)
    assert steps + effort.opening * 1.4 == pytest.approx(effort.range[0])
    assert audit.plan[-1].after.minutes == audit.plan[-1].after.findings == 0
    assert (audit.plan[-1].after.grade, audit.plan[-1].after.score) == ("A", 100)


def test_figures_on_the_page(addons: Report, page: str) -> None:
    summary = document(addons)["summary"]
    text = " ".join(" ".join(Reader(page).text).split())
    assert f"Grade {summary['grade']}" in text
    assert f"{summary['score']} / 100" in text
    assert f"{summary['effortHours']['expected']:,.1f}" in text
    assert f"{summary['effortHours']['expected'] * 90:,.0f} EUR" in text
    assert "Shop & Sons" in text


def test_plan_never_gets_worse(addons: Report) -> None:
    steps = [step for horizon in Audit(addons).plan for step in horizon.steps]
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    scores = [addons.debt.score, *(step.after.score for step in steps)]
    assert scores == sorted(scores)
    for horizon in Audit(addons).plan:
        rates = [step.topic.risk / max(step.topic.minutes, 1) for step in horizon.steps]
        assert rates == sorted(rates, reverse=True)


def test_horizons(tmp_path: Path) -> None:
    made = report(
        tmp_path,
        finding(),
        finding(rule=SUPER.name, severity=Severity.CRITICAL),
        finding(rule=SUPER.name, severity=Severity.HIGH),
        finding(severity=Severity.MEDIUM),
        finding(rule=LEFTOVER.name, severity=Severity.LOW),
    )
    plan = {
        horizon.name: {(step.topic.name, step.topic.worst.label) for step in horizon.steps}
        for horizon in Audit(made).plan
    }
    assert plan == {
        "now": {(SQL.name, "high"), (SUPER.name, "critical")},
        "next": {(SQL.name, "medium"), (SUPER.name, "high")},
        "medium": {(LEFTOVER.name, "low")},
    }


def test_same_input_same_bytes(page: str) -> None:
    again = run([str(ADDONS)], Settings(cache=False))
    assert as_html(again, Cover(client="Shop & Sons", hourly_rate=90)) == page


@pytest.mark.parametrize("writer", [as_html, as_markdown])
def test_secrets_are_not_handed_on(tmp_path: Path, writer: object) -> None:
    path = tmp_path / "shop" / "models" / "sale.py"
    path.parent.mkdir(parents=True)
    lines = [
        "TOKEN = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'",
        "api_key = 'hunter2secret'; x = 1",
        "url = 'https://bob:letmein99@example.com'",
        "KEY = 'suspected-one'",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    def at(line: int, rule: str, **changes: object) -> Finding:
        place = Location("shop/models/sale.py", Span(line, 0, line, 40))
        return finding(rule=rule, location=place, **changes)

    tagged = replace(SQL, name="token-in-config", tags=("secret",))
    made = report(
        tmp_path,
        at(1, "hardcoded-secret"),
        at(1, "sql-injection"),
        at(2, "sql-injection"),
        at(3, "sql-injection"),
        at(4, "sql-injection"),
        at(4, "token-in-config"),
        rules={**RULES, "hardcoded-secret": replace(SQL, name="hardcoded-secret"), tagged.name: tagged},
        unsure=(at(4, "hardcoded-secret", confidence=Confidence.LOW),),
    )
    text = writer(made)  # type: ignore[operator]
    for secret in ("sk_live", "hunter2", "letmein", "suspected-one"):
        assert secret not in text
    assert "x = 1" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password='abc'", "password='***'"),
        ('"api_key": "abc",', '"api_key": "***",'),
        ("a = 'abc'", "a = 'abc'"),
        ("postgres://odoo:pw@db/x", "postgres://odoo:***@db/x"),
        ("a\x1b[0m\u202eb", "a\ufffd[0m\ufffdb"),
    ],
)
def test_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_every_block_has_a_place_and_every_theme_a_rank() -> None:
    assert set(BLOCKS) == set(Block)
    assert {theme_of("no-such-rule", block) for block in Block} <= set(ORDER)
    assert set(THEMES) <= set(all_rules())
    assert set(THEMES.values()) <= set(ORDER)


def test_twenty_thousand_findings(tmp_path: Path) -> None:
    path = tmp_path / "shop" / "models" / "sale.py"
    path.parent.mkdir(parents=True)
    path.write_text("        self.env.cr.execute('SELECT 1 FROM sale_order WHERE %s' % name)\n" * 5000)
    many = [
        finding(rule=f"rule-{number % 80}", location=Location("shop/models/sale.py", Span(line, 8, line, 60)))
        for number in range(20000)
        for line in (number % 5000 + 1,)
    ]
    rules = {f"rule-{number}": replace(SQL, name=f"rule-{number}") for number in range(80)}
    start = time.process_time()
    made = as_html(report(tmp_path, *many, rules=rules))
    assert time.process_time() - start < 20
    assert len(made.encode()) < 15_000_000
    assert made.count('<p class="place">') == 20000
    assert "not listed one by one" not in made


@pytest.mark.parametrize("code", ["x" * 60, '<"&>' * 15])
def test_more_than_the_page_has_room_for(tmp_path: Path, code: str) -> None:
    path = tmp_path / "shop" / "models" / "sale.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"{code}\n" * 400)
    many = [
        finding(
            rule=f"rule-{number % 40}",
            message=code * 3,
            location=Location("shop/models/sale.py", Span(number % 390 + 1, 0, number % 390 + 4, 60)),
        )
        for number in range(30000)
    ]
    rules = {f"rule-{number}": replace(SQL, name=f"rule-{number}") for number in range(40)}
    made = as_html(report(tmp_path, *many, rules=rules))
    assert 10_000_000 < len(made.encode()) < 15_000_000
    listed = made.count('<p class="place">')
    assert sum(int(number) for number in re.findall(r"not listed one by one: (\d+)", made)) + listed == 30000


def test_without_findings(tmp_path: Path) -> None:
    made = as_html(report(tmp_path))
    assert "No critical risk was found" in made
    assert "Nothing to do" in made


def test_single_files_have_no_grade(tmp_path: Path) -> None:
    made = as_html(report(tmp_path, finding(), partial=True))
    assert "Grade" not in Reader(made).text
    assert "there is no grade" in made


def test_treemap_fills_its_room() -> None:
    boxes = svg.treemap([("a", 60), ("b", 25), ("c", 10), ("d", 5), ("e", 0)])
    assert [box.name for box in boxes] == ["a", "b", "c", "d"]
    areas = [box.width * box.height for box in boxes]
    assert sum(areas) == pytest.approx(svg.WIDTH * svg.HEIGHT, rel=0.01)
    assert areas[0] / areas[1] == pytest.approx(60 / 25, rel=0.01)
    assert svg.treemap([]) == []


@pytest.mark.parametrize("rate", ["-1", "nan", "inf"])
def test_rates_that_make_no_sense(rate: str) -> None:
    done = CliRunner().invoke(cli, ["check", str(ADDONS), "--hourly-rate", rate, "--isolated", "--no-cache"])
    assert "hourly-rate" in str(done.exception)


def test_day_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    target = tmp_path / "report.html"
    arguments = ["check", str(ADDONS), "--isolated", "--no-cache", "--exit-zero", "-f", f"html:{target}"]
    CliRunner().invoke(cli, [*arguments, "--report-title", "Audit 2023", "--select", "sql-injection"])
    made = target.read_text("utf-8")
    assert "2023-11-14" in made
    assert "<h1>Audit 2023</h1>" in made


def test_cover_in_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / ".odoo-debt-lint.toml"
    config.write_text('client = "Shop"\nhourly-rate = 100\ncurrency = "CHF"\nselect = ["sql-injection"]\n')
    arguments = ["check", str(ADDONS), "--config", str(config), "--no-cache", "--exit-zero", "-f", "markdown"]
    made = CliRunner().invoke(cli, [*arguments, "--client", "Other"]).output
    assert "Other, 4 addons" in made
    assert " CHF to mend it all" in made


def test_blocks_without_files_were_not_checked(tmp_path: Path) -> None:
    listener = OnDeployment(("conf",), lambda file: ())
    beside = replace(SQL, name="workers-zero", block=Block.INFRASTRUCTURE, listeners=(listener,))
    rules = {**RULES, beside.name: beside}
    for count in (0, 1):
        made = report(tmp_path, finding(), rules=rules, deployment=count)
        sections = {section.block: section for section in Audit(made).sections}
        assert sections[Block.INFRASTRUCTURE].rules == count
        assert sections[Block.INFRASTRUCTURE].without_files == (count == 0)
        assert ("no file that says how Odoo is run" in as_html(made)) == (count == 0)
        assert ("no file that says how Odoo is run" in as_markdown(made)) == (count == 0)
