"""Readers of the files of a server: PostgreSQL, Redis, SSH, fail2ban, crontabs, systemd and shell scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.loading import load
from odoo_debt_lint.deployment.servers import postgres_servers, redis_servers
from odoo_debt_lint.deployment.setting import Setting, shown
from odoo_debt_lint.deployment.shell import commands
from odoo_debt_lint.finding import FIRST_LINE, Location, Problem
from odoo_debt_lint.settings import Settings


def read(folder: Path, files: dict[str, str]) -> tuple[Instance, list[Problem]]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return load(discover([str(folder)]), [], Settings(), {}, problems), problems


def test_postgresql_conf_as_postgresql_reads_it(tmp_path: Path) -> None:
    text = (
        "# a comment\n"
        "Shared_Buffers = 2GB            # min 128kB\n"
        "log_line_prefix = '%m [%p] # it''s no comment'\n"
        "work_mem '64MB'\n"
        "port 5433\n"
        "max_connections = 100\n"
        "include 'more.conf'\n"
        "auto_explain.log_min_duration = 3s\n"
        "max_connections = 200\n"
        "this line is none\n"
    )
    instance, problems = read(
        tmp_path, {"postgresql.conf": text, "postgres/more.conf": "port = 5555\nshared_buffers=1GB\n"}
    )
    file = next(file for file in instance.postgres_confs if not file.included)
    values = {name: item.value for name, item in file.settings.items()}
    assert values == {
        "shared_buffers": "1GB",
        "log_line_prefix": "%m [%p] # it's no comment",
        "work_mem": "64MB",
        "port": "5555",
        "max_connections": "200",
        "auto_explain.log_min_duration": "3s",
    }
    places = {name: (item.where.path, item.where.span.start_line) for name, item in file.settings.items()}
    assert places["max_connections"] == ("postgresql.conf", 9)
    assert places["shared_buffers"] == ("postgres/more.conf", 2)
    assert [(problem.path, problem.line) for problem in problems] == [("postgresql.conf", 10)]


def test_includes_that_contain_themselves_end(tmp_path: Path) -> None:
    instance, _ = read(
        tmp_path,
        {
            "postgresql.conf": "include 'postgresql-b.conf'\nport = 1\n",
            "postgresql-b.conf": "include 'postgresql.conf'\nwork_mem = 4MB\n",
            "redis.conf": "include redis-b.conf\nport 1\n",
            "redis-b.conf": "include redis.conf\nmaxmemory 1gb\n",
        },
    )
    assert all("port" in file.settings for file in instance.postgres_confs)
    assert all("maxmemory" in file.settings for file in instance.redis_confs)


@pytest.mark.parametrize(
    ("value", "unit", "size"),
    [
        ("128MB", 8192, 128 << 20),
        ("16384", 8192, 128 << 20),
        ("4096", 1024, 4 << 20),
        ("1.5 GB", 1, 3 << 29),
        ("256mb", 1, 256 << 20),
        ("100kb", 1, 100 << 10),
        ("512B", 8192, 512),
        ("many", 1, None),
        (None, 1, None),
    ],
)
def test_sizes(value: str | None, unit: int, size: int | None) -> None:
    assert Setting("x", value, Location("x", FIRST_LINE)).size(unit) == size


@pytest.mark.parametrize(
    ("size", "text"), [(4 << 30, "4 GB"), (3 << 29, "1536 MB"), (175 << 20, "175 MB"), (64 << 10, "64 kB")]
)
def test_sizes_shown(size: int, text: str) -> None:
    assert shown(size) == text


def test_pg_hba(tmp_path: Path) -> None:
    text = (
        "# TYPE DATABASE USER ADDRESS METHOD\n"
        "local all all peer\n"
        'host "shop", other "odoo" 10.0.0.0 255.0.0.0 md5\n'
        "hostssl all +team 0.0.0.0/0 scram-sha-256 clientcert=verify-full # comment\n"
        "host all all ::1/128 trust\n"
        "host all\n"
    )
    instance, problems = read(tmp_path, {"pg_hba.conf": text})
    accesses = instance.hbas[0].accesses
    assert [(item.type, item.address, item.method, item.span.start_line) for item in accesses] == [
        ("local", "", "peer", 2),
        ("host", "10.0.0.0 255.0.0.0", "md5", 3),
        ("hostssl", "0.0.0.0/0", "scram-sha-256", 4),
        ("host", "::1/128", "trust", 5),
    ]
    assert (accesses[1].database, accesses[1].user) == ("shop, other", "odoo")
    assert accesses[2].options == ("clientcert=verify-full",)
    assert [item.from_anywhere for item in accesses] == [False, False, True, False]
    assert [item.from_here for item in accesses] == [True, False, False, True]
    assert [problem.line for problem in problems] == [6]


def test_redis_conf(tmp_path: Path) -> None:
    text = 'requirepass "a b \\" c"\nsave 900 1\nsave ""\nuser default off\nuser odoo on\nbind "127.0.0.1\n'
    instance, problems = read(tmp_path, {"redis.conf": text})
    settings = instance.redis_confs[0].settings
    assert {name: item.value for name, item in settings.items()} == {
        "requirepass": 'a b \\" c',
        "save": "",
        "user default": "default off",
        "user": "odoo on",
    }
    assert [problem.line for problem in problems] == [6]


COMPOSE = """
services:
  db:
    image: postgres:16
    mem_limit: 4g
    command: >
      postgres -c shared_buffers=1GB -cwork_mem='16MB'
      --max-connections=50 -c effective_cache_size=${CACHE} -N 60
  cache:
    image: redis:7
    command: sh -c "exec redis-server --requirepass $$PASSWORD --save '' --maxmemory ${LIMIT:-100mb}"
  store:
    image: redis:7
    command: ["redis-server", "--appendonly", "yes", "--port", "${PORT}"]
"""


def test_command_lines_of_services(tmp_path: Path) -> None:
    instance, _ = read(tmp_path, {"compose.yml": COMPOSE})
    database = postgres_servers(instance)[0]
    assert {name: item.value for name, item in database.settings.items()} == {
        "shared_buffers": "1GB",
        "work_mem": "16MB",
        "max_connections": "60",
        "effective_cache_size": None,
    }
    assert database.memory == 4 << 30
    cache, store = redis_servers(instance)
    assert {name: item.value for name, item in cache.settings.items()} == {
        "requirepass": None,
        "save": "",
        "maxmemory": "100mb",
    }
    assert {name: item.value for name, item in store.settings.items()} == {"appendonly": "yes", "port": None}
    assert store.place("appendonly").span.start_line == 14


def test_a_file_belongs_to_the_service_that_mounts_it(tmp_path: Path) -> None:
    instance, _ = read(
        tmp_path,
        {
            "compose.yml": (
                "services:\n  db:\n    image: postgres:16\n    command: -c work_mem=32MB\n"
                "    volumes: ['./conf:/etc/postgresql:ro']\n  other:\n    image: postgres:16\n"
            ),
            "conf/postgresql.conf": "work_mem = 4MB\nport = 5432\n",
        },
    )
    first, second = postgres_servers(instance)
    assert first.file is not None
    assert first.service is not None
    assert first.service.name == "db"
    assert first.value("work_mem") == "32MB"
    assert first.contained
    assert second.start.span.start_line == 6


def test_sshd_and_fail2ban(tmp_path: Path) -> None:
    instance, _ = read(
        tmp_path,
        {
            "sshd_config": (
                "Port=22\nPermitRootLogin no # never\nPermitRootLogin yes\nMatch User x\nUsePAM no\n"
            ),
            "fail2ban/jail.local": "[DEFAULT]\nbantime = 1h\n[sshd]\nenabled = true\n",
        },
    )
    options = instance.sshds[0].options
    assert {name: entry.value for name, entry in options.items()} == {"port": "22", "permitrootlogin": "no"}
    assert instance.jails[0].sections["sshd"]["enabled"].span.start_line == 4


def test_crontab_timer_and_service(tmp_path: Path) -> None:
    instance, _ = read(
        tmp_path,
        {
            "crontab": "MAILTO=x\n0 2 * * 1-5 root pg_dump shop\n@daily /opt/clean\n*/5 * * jan * odoo x%y\n",
            "odoo-backup.timer": "[Timer]\nOnCalendar=daily\n",
            "odoo-backup.service": "[Service]\nExecStart=/bin/sh \\\n  /opt/backup.sh\n",
            "notes-crontab": "nothing here runs\n",
        },
    )
    found = {
        file.path: [(job.when, job.text, job.span.start_line) for job in file.jobs]
        for file in instance.schedules
    }
    assert found == {
        "crontab": [
            ("0 2 * * 1-5", "pg_dump shop", 2),
            ("@daily", "/opt/clean", 3),
            ("*/5 * * jan *", "x%y", 4),
        ],
        "odoo-backup.timer": [("daily", "odoo-backup.timer", 2)],
        "odoo-backup.service": [("", "/bin/sh    /opt/backup.sh", 2)],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b; c 'd e' | f && g", [("a", "b"), ("c", "d e"), ("f",), ("g",)]),
        ('x "a $(date +%F) b" # no\n# c\ny', [("x", "a $(date +%F) b"), ("y",)]),
        ("a \\\n  b > /x", [("a", "b", ">", "/x")]),
        ("if pg_dump ${A:-x y}; then z; fi", [("pg_dump", "${A:-x y}"), ("z",), ("fi",)]),
        (
            "ssh h <<EOF\nit's 1\npg_dump 2\nEOF\nend",
            [("ssh", "h", "<", "<", "EOF"), ("end",), ("it's", "1"), ("pg_dump", "2")],
        ),
        ("A=1 B='2 3' cmd; sudo -u odoo x", [("cmd",), ("-u", "odoo", "x")]),
        ("f() { g; }", [("f",), ("g",)]),
    ],
)
def test_shell_commands(text: str, words: list[tuple[str, ...]]) -> None:
    assert [command.words for command in commands(text)] == words


def test_lines_of_shell_commands() -> None:
    text = "#!/bin/sh\na\n\nb \\\n c\ncat <<X\nd\nX\n'e\nf' g\n"
    assert [(item.words[0], item.line) for item in commands(text)] == [
        ("a", 2),
        ("b", 4),
        ("cat", 6),
        ("e\nf", 9),
        ("d", 7),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("redis.conf", "vm.overcommit_memory = 1\n"),
        ("redis.conf", "/var/log/redis/*.log {\n  weekly\n}\n"),
        ("redis-sentinel.conf", "port 26379\nsentinel monitor main 10.0.0.1 6379 2\n"),
        ("supervisor/conf.d/postgresql.conf", "[program:postgresql]\ncommand=postgres\n"),
        ("postgresql.conf", "host all all 10.0.0.0/8 md5\n"),
        ("pg_hba.conf", "listen_addresses = '*'\n"),
        ("sshd_config", "a note on how sshd is set up\nand more of it\n"),
        ("jail.conf", "jail = a place\n"),
        ("crontab.md", "* * * * * x\n"),
    ],
)
def test_files_of_others_by_a_similar_name(tmp_path: Path, name: str, text: str) -> None:
    instance, problems = read(tmp_path, {name: text})
    assert instance.files == []
    assert problems == []
