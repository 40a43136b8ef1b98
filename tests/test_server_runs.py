"""Runs on the files of a server: hostile content, single files, and what must not be shown."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from odoo_debt_lint.addons.ignore import ignored
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings


def test_no_reader_breaks_on_what_is_no_text_of_its_kind(tmp_path: Path) -> None:
    names = "backup.sh pg_hba.conf sshd_config jail.local crontab odoo.service odoo.timer redis.conf"
    for name in (*names.split(), "postgresql.conf"):
        (tmp_path / name).write_bytes(b"\x00\xff'\"${(`[x]\n\\\n<<E\n{{{ $ \\")
    report = run([str(tmp_path)], Settings(cache=False, jobs=1))
    assert [problem for problem in report.problems if problem.kind == "internal-error"] == []


def test_gitignore_that_is_no_file_or_no_pattern(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".gitignore")
    assert not ignored(tmp_path, "a/.env")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".gitignore").write_text("[z-a\n" + "*" * 50 + "x\n.env\n")
    assert ignored(tmp_path, "a/.env")


def test_single_files_say_nothing_of_what_is_elsewhere(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "docker-compose.yml").write_text(
        "services:\n  db:\n    image: postgres:16\n  odoo:\n    image: odoo:17.0\n"
        "# odoo-debt-lint: ignore-file[backup-missing] the hoster makes them\n"
    )
    (tmp_path / "backup.sh").write_text("#!/bin/sh\npg_dump shop > /backup/shop_$(date +%F).sql\n")
    (tmp_path / "odoo.conf").write_text(
        "[options]\nlogfile = /var/log/odoo.log\nmax_cron_threads = 0\nhttp_interface = 0.0.0.0\n"
    )
    (tmp_path / "sshd_config").write_text("Port 22\nPasswordAuthentication no\n")
    joined = {
        "backup-missing", "monitoring-missing", "log-rotation-missing", "cron-threads-zero",
        "interface-public", "fail2ban-missing", "backup-without-retention", "backup-without-offsite",
        "backup-without-restore-test",
    }  # fmt: skip
    for name in ("docker-compose.yml", "backup.sh", "odoo.conf", "sshd_config"):
        report = run([str(tmp_path / name)], Settings(cache=False, jobs=1))
        rules = {finding.rule for finding in report.findings}
        assert not rules & joined, name
        assert "unused-suppression" not in rules
    whole = {finding.rule for finding in run([str(tmp_path)], Settings(cache=False, jobs=1)).findings}
    assert {"log-rotation-missing", "fail2ban-missing", "backup-without-offsite"} <= whole


def test_no_password_of_a_server_is_shown(tmp_path: Path) -> None:
    (tmp_path / "redis.conf").write_text("requirepass kept-7391\nbind 0.0.0.0\nuser odoo on >kept-7391\n")
    (tmp_path / "docker-compose.yml").write_text(
        "services:\n  redis:\n    image: redis:7\n    ports: ['6379:6379']\n"
        "    command: redis-server --requirepass kept-7391 --save '' --maxmemory 0\n"
    )
    (tmp_path / "crontab").write_text(
        "0 2 * * * PGPASSWORD=kept-7391 pg_dump shop > /backup/$(date +%F).sql\n"
    )
    report = run([str(tmp_path)], Settings(cache=False, jobs=1))
    found = {finding.rule for finding in report.findings}
    assert {
        "persistence-off",
        "maxmemory-unset",
        "backup-without-retention",
        "backup-without-offsite",
    } <= found
    assert not any("7391" in finding.message for finding in report.findings)
    for finding in report.findings:
        lines = (tmp_path / finding.location.path).read_text().splitlines()
        if "7391" in lines[finding.location.span.start_line - 1]:
            assert "secret" in report.rules[finding.rule].tags, finding.rule
