"""Merged compose files against the compose specification: what its chapters on merging, extending, including,
interpolation and profiles show, with services of an Odoo instance. The expected results are those of
``docker compose config``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.dotenv import EnvFile, read_env
from odoo_debt_lint.deployment.loading import load
from odoo_debt_lint.deployment.nodes import Node
from odoo_debt_lint.deployment.variables import interpolated
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Text

CASES: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "mapping: missing entries are added, others merged": (
        {
            "compose.yaml": "services: {odoo: {image: 'odoo:17.0', user: odoo, hostname: one}}",
            "compose.override.yaml": "services: {odoo: {hostname: two, restart: always}}",
        },
        {"odoo": {"image": "odoo:17.0", "user": "odoo", "hostname": "two", "restart": "always"}},
    ),
    "sequence: appended": (
        {
            "compose.yaml": "services: {odoo: {image: x, dns: [1.1.1.1], security_opt: [a]}}",
            "compose.override.yaml": "services: {odoo: {dns: [8.8.8.8], security_opt: [b]}}",
        },
        {"odoo": {"image": "x", "dns": ["1.1.1.1", "8.8.8.8"], "security_opt": ["a", "b"]}},
    ),
    "a single text is a list of one": (
        {
            "compose.yaml": "services: {odoo: {image: x, tmpfs: /run, env_file: odoo.env}}",
            "compose.override.yaml": "services: {odoo: {tmpfs: /tmp, env_file: [prod.env, odoo.env]}}",
        },
        {"odoo": {"image": "x", "tmpfs": ["/run", "/tmp"], "env_file": ["odoo.env", "prod.env"]}},
    ),
    "shell commands are replaced": (
        {
            "compose.yaml": (
                "services: {odoo: {image: x, command: [odoo, -c, a], entrypoint: [/a], "
                "healthcheck: {test: [CMD, a], retries: 3}}}"
            ),
            "compose.override.yaml": (
                "services: {odoo: {command: odoo --workers 4, entrypoint: /b, healthcheck: {test: [CMD, b]}}}"
            ),
        },
        {
            "odoo": {
                "image": "x",
                "command": "odoo --workers 4",
                "entrypoint": "/b",
                "healthcheck": {"test": ["CMD", "b"], "retries": "3"},
            }
        },
    ),
    "volumes: one for each target, at its first place": (
        {
            "compose.yaml": "services: {db: {image: x, volumes: ['data:/data/', './a:/a']}}",
            "compose.override.yaml": (
                "services: {db: {volumes: ['c:/c', {type: bind, source: /srv/data, target: /data}]}}"
            ),
        },
        {
            "db": {
                "image": "x",
                "volumes": [
                    {"type": "bind", "source": "/srv/data", "target": "/data"},
                    "./a:/a",
                    "c:/c",
                ],
            }
        },
    ),
    "ports: one for each interface, port and protocol": (
        {
            "compose.yaml": "services: {odoo: {image: x, ports: ['8069:8069', '127.0.0.1:8072:8072']}}",
            "compose.override.yaml": (
                "services: {odoo: {ports: [{target: 8069, published: '8069', mode: host}, '8072:8072', "
                "'8069:8069/udp']}}"
            ),
        },
        {
            "odoo": {
                "image": "x",
                "ports": [
                    {"target": "8069", "published": "8069", "mode": "host"},
                    "127.0.0.1:8072:8072",
                    "8072:8072",
                    "8069:8069/udp",
                ],
            }
        },
    ),
    "secrets and configs: one for each target": (
        {
            "compose.yaml": "services: {db: {image: x, secrets: [password, key], configs: [pg]}}",
            "compose.override.yaml": (
                "services: {db: {secrets: [{source: new, target: /run/secrets/password}], configs: [pg]}}"
            ),
        },
        {
            "db": {
                "image": "x",
                "secrets": [{"source": "new", "target": "/run/secrets/password"}, "key"],
                "configs": ["pg"],
            }
        },
    ),
    "environment and labels: list and mapping mean the same": (
        {
            "compose.yaml": "services: {odoo: {image: x, environment: [A=1, B=2, C], labels: {l: 1}}}",
            "compose.override.yaml": (
                "services: {odoo: {environment: {B: 3, D: '', A: null}, labels: [l=2, m=3]}}"
            ),
        },
        {
            "odoo": {
                "image": "x",
                "environment": {"A": None, "B": "3", "C": None, "D": ""},
                "labels": {"l": "2", "m": "3"},
            }
        },
    ),
    "depends_on and networks: names and mappings": (
        {
            "compose.yaml": (
                "services: {odoo: {image: x, networks: [back], "
                "depends_on: {db: {condition: service_healthy}}}}"
            ),
            "compose.override.yaml": (
                "services: {odoo: {depends_on: [cache, db], networks: {front: {aliases: [web]}}}}"
            ),
        },
        {
            "odoo": {
                "image": "x",
                "depends_on": {
                    "db": {"condition": "service_started"},
                    "cache": {"condition": "service_started"},
                },
                "networks": {"back": {}, "front": {"aliases": ["web"]}},
            }
        },
    ),
    "logging: options stay with their driver": (
        {
            "compose.yaml": (
                "services: {a: {image: x, logging: {driver: local, options: {max-size: 10m}}}, "
                "b: {image: x, logging: {options: {max-size: 10m}}}}"
            ),
            "compose.override.yaml": (
                "services: {a: {logging: {driver: syslog}}, b: {logging: {options: {max-file: '3'}}}}"
            ),
        },
        {
            "a": {"image": "x", "logging": {"driver": "syslog"}},
            "b": {"image": "x", "logging": {"options": {"max-size": "10m", "max-file": "3"}}},
        },
    ),
    "build: a path is a context": (
        {
            "compose.yaml": "services: {odoo: {build: ./odoo}}",
            "compose.override.yaml": "services: {odoo: {build: {args: [SERIES=17.0]}}}",
        },
        {"odoo": {"build": {"context": "./odoo", "args": ["SERIES=17.0"]}}},
    ),
    "null sets nothing": (
        {
            "compose.yaml": "services: {odoo: {image: x, restart: always, environment: {A: 1}}}",
            "compose.override.yaml": "services: {odoo: {restart: null, environment: null}}",
        },
        {"odoo": {"image": "x", "restart": "always", "environment": {"A": "1"}}},
    ),
    "!reset removes": (
        {
            "compose.yaml": (
                "services: {odoo: {image: x, ports: ['8080:80'], environment: {A: b, C: d}, restart: always}}"
            ),
            "compose.override.yaml": (
                "services: {odoo: {ports: !reset [], environment: {A: !reset null}, restart: !reset null}}"
            ),
        },
        {"odoo": {"image": "x", "environment": {"C": "d"}}},
    ),
    "!reset is no value of its own": (
        {"compose.yaml": "services: {odoo: {image: x, ports: !reset [], environment: {A: !reset '', B: c}}}"},
        {"odoo": {"image": "x", "environment": {"B": "c"}}},
    ),
    "!override replaces": (
        {
            "compose.yaml": "services: {odoo: {image: x, ports: ['8080:80'], environment: {A: b}}}",
            "compose.override.yaml": (
                "services: {odoo: {ports: !override ['8443:443'], environment: !override {C: d}}}"
            ),
        },
        {"odoo": {"image": "x", "ports": ["8443:443"], "environment": {"C": "d"}}},
    ),
    "fragments: anchors and merge keys": (
        {
            "compose.yaml": (
                "x-common: &common {restart: always, image: 'odoo:17.0'}\n"
                "x-env: &env {A: b, C: d}\n"
                "services:\n"
                "  one: {<<: *common, environment: {<<: *env, C: e}}\n"
                "  two: {<<: [{user: me, image: y}, *common]}\n"
            )
        },
        {
            "one": {"image": "odoo:17.0", "restart": "always", "environment": {"A": "b", "C": "e"}},
            "two": {"image": "y", "restart": "always", "user": "me"},
        },
    ),
    "extends: mappings, volumes and a chain": (
        {
            "compose.yaml": (
                "services:\n"
                "  base: {image: busybox, user: root}\n"
                "  common: {extends: {service: base}, environment: {TZ: utc, P: 80}, volumes: ['vol:/d']}\n"
                "  cli: {extends: common, environment: [P=8080], volumes: ['new:/d:ro']}\n"
            )
        },
        {
            "base": {"image": "busybox", "user": "root"},
            "common": {
                "image": "busybox",
                "user": "root",
                "environment": {"TZ": "utc", "P": "80"},
                "volumes": ["vol:/d"],
            },
            "cli": {
                "image": "busybox",
                "user": "root",
                "environment": {"TZ": "utc", "P": "8080"},
                "volumes": ["new:/d:ro"],
            },
        },
    ),
    "extends: a file of any name, what depends is taken along": (
        {
            "compose.yaml": (
                "services:\n  odoo: {extends: {file: parts/common.yml, service: odoo}, command: [b]}\n"
                "  db: {image: 'postgres:16'}\n"
            ),
            "parts/common.yml": (
                "services: {odoo: {extends: {file: more.yml, service: base}, command: [a], depends_on: [db]}}"
            ),
            "parts/more.yml": "services: {base: {image: 'odoo:17.0', cap_add: [A]}}",
        },
        {
            "odoo": {"image": "odoo:17.0", "cap_add": ["A"], "command": ["b"], "depends_on": ["db"]},
            "db": {"image": "postgres:16"},
        },
    ),
    "extends: !reset and !override in the extending service": (
        {
            "compose.yaml": (
                "services:\n  base: {image: x, ports: ['1:1'], environment: {A: b}, cap_add: [A]}\n"
                "  odoo: {extends: base, ports: !override ['2:2'], environment: !reset {}, cap_add: [B]}\n"
            )
        },
        {
            "base": {"image": "x", "ports": ["1:1"], "environment": {"A": "b"}, "cap_add": ["A"]},
            "odoo": {"image": "x", "ports": ["2:2"], "cap_add": ["A", "B"]},
        },
    ),
    "include: short and long, with variables of their own": (
        {
            "compose.yaml": (
                "include:\n  - db/services.yaml\n  - path: [mail/base.yaml, mail-more.yaml]\n"
                "    env_file: mail/settings.env\n"
                "services: {odoo: {image: 'odoo:17.0', depends_on: [db]}}\n"
            ),
            ".env": "PG=16\n",
            "db/services.yaml": "services: {db: {image: 'postgres:${PG}', shm_size: '${SHM:-1g}'}}",
            "db/.env": "PG=12\nSHM=2g\n",
            "mail/base.yaml": "services: {mail: {image: 'mail:${MAIL}', restart: always}}",
            "mail-more.yaml": "services: {mail: {restart: unless-stopped}}",
            "mail/settings.env": "MAIL=2\n",
        },
        {
            "odoo": {"image": "odoo:17.0", "depends_on": ["db"]},
            "db": {"image": "postgres:16", "shm_size": "2g"},
            "mail": {"image": "mail:2", "restart": "unless-stopped"},
        },
    ),
    "include: again in what is included": (
        {
            "compose.yaml": "include: [a/one.yaml]\nservices: {odoo: {image: 'odoo:17.0'}}\n",
            "a/one.yaml": "include: [b/two.yaml]\nservices: {base: {image: x, user: me}}\n",
            "a/b/two.yaml": "services: {db: {image: 'postgres:16'}}\n",
        },
        {
            "odoo": {"image": "odoo:17.0"},
            "base": {"image": "x", "user": "me"},
            "db": {"image": "postgres:16"},
        },
    ),
    "several documents in one file": (
        {"compose.yaml": "services: {odoo: {image: x, user: a}}\n---\nservices: {odoo: {user: b}}\n"},
        {"odoo": {"image": "x", "user": "b"}},
    ),
    "interpolation goes before merging": (
        {
            "compose.yaml": "services: {odoo: {image: 'odoo:${TAG:-16.0}', ports: ['${PORT-80}:80']}}",
            "compose.override.yaml": "services: {odoo: {ports: ['8080:80'], hostname: a$$b}}",
            ".env": "TAG=17.0\nPORT=8080\n",
        },
        {"odoo": {"image": "odoo:17.0", "ports": ["8080:80"], "hostname": "a$b"}},
    ),
}


def plain(node: Node) -> Any:
    """A node as plain data."""
    if node.kind == "scalar":
        return node.text
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return {name: plain(pair.value) for name, pair in node.pairs.items()}


def project(folder: Path, files: dict[str, str]) -> tuple[ComposeFile, list[Problem]]:
    """The main compose file of some files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    instance = load(discover([str(folder)]), [], Settings(), {}, problems)
    return next(file for file in instance.composes if file.path == "compose.yaml"), problems


@pytest.mark.parametrize("name", CASES)
def test_specification(name: str, tmp_path: Path) -> None:
    files, expected = CASES[name]
    file, problems = project(tmp_path, files)
    assert problems == []
    assert {name: plain(service.node) for name, service in file.joined.items()} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$SET", "set"),
        ("${SET}", "set"),
        ("${set}", None),
        ("${SET:-default}", "set"),
        ("${EMPTY:-default}", "default"),
        ("${UNSET:-default}", "default"),
        ("${EMPTY-default}", ""),
        ("${UNSET-default}", "default"),
        ("${UNSET-}", ""),
        ("${SET:?err}", "set"),
        ("${EMPTY:?err}", None),
        ("${UNSET:?err}", None),
        ("${EMPTY?err}", ""),
        ("${UNSET?err}", None),
        ("${SET:+instead}", "instead"),
        ("${EMPTY:+instead}", ""),
        ("${EMPTY+instead}", "instead"),
        ("${UNSET:-${SET}}", "set"),
        ("${UNSET:-${EMPTY:-${UNSET:-deep}}}", "deep"),
        ("${UNSET:-a${SET}b}", "asetb"),
        ("${UNSET?$SET}", None),
        ("${SET:+${EMPTY:-${SET}}}!", "set!"),
        ("$$SET", "$SET"),
        ("$${SET:-x}", "${SET:-x}"),
        ("$$$SET", "$set"),
        ("a$", "a$"),
        ("$1 $(date) $-", "$1 $(date) $-"),
        ("${SET/e/a}", None),
        ("${1}", None),
        ("${SET", None),
        ("${}", None),
        ("$SET_$SET", None),
        ("${UNSET:-http://h:1/?a=b}", "http://h:1/?a=b"),
    ],
)
def test_interpolation(text: str, expected: str | None) -> None:
    assert interpolated(text, {"SET": "set", "EMPTY": "", "UNKNOWN": None}) == expected


@pytest.mark.parametrize(
    "text", ["$UNKNOWN", "${UNKNOWN:-x}", "${UNKNOWN-x}", "${UNKNOWN:+x}", "a${UNKNOWN}"]
)
def test_what_is_set_to_something_unknown_stays_unknown(text: str) -> None:
    assert interpolated(text, {"UNKNOWN": None}) is None


def test_endless_nesting_ends() -> None:
    assert interpolated("${A:-" * 500 + "}" * 500, {}) is None


def test_profiles(tmp_path: Path) -> None:
    text = (
        "services:\n  foo: {image: foo}\n  bar: {image: bar, profiles: [test]}\n"
        "  baz: {image: baz, depends_on: [bar], profiles: [test]}\n  zot: {image: zot, profiles: [debug]}\n"
    )
    file, _ = project(tmp_path, {"compose.yaml": text})
    assert [name for name, service in file.joined.items() if file.enabled(service)] == ["foo"]
    file, _ = project(tmp_path, {"compose.yaml": text, ".env": "COMPOSE_PROFILES=test,other\n"})
    assert [name for name, service in file.joined.items() if file.enabled(service)] == ["foo", "bar", "baz"]


def test_a_key_that_stands_twice_is_named(tmp_path: Path) -> None:
    text = "services:\n  odoo:\n    image: a\n    image: b\n"
    file, problems = project(tmp_path, {"compose.yaml": text})
    assert [(item.kind, item.line) for item in problems] == [("syntax", 4)]
    assert file.joined["odoo"].image == "b"


def test_files_that_the_environment_names(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {odoo: {image: x, user: a}}",
        "compose.override.yaml": "services: {odoo: {user: dev}}",
        "more/ignored.yaml": "",
        "compose.site.yaml": "services: {odoo: {user: b}, db: {image: y}}",
        "compose.last.yaml": "services: {odoo: {hostname: c}}",
        ".env": "COMPOSE_FILE=compose.yaml:compose.site.yaml:compose.last.yaml\n",
    }
    file, _ = project(tmp_path, files)
    assert plain(file.joined["odoo"].node) == {"image": "x", "user": "b", "hostname": "c"}
    assert file.parts == ("compose.yaml", "compose.site.yaml", "compose.last.yaml")
    assert [service.name for service in file.services] == ["odoo"]


def test_circles_end(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [other.yaml]\nservices: {a: {extends: b, image: x}, b: {extends: a}}\n",
        "other.yaml": "include: [compose.yaml]\nservices: {c: {image: y}}\n",
    }
    file, _ = project(tmp_path, files)
    assert {"a", "c"} <= file.joined.keys()


def test_aliases_that_explode_are_merged_once_or_refused(tmp_path: Path) -> None:
    bomb = "x-0: &b0 {k: v}\n" + "".join(
        f"x-{n}: &b{n} {{{', '.join(f'k{m}: *b{n - 1}' for m in range(9))}}}\n" for n in range(1, 30)
    )
    text = bomb + "services: {odoo: {image: x, deploy: *b29}}\n"
    file, problems = project(tmp_path, {"compose.yaml": f"{text}---\n{text}", "compose.override.yaml": text})
    assert list(file.joined) == ["odoo"] or problems


def test_files_outside_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("services: {c: {image: y}}")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    text = "include: [../outside.yaml, link.yaml, /etc/hostname]\nservices: {a: {image: x}}\n"
    file, _ = project(inside, {"compose.yaml": text})
    assert list(file.joined) == ["a"]


def test_an_included_file_is_judged_and_named(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "compose.yaml": "include: [db.yaml]\nservices: {odoo: {image: 'odoo:17.0', restart: always}}\n",
            "db.yaml": "services:\n  db:\n    image: postgres:16\n",
        },
    )
    found = run([str(tmp_path)], Settings(select=("service-without-restart",), cache=False, jobs=1)).findings
    assert [(item.location.path, item.location.span.start_line) for item in found] == [("db.yaml", 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB = 2\nC: 3\nexport D=4\n", {"A": "1", "B": "2", "C": "3", "D": "4"}),
        ("A=x # comment\nB=x#y\n#C=1\nD= # all\n", {"A": "x", "B": "x#y", "D": "# all"}),
        ("A='$B \\n'\nB=\"a\\nb\\$c\"\n", {"A": "$B \\n", "B": "a\nb$c"}),
        ('A=\'Let\\\'s go\'\nB="say \\"x\\"" # c\n', {"A": "Let's go", "B": 'say "x"'}),
        ("A='one\ntwo'\nB=3\n", {"A": "one\ntwo", "B": "3"}),
        ("A=1\nB=${A}_$A\nC=${D:-x}\n", {"A": "1", "B": "1_1", "C": "x"}),
        ("A=${HOME}\nB\nC=\n", {"A": None, "B": None, "C": ""}),
        ("A='not closed\nB=1\n", {"A": "'not closed", "B": "1"}),
        ("VAR.DOT=1\nVAR-DASH=2\n456=3\n", {"VAR.DOT": "1", "VAR-DASH": "2", "456": "3"}),
        ("\ufeffA=1\n", {"A": "1"}),
    ],
)
def test_env_files(text: str, expected: dict[str, str | None]) -> None:
    assert read_env(EnvFile(".env", "/x/.env", Text(text))).values == expected


def test_a_value_of_several_lines_has_them_all() -> None:
    file = read_env(EnvFile(".env", "/x/.env", Text("A=1\nKEY='a\nb'\nC=2\n")))
    span = file.entries["KEY"].span
    assert (span.start_line, span.end_line) == (2, 3)
    assert file.entries["C"].span.start_line == 4
