"""The score card, the checklist and the runbook of an instance: explained, adapted, and without any secret.

``UPDATE_GOLDEN=1 pytest tests/test_infrastructure.py`` writes the runbook of ``testdata/instance`` anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_data import finding
from report_data import report as made_report

from odoo_debt_lint import __version__
from odoo_debt_lint.finding import Finding, Location, Severity, Span
from odoo_debt_lint.infrastructure.areas import AREAS, area_of
from odoo_debt_lint.infrastructure.card import SHARES, ScoreCard, card_of
from odoo_debt_lint.infrastructure.checklist import checklist_of
from odoo_debt_lint.infrastructure.facts import Infrastructure
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.report import infrastructure
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.figures import Figures
from odoo_debt_lint.report.html import as_html
from odoo_debt_lint.report.json import as_json, document
from odoo_debt_lint.report.markdown import as_markdown
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.output import Options, Target, _text, targets
from odoo_debt_lint.report.runbook import NOTHING, as_runbook
from odoo_debt_lint.report.texts import LANGUAGES, catalogue
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ROOT = Path(__file__).parent.parent
INSTANCE = ROOT / "testdata" / "instance"
GOLDEN = ROOT / "testdata" / "golden"
SCHEMA = ROOT / "testdata" / "schemas" / "report-1.schema.json"
RULES = (
    "database-manager-exposed",
    "image-unpinned",
    "master-password-default",
    "service-without-resource-limits",
    "service-without-restart",
    "tls-outdated",
)
SECRET = "kept-out-of-every-report"


def linted(folder: Path, *rules: str) -> Report:
    return run([str(folder)], Settings(select=rules, cache=False, jobs=1))


def files(folder: Path, **texts: str) -> Path:
    """Writes files; ``__`` in a name is a dot, ``_0_`` a slash."""
    for name, text in texts.items():
        path = folder / name.replace("_0_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def commands(runbook: str) -> list[str]:
    """The lines of all fenced blocks."""
    found: list[str] = []
    fence = ""
    for line in runbook.split("\n"):
        mark = re.match(r"\s*(`{3,})(sh)?$", line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        elif fence:
            found.append(line.strip())
    assert not fence
    return found


# -- score card ------------------------------------------------------------------------------------------


def at(rule: str, line: int, severity: Severity, path: str = "compose.yml") -> Finding:
    return finding(rule=rule, location=Location(path, Span(line, 0, line, 1)), severity=severity, addon="")


def card(facts: Infrastructure, *findings: Finding) -> ScoreCard:
    return card_of(facts, findings, all_rules())


COMPOSE = Infrastructure({"compose": ("compose.yml",)}, {"whole": ("compose.yml",)})


def test_every_rule_belongs_to_one_area() -> None:
    keys = {area.key for area in AREAS}
    rules = [rule for rule in all_rules().values() if rule.family == "deployment"]
    assert len(rules) >= 40
    assert {rule.name for rule in rules if area_of(rule) not in keys} == set()
    assert {area_of(rule) for rule in all_rules().values() if rule.family != "deployment"} == {""}
    assert sum(area.points for area in AREAS) == 100
    expected = {
        "service-without-restart": "compose",
        "runs-as-root": "compose",
        "postgres-untuned": "postgresql",
        "tls-outdated": "network",
        "interface-public": "network",
        "secret-weak": "secrets",
        "master-password-default": "secrets",
        "backup-missing": "backup",
        "data-not-persisted": "backup",
        "monitoring-missing": "monitoring",
        "log-rotation-missing": "monitoring",
    }
    assert {name: area_of(all_rules()[name]) for name in expected} == expected


def test_points_are_explained_by_findings() -> None:
    found = [at("service-without-restart", line, Severity.MEDIUM) for line in (9, 3, 6)]
    score = card(COMPOSE, *found, at("container-privileged", 12, Severity.HIGH))
    compose = score.areas[0]
    taken = [(item.finding.location.span.start_line, item.cents) for item in compose.deductions]
    assert taken == [(12, 20 * 25), (3, 20 * 8), (6, 20 * 8 // 2), (9, 20 * 8 // 4)]
    assert compose.points == 20 - sum(item.points for item in compose.deductions) == 12.2


def test_a_severer_finding_never_gives_more_points() -> None:
    scores = [
        card(COMPOSE, at("container-privileged", 1, severity)).areas[0].cents for severity in sorted(SHARES)
    ]
    assert scores == sorted(scores, reverse=True)


def test_no_area_falls_below_nothing() -> None:
    rules = [name for name, rule in all_rules().items() if area_of(rule) == "compose"]
    score = card(COMPOSE, *(at(name, 1, Severity.CRITICAL) for name in rules))
    assert score.areas[0].cents == 0
    assert all(item.cents >= 0 for item in score.areas[0].deductions)


def test_what_is_missing_altogether_takes_all() -> None:
    score = card(COMPOSE, at("backup-missing", 1, Severity.HIGH), at("data-not-persisted", 2, Severity.HIGH))
    backup = next(item for item in score.areas if item.area.key == "backup")
    assert [item.points for item in backup.deductions] == [15, 0]


def test_areas_without_files_are_not_assessed_and_the_rest_is_scaled() -> None:
    score = card(COMPOSE, at("service-without-restart", 1, Severity.MEDIUM))
    assert [item.area.key for item in score.areas if not item.assessed] == ["postgresql", "redis"]
    assert (score.most, score.points, score.score) == (70, 68.4, 97)
    only_conf = card(
        Infrastructure({"odoo": ("odoo.conf",)}),
        at("workers-undersized", 1, Severity.MEDIUM, "odoo.conf"),
        at("database-manager-exposed", 2, Severity.HIGH, "odoo.conf"),
    )
    assert [item.area.key for item in only_conf.assessed] == ["network", "secrets"]
    assert [item.rule for item in only_conf.outside] == ["workers-undersized"]
    assert card(Infrastructure()).score is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"odoo__conf": "[options]\nworkers = 4\n"}, {"network", "secrets"}),
        ({"backup__sh": "#!/bin/sh\npg_dump x\n"}, {"backup"}),
        ({"crontab": "0 3 * * * root /usr/bin/true\n"}, set()),
        ({"compose__yml": "services: {web: {image: 'nginx:1.27'}}"}, {"compose", "network", "secrets"}),
        (
            {"compose__yml": "services: {odoo: {image: 'odoo:17.0'}, db: {image: 'postgres:16'}}"},
            {"compose", "postgresql", "network", "secrets", "backup", "monitoring"},
        ),
        ({"redis__conf": "maxmemory 1gb\nappendonly yes\n"}, {"redis"}),
    ],
)
def test_an_area_is_assessed_where_its_rules_can_see(
    texts: dict[str, str], expected: set[str], tmp_path: Path
) -> None:
    made = document(linted(files(tmp_path, **texts)))["infrastructure"]
    assert {area["area"] for area in made["areas"] if area["assessed"]} == expected


def test_a_hundred_means_that_nothing_was_taken() -> None:
    assert card(COMPOSE).score == 100
    assert card(COMPOSE, at("logging-unbounded", 1, Severity.LOW)).score == 99


def test_areas_whose_rules_did_not_run_are_not_assessed(tmp_path: Path) -> None:
    report = linted(files(tmp_path, compose__yml="services: {odoo: {image: 'odoo:17.0'}}"), "image-unpinned")
    made = document(report)["infrastructure"]
    assert [area["area"] for area in made["areas"] if area["assessed"]] == ["compose"]
    assert "none of its rules took part" in as_markdown(report)


def test_rules_of_other_families_and_accepted_findings_take_nothing(tmp_path: Path) -> None:
    text = (
        "services:\n  # odoo-debt-lint: ignore[service-without-restart] started by hand\n  odoo: {image: x}\n"
    )
    report = linted(files(tmp_path, compose__yml=text), "service-without-restart", "syntax-error")
    assert document(report)["infrastructure"]["score"] == 100
    other = made_report(tmp_path, finding(), survey_instance=lambda: COMPOSE)
    assert all(not area["deductions"] for area in document(other)["infrastructure"]["areas"])


def test_what_a_baseline_knows_still_takes_points(tmp_path: Path) -> None:
    known = at("service-without-restart", 3, Severity.MEDIUM)
    compared = Compared(frozenset({known.fingerprint}), (known,), 0)
    report = made_report(
        tmp_path, rules=dict(all_rules()), compared=compared, survey_instance=lambda: COMPOSE
    )
    assert document(report)["infrastructure"]["score"] == 97


# -- reports ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def instance() -> Report:
    return linted(INSTANCE, *RULES)


def test_json_is_what_the_schema_says(instance: Report) -> None:
    data = json.loads(as_json(instance))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(data)
    made = data["infrastructure"]
    for area in made["areas"]:
        taken = sum(item["points"] for item in area["deductions"])
        assert not area["assessed"] or round(area["maxPoints"] - taken, 2) == area["points"]
    shown = {(item["rule"], item["path"], item["line"]) for item in data["findings"]}
    named = {
        (item["rule"], item["path"], item["line"]) for area in made["areas"] for item in area["deductions"]
    }
    assert named == shown
    assert made["points"] == round(sum(area["points"] or 0 for area in made["areas"] if area["assessed"]), 2)


def test_card_in_every_report(instance: Report) -> None:
    score = document(instance)["infrastructure"]["score"]
    assert score == 79
    text = _text(instance, Target("text"), Options())
    assert f"infrastructure score card: {score}/100" in text
    assert re.search(r"Networking and security\s+7\.5/15\s+database-manager-exposed testdata/instance/", text)
    assert re.search(r"Redis\s+not assessed$", text, re.M)
    page, markdown = as_html(instance), as_markdown(instance)
    assert f"{score} of 100, scaled from" in page
    assert f"{score} of 100, scaled from" in markdown
    assert "`tls-outdated testdata/instance/nginx/erp.conf:14` −3.75" in markdown
    assert re.search(r"−3\.75 <a href=\"#rule-tls-outdated\">.*testdata/instance/nginx/erp\.conf:14<", page)
    for made in (page, markdown):
        assert "not assessed: none of its rules took part" in made
        assert "What no file can show" in made
    assert page.count("☐") == markdown.count("- [ ]") == len(checklist_of(instance.infrastructure)) > 20


def test_nothing_of_it_without_files_of_an_instance() -> None:
    report = linted(ROOT / "testdata" / "addons", "sql-injection")
    assert document(report)["infrastructure"] is None
    assert "nfrastructure score" not in as_markdown(report) + _text(report, Target("text"), Options())
    assert 'id="infrastructure"' not in as_html(report)
    assert as_runbook(report) == f"# Runbook\n\n{NOTHING}\n"


def test_only_files_for_development(tmp_path: Path) -> None:
    files(tmp_path, dev_0_compose__yml="services: {odoo: {image: 'odoo:17.0'}}")
    made = as_runbook(linted(tmp_path))
    assert made.startswith(f"# Runbook\n\n{NOTHING} Files for development alone: 1.\n")


def test_no_secret_anywhere() -> None:
    report = linted(INSTANCE)
    assert any(item.rule == "master-password-default" for item in report.findings)
    made = (as_runbook(report), as_json(report), as_html(report), as_markdown(report))
    for text in (*made, _text(report, Target("text"), Options())):
        assert SECRET not in text


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_everything_is_translated(lang: str, instance: Report) -> None:
    names = [name for name in vars(infrastructure) if name.isupper() and not name.startswith("_")]
    texts = {getattr(infrastructure, name) for name in names if name != "TYPE_CHECKING"}
    checks = [*checklist_of(instance.infrastructure), *checklist_of(COMPOSE)]
    texts |= {text for check in checks for text in (check.title, check.expect)}
    texts |= {area.title for area in AREAS} - {"PostgreSQL", "Redis"}
    assert texts - set(catalogue(lang)) == set()
    made = as_markdown(instance, Cover(lang=lang))
    assert "What no file can show" not in made
    assert Figures(Cover(lang=lang)).text("The firewall is closed") in made


# -- runbook ---------------------------------------------------------------------------------------------


def test_runbook_golden(instance: Report) -> None:
    made = re.sub(r"(?<=^- high, ).*(?= \()", "PLACE: MESSAGE", as_runbook(instance), flags=re.M)
    made = made.replace(f"odoo-debt-lint {__version__}", "odoo-debt-lint VERSION")
    path = GOLDEN / "instance-runbook.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


def test_runbook_is_an_output_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert targets(["runbook:x.md"]) == [Target("runbook", "x.md")]


def test_same_input_same_bytes(instance: Report) -> None:
    assert as_runbook(linted(INSTANCE, *RULES)) == as_runbook(instance)


def test_every_command_is_one_that_a_shell_reads(instance: Report) -> None:
    lines = commands(as_runbook(instance))
    assert len(lines) > 25
    for line in (*lines, *(check.command for check in checklist_of(instance.infrastructure))):
        assert shlex.split(line), line


def test_files_that_compose_does_not_find_are_named(tmp_path: Path) -> None:
    base = "services:\n  odoo: {image: 'odoo:17.0'}\n  db: {image: 'postgres:16'}\n"
    files(
        tmp_path,
        deploy_0_compose__yml=base,
        deploy_0_compose__prod__yml="services: {odoo: {restart: always}}\n",
    )
    lines = commands(as_runbook(linted(tmp_path)))
    prefix = "docker compose -f deploy/compose.yml -f deploy/compose.prod.yml"
    assert f"{prefix} up -d" in lines
    assert f"{prefix} up -d db" in lines
    plain = files(tmp_path / "plain", compose__yml=base, compose__override__yml="services: {db: {user: me}}")
    assert "docker compose up -d" in commands(as_runbook(linted(plain)))


def test_without_containers(tmp_path: Path) -> None:
    files(
        tmp_path,
        odoo__conf="[options]\ndb_host = 10.0.0.5\ndb_port = 5433\ndb_user = erp\ndb_name = shop\n"
        "data_dir = /srv/odoo\nlogfile = /var/log/odoo/odoo.log\nhttp_port = 8070\n",
    )
    lines = commands(as_runbook(linted(tmp_path)))
    assert "sudo systemctl start YOUR_ODOO_UNIT" in lines
    assert "pg_isready -h 10.0.0.5 -p 5433 -U erp -t 30" in lines
    assert "curl -fsS http://127.0.0.1:8070/web/health" in lines
    assert "tail -n 200 /var/log/odoo/odoo.log" in lines
    assert any(line.startswith("tar czf - -C /srv/odoo filestore > ") for line in lines)
    assert not any("docker" in line for line in lines)


def test_other_projects_are_started_as_well(tmp_path: Path) -> None:
    files(
        tmp_path,
        prod_0_compose__yml="services: {odoo: {image: 'odoo:17.0'}}",
        staging_0_compose__yml="services: {odoo: {image: 'odoo:17.0'}, db: {image: 'postgres:16'}}",
        database_0_compose__yml="services: {pg: {image: 'postgres:16'}}\nvolumes: {data: }",
        odoo__service="[Unit]\n[Service]\nExecStart=/usr/bin/odoo\n",
    )
    lines = commands(as_runbook(linted(tmp_path)))
    first = lines.index("docker compose -f database/compose.yml up -d pg")
    assert first < lines.index("docker compose -f prod/compose.yml up -d")
    assert not any("up -d" in line and "staging" in line for line in lines)


def test_what_no_file_tells_is_left_open(tmp_path: Path) -> None:
    files(tmp_path, compose__yml="services: {odoo: {image: 'odoo:14.0'}, db: {image: 'postgres:${V}'}}")
    made = as_runbook(linted(tmp_path))
    assert "YOUR_DATABASE" in made
    assert "YOUR_HOST" in made
    assert "-U YOUR_DATABASE_USER" in made
    assert "exec -T odoo curl -fsS http://127.0.0.1:8069/web/login" in made
    assert "websocket/health" not in made
    assert "redis-cli" not in made


def test_jobs_names_and_redis_are_used(tmp_path: Path) -> None:
    files(
        tmp_path,
        compose__yml=(
            "services:\n  web:\n    image: odoo:17.0\n    command: odoo -d prod\n    labels:\n"
            "      - traefik.http.routers.odoo.rule=Host(`erp.example.org`)\n"
            "  cache: {image: 'redis:7'}\n  db: {image: 'postgres:16', environment: {POSTGRES_USER: erp}}\n"
        ),
        backup__sh="#!/bin/sh\npg_dump prod > /b/x.dump\n",
        restore__sh="#!/bin/sh\npg_restore -d prod /b/x.dump\n",
        crontab="0 3 * * * root PGPASSWORD=kept-out-of-every-report /srv/backup.sh\n",
    )
    made = as_runbook(linted(tmp_path))
    assert "The files hold a backup already: `crontab:1` (runs at `0 3 * * *`)" in made
    assert "The files hold a restore: `restore.sh:1`" in made
    assert "docker compose exec -T cache redis-cli PING" in made
    assert "docker compose exec -T db pg_dump -U erp -Fc prod >" in made
    assert "curl -fsS https://erp.example.org/web/health" in made
    assert SECRET not in made


EVIL = "x`y|<img src=x onerror=alert(1)>\n# z $(touch /tmp/p) ;rm -rf / 'q\" ```"


def evil(folder: Path) -> Report:
    """An instance whose names are all hostile."""
    service: dict[str, Any] = {
        "image": f"odoo:{EVIL}",
        "container_name": EVIL,
        "ports": [{"target": 8069, "published": EVIL, "host_ip": EVIL}],
        "volumes": [f"{EVIL}:/d", {"type": "volume", "source": EVIL, "target": "/e"}],
        "profiles": [EVIL],
    }
    database = {"image": "postgres:16", "environment": {"POSTGRES_USER": EVIL, "POSTGRES_DB": EVIL}}
    project = {"services": {EVIL: service, f"db {EVIL}": database}, "volumes": {EVIL: None}}
    name = "<b>`a` | $(id) 'x'"
    (folder / name).mkdir()
    (folder / name / "compose.yml").write_text(json.dumps(project), encoding="utf-8")
    flat = " ".join(EVIL.split())
    files(
        folder,
        odoo__conf=f"[options]\ndb_name = {flat}\ndb_user = {flat}\ndata_dir = /{flat}\nhttp_port = {flat}\n",
        crontab=f"@daily {flat} backup\n",
    )
    return linted(folder)


def _without_single(match: re.Match[str]) -> str:
    """Quoted text: what single quotes hold means nothing to a shell, double ones leave ``$``."""
    return "" if match[0].startswith("'") else match[0]


def test_hostile_names_stay_names_in_the_shell(tmp_path: Path) -> None:
    made = as_runbook(evil(tmp_path))
    lines = commands(made)
    assert len(lines) > 20
    for line in lines:
        assert all("rm -rf" in word for word in shlex.split(line) if "touch" in word), line
        unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", _without_single, line)
        assert not re.search(r"[`;]|\$\(", unquoted.replace('"$(date +%F)"', "")), line
    assert any(" ".join(EVIL.split("\n")) in shlex.split(line) for line in lines)


def test_hostile_names_stay_names_in_markdown(tmp_path: Path) -> None:
    made = as_runbook(evil(tmp_path))
    text = re.sub(r"^ *(`{3,})sh\n.*?^ *\1$", "", made, flags=re.S | re.M)
    text = re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    left = text.replace("<!-- -->", "").replace("  <br>", "")
    assert not re.search(r"(?<!\\)<", left)
    assert not re.search(r"^# z", made, re.M)
    tables = [line for line in made.split("\n") if line.startswith("|")]
    assert len({len(re.split(r"(?<!\\)\|", line)) for line in tables}) == 1


def test_hostile_names_stay_names_on_the_page(tmp_path: Path) -> None:
    report = evil(tmp_path)
    assert "<img" not in as_html(report)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(as_json(report)))
