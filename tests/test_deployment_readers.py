"""Readers of deployment files: exact lines, variables, merging as docker compose does it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from odoo_debt_lint import registry
from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.deployment import stage
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.loading import load
from odoo_debt_lint.deployment.variables import interpolated
from odoo_debt_lint.finding import FIRST_LINE, Problem
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.rule import Hit, OnDeployment
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings


def read(folder: Path, **files: str) -> tuple[Instance, list[Problem]]:
    """The instance of some files; ``__`` in a name is a dot, ``_0_`` a slash."""
    for name, text in files.items():
        path = folder / name.replace("_0_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return load(discover([str(folder)]), [], Settings(), {}, problems), problems


def main(instance: Instance) -> ComposeFile:
    return min(instance.composes, key=lambda file: file.path.count("override"))


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("plain", {}, "plain"),
        ("$$HOME", {}, "$HOME"),
        ("${A:-x}", {}, "x"),
        ("${A:-x}", {"A": ""}, "x"),
        ("${A-x}", {"A": ""}, ""),
        ("${A-x}", {"A": "y"}, "y"),
        ("${A:-${B:-z}}", {}, "z"),
        ("${A}", {}, None),
        ("$A:1", {"A": "y"}, "y:1"),
        ("${A:?must be set}", {}, None),
        ("${A:+x}", {"A": "y"}, "x"),
        ("${A:-x}", {"A": None}, None),
    ],
)
def test_variables(text: str, values: dict[str, str | None], expected: str | None) -> None:
    assert interpolated(text, values) == expected


def test_merged_as_compose_does(tmp_path: Path) -> None:
    instance, _ = read(
        tmp_path,
        compose__yml=(
            "services:\n  odoo:\n    image: odoo:17.0\n    command: [a, b]\n    environment: [A=1, B=2]\n"
            "    ports: ['1:1']\n    volumes: ['data:/d', './x:/x']\n    depends_on: [db]\n"
        ),
        compose__override__yml=(
            "services:\n  odoo:\n    command: c\n    environment: {B: 3}\n    ports: ['2:2']\n"
            "    volumes: ['other:/d']\n    depends_on: {cache: {condition: service_healthy}}\n"
            "    restart: always\n"
        ),
    )
    service = main(instance).services[0]
    assert service.command == "c"
    assert service.environment is not None
    assert {name: pair.value.text for name, pair in service.environment.pairs.items()} == {"A": "1", "B": "3"}
    assert [port.target for port in service.ports] == ["1", "2"]
    assert sorted((mount.source, mount.target) for mount in service.mounts) == [
        ("./x", "/x"),
        ("other", "/d"),
    ]
    assert service.depends_on is not None
    assert list(service.depends_on.pairs) == ["db", "cache"]
    assert service.node.place("restart").path == "compose.override.yml"


def test_anchors_extends_and_reset(tmp_path: Path) -> None:
    instance, problems = read(
        tmp_path,
        compose__yml=(
            "x-a: &a\n  restart: always\n  mem_limit: 1g\nservices:\n  one:\n    <<: *a\n"
            "    image: odoo:17.0\n  two:\n    extends: one\n    mem_limit: 2g\n  three:\n"
            "    extends: {file: missing.yml, service: x}\n    image: postgres:16\n"
        ),
        compose__override__yml="services:\n  one:\n    restart: !reset null\n",
    )
    services = {service.name: service for service in main(instance).services}
    assert problems == []
    assert "restart" not in services["one"].node.pairs
    assert services["two"].memory == 2 << 30
    assert services["two"].image == "odoo:17.0"
    assert main(instance).supplied(services["three"], "restart")


def test_aliases_that_hold_themselves_or_explode_end(tmp_path: Path) -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    )
    instance, _ = read(tmp_path, compose__yml=bomb + "services: &s\n  odoo: *s\n")
    assert main(instance).services == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("compose__yml", "services:\n  odoo: [\n", 3),
        ("odoo__conf", "[options]\nworkers 4\n", 2),
        ("nginx_0_site__conf", "server {\n    listen 80;\n", 2),
    ],
)
def test_errors_name_their_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    _, problems = read(tmp_path, **{name: text})
    assert [(problem.kind, problem.line) for problem in problems] == [("syntax", line)]


def test_one_file_alone_and_no_secret_in_a_message(tmp_path: Path) -> None:
    path = tmp_path / "odoo.conf"
    path.write_text("[options]\nadmin_passwd = kept-out-7391-of-messages\ndb_password = odoo7391\n")
    report = run([str(path)], Settings(cache=False, jobs=1))
    assert {"master-password-default", "database-manager-exposed"} <= {item.rule for item in report.findings}
    assert not any("7391" in item.message for item in report.findings)
    secret = {item.rule for item in report.findings if item.location.span.start_line in (2, 3)}
    assert all("secret" in report.rules[name].tags for name in secret)


def test_a_crash_of_a_reader_is_no_crash_of_the_run(tmp_path: Path) -> None:
    for name in ("odoo.conf", "docker-compose.yml", "Dockerfile", "nginx.conf", ".env"):
        (tmp_path / name).write_bytes(b"\x00\xff[options]\n{{{ $ \\")
    assert run([str(tmp_path)], Settings(cache=False, jobs=1)).findings == ()


def test_what_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hanging(*args: object) -> Iterator[Hit]:
        yield Hit(FIRST_LINE, "not to be seen")
        time.sleep(60)

    def lint() -> Report:
        return run([str(tmp_path)], Settings(cache=False, jobs=1))

    (tmp_path / "odoo.conf").write_text("[options]\nadmin_passwd = admin\n")
    others = {item.rule for item in lint().findings} - {"master-password-default"}
    rules = dict(registry.all_rules())
    slow = rules["master-password-default"]
    rules[slow.name] = msgspec.structs.replace(slow, listeners=(OnDeployment(("odoo",), hanging),))
    monkeypatch.setattr(stage, "SECONDS", 0.1)
    monkeypatch.setattr(registry, "all_rules", lambda: rules)
    report = lint()
    assert {item.rule for item in report.findings} == others
    assert [(item.kind, item.path, item.message) for item in report.problems] == [
        ("timeout", "odoo.conf", "rule master-password-default given up after 0.1 s")
    ]
    monkeypatch.setattr("odoo_debt_lint.deployment.loading.load", lambda *args: time.sleep(60))
    report = lint()
    assert not report.findings
    assert [(item.kind, item.path, item.message) for item in report.problems] == [
        ("timeout", "odoo.conf", "deployment files given up after 0.1 s")
    ]


def test_nginx_that_ends_within_a_directive(tmp_path: Path) -> None:
    text = "server {\n    listen 80;\n    location / { proxy_pass http://odoo:8069; }\n}\n\nupstream odoo\n"
    problems = read(tmp_path, nginx__conf=text)[1]
    assert [(item.kind, item.path, item.line, item.message) for item in problems] == [
        ("syntax", "nginx.conf", 6, "ends within a directive")
    ]


def test_nginx_that_is_nested_too_deeply(tmp_path: Path) -> None:
    text = "http {\n" + "location / {\n" * 300 + "}\n" * 301
    problems = read(tmp_path, nginx__conf=text)[1]
    assert [(item.kind, item.path, item.message) for item in problems] == [
        ("too-large", "nginx.conf", "nested too deeply")
    ]
