"""Which files beside the addons are taken for those of a server: by name, else by what they hold."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from odoo_debt_lint.addons.beside import is_deployment
from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

COMPOSE = "version: '3'\nservices:\n\n  # the shop\n  odoo:\n    image: odoo:18.0\n"
DUMP = "#!/bin/sh\npg_dump shop > /srv/shop.sql\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prod.yaml", COMPOSE),
        ("erp.yml", f"name: erp\nx-log: &log\n  a: 1\n{COMPOSE}volumes:\n  a:\n"),
        ("stack.yml", COMPOSE.replace("\n", "\r\n")),
        ("etc/server.conf", "; shop\n[options]\nworkers = 4\nlist_db = False\n"),
        ("erp.cfg", "[options]\ndb_host: db\n"),
        ("deploy/shop.conf", "server {\n  listen 80;\n}\n"),
        ("deploy/headers.conf", "add_header X-Frame-Options DENY;\n"),
        ("ops/nightly.sh", DUMP),
        ("bin/save-all", DUMP),
        ("bin/offsite", "#!/usr/bin/env bash\nrclone copy /srv remote:shop\n"),
    ],
)
def test_told_by_content(tmp_path: Path, name: str, text: str) -> None:
    assert _found(tmp_path, name, text) == [name]
    assert not is_deployment(name), "not by its name"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".gitlab-ci.yml", "image: python:3.12\nservices:\n  - postgres:16\n"),
        ("workflow.yml", "jobs:\n  test:\n    services:\n      db:\n        image: postgres:16\n"),
        ("stack.yml", "provider:\n  name: openfaas\nfunctions:\n  shop:\n    image: shop:1\n"),
        ("woodpecker.yml", f"{COMPOSE}steps:\n  test:\n    image: python\n"),
        ("values.yaml", f"replicaCount: 1\n{COMPOSE.partition(chr(10))[2]}"),
        ("stack.yaml", "Resources:\n  Shop: !Ref Name\n"),
        ("pacman.conf", "[options]\nHoldPkg = pacman glibc\n"),
        ("setup.cfg", "[options]\npackages = find:\n"),
        ("haproxy.conf", "backend shop\n  server a 10.0.0.1:8069 check\n"),
        ("supervisord.conf", "[program:odoo]\ncommand=/usr/bin/odoo\n"),
        ("build.sh", "#!/bin/sh\ndocker build .\n"),
        ("deploy.sh", DUMP),
        ("maintenance.sh", DUMP),
        ("LICENSE", "pg_dump is not ours\n"),
        ("bin/save.rb", "#!/bin/ruby\npg_dump\n"),
    ],
)
def test_others_of_such_a_format(tmp_path: Path, name: str, text: str) -> None:
    assert _found(tmp_path, name, text) == []


def _found(folder: Path, name: str, text: str) -> list[str]:
    path = folder / "shop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return [file.path.removeprefix("shop/") for file in discover([str(folder)]).deployment]


def test_one_that_is_given_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "prod.yaml"
    path.write_text(COMPOSE)
    assert [file.path for file in discover([str(path)]).deployment] == ["prod.yaml"]


LENT = """
services:
  odoo:
    image: odoo:latest
    environment:
      SMTP_PASSWORD: tah5Ohngo4ya
  mail:
    image: mailpit
    environment:
      SMTP_PASSWORD: tah5Ohngo4ya
  db:
    image: postgres:16
"""


def test_file_that_only_lends_services(tmp_path: Path) -> None:
    """What it lacks is missing where production extends it; what it holds is wrong where it stands."""
    (tmp_path / "common.yaml").write_text(LENT)
    (tmp_path / "devel.yaml").write_text(
        "services:\n  mail:\n    extends: {file: common.yaml, service: mail}\n"
    )
    (tmp_path / "prod.yaml").write_text(
        "services:\n"
        "  odoo: {extends: {file: common.yaml, service: odoo}, restart: always}\n"
        "  base: {extends: {file: common.yaml, service: db}, restart: always}\n"
    )
    rules = ("service-without-restart", "secret-in-compose", "image-unpinned", "backup-missing")
    report = run([str(tmp_path)], Settings(select=rules, cache=False))
    found = [(item.rule, item.location.path, item.location.span.start_line) for item in report.findings]
    assert sorted(found) == [
        ("backup-missing", "prod.yaml", 1),
        ("image-unpinned", "common.yaml", 4),
        ("secret-in-compose", "common.yaml", 6),
    ]


def test_piece_of_an_odoo_conf(tmp_path: Path) -> None:
    """What stands in order in a conf.d is joined with others, which need not be in the repository."""
    settings = Settings(select=("master-password-default",), cache=False)
    for name, count in (("conf.d/10-limits.conf", 0), ("conf.d/odoo.conf", 1)):
        path = tmp_path / name.replace("/", "_") / name
        path.parent.mkdir(parents=True)
        path.write_text("[options]\nworkers = 4\n")
        assert len(run([str(path.parents[1])], settings).findings) == count


@pytest.mark.parametrize(
    ("name", "line"),
    [("a.conf", "[options]\n"), ("b.conf", "server\t"), ("c.yaml", "services:\n"), ("d.yaml", "# \n")],
)
def test_long_ones_cost_little(tmp_path: Path, name: str, line: str) -> None:
    (tmp_path / name).write_text("services:\n" * name.startswith("d") + line * 10_000)
    start = time.process_time()
    assert not is_deployment(name, str(tmp_path / name))
    assert time.process_time() - start < 0.5
