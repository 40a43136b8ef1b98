"""What a file cannot show: checks for whoever has the server, with the command to run and what to expect.

The list is adapted to what the files name, and holds the checks of areas without files as well: that nothing
is known of them is the reason to look.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from odoo_debt_lint.infrastructure.facts import Infrastructure
from odoo_debt_lint.infrastructure.shell import BACKUPS, Shell
from odoo_debt_lint.infrastructure.shell import quoted as q


class Check(msgspec.Struct, frozen=True):
    """``outside``: from another machine than the server. Texts are keys of the report's translations."""

    key: str
    area: str
    title: str
    command: str
    expect: str
    outside: bool = False


def checklist_of(facts: Infrastructure) -> list[Check]:
    """All checks; none when no file of an instance was found."""
    if not facts.known:
        return []
    shell = Shell(facts)
    makers = (_network, _tls, _secrets, _backup, _postgresql, _redis, _monitoring, _host)
    return [check for maker in makers for check in maker(shell)]


def _network(shell: Shell) -> Iterator[Check]:
    inside = {"5432", "6379", "8069", "8072"}
    for project in shell.facts.projects:
        inside |= {port for item in project.containers for _, port, _ in item.ports if port.isdecimal()}
    ports = ",".join(sorted({"22", "80", "443"} | inside, key=int))
    yield Check(
        "firewall-closed",
        "network",
        "The firewall is closed",
        f"nmap -Pn -p {ports} {shell.host}",
        "Only 80, 443 and, from known addresses, 22 are open.",
        outside=True,
    )
    yield Check(
        "firewall-docker",
        "network",
        "Ports of containers do not pass the firewall by",
        "sudo iptables -L DOCKER-USER -n -v && sudo ss -tlnp",
        "Docker's own rules come before those of ufw: nothing but the proxy listens on all interfaces.",
    )
    yield Check(
        "database-manager-closed",
        "network",
        "The database manager cannot be reached",
        f"curl -s -o /dev/null -w '%{{http_code}}\\n' https://{shell.host}/web/database/manager",
        "403 or 404.",
        outside=True,
    )
    if shell.facts.series[:2] not in ("11", "12", "13", "14", "15"):
        yield Check(
            "websocket-answers",
            "network",
            "The websocket answers through the proxy",
            f"curl -s https://{shell.host}/websocket/health",
            "The status pass: chat and notifications arrive without delay.",
            outside=True,
        )


def _tls(shell: Shell) -> Iterator[Check]:
    yield Check(
        "tls-grade",
        "network",
        "TLS has grade A",
        f"testssl.sh --severity MEDIUM {shell.host}",
        "TLS 1.2 and 1.3 only, a complete chain, HSTS.",
        outside=True,
    )
    yield Check(
        "certificate-expiry",
        "network",
        "The certificate is renewed in time",
        f"echo | openssl s_client -servername {shell.host} -connect {shell.host}:443 2>/dev/null "
        "| openssl x509 -noout -enddate -ext subjectAltName",
        "More than 21 days are left, all names are in it, and the renewal runs by itself.",
        outside=True,
    )


def _secrets(shell: Shell) -> Iterator[Check]:
    paths = shell.facts.paths_of("env", "odoo")
    names = " ".join(map(q, paths)) or "odoo.conf .env"
    yield Check(
        "secret-files-private",
        "secrets",
        "Files with secrets are private",
        f"stat -c '%a %U:%G %n' {names}",
        "600 or 640, owned by root or by the user of Odoo.",
    )
    yield Check(
        "secrets-never-committed",
        "secrets",
        "No secret was ever committed",
        f"git log --all --oneline -- {names}",
        "No commit. What was committed once is known: it must be changed.",
    )


def _backup(shell: Shell) -> Iterator[Check]:
    jobs = [job for job in shell.facts.jobs if job.does == "backup"]
    folder = BACKUPS
    yield Check(
        "backup-age",
        "backup",
        "The last backup is younger than a day",
        f"find {folder} -type f -mtime -1 -size +1M -exec ls -lh {{}} +",
        "A dump of the database and an archive of the filestore of last night."
        if not jobs
        else "What the jobs among the files should have made last night: the database and the filestore.",
    )
    yield Check(
        "restore-works",
        "backup",
        "A restore works",
        f"{shell.database_tool('createdb', 'restore_test')} && "
        f"{shell.database_tool('pg_restore', '-d restore_test --no-owner --exit-on-error')} "
        f"< {folder}/LATEST.dump && {shell.sql('SELECT count(*) FROM res_users', 'restore_test')}",
        "No error, the number of users, and a time that the business can wait. Then drop restore_test.",
    )
    yield Check(
        "filestore-complete",
        "backup",
        "The filestore is complete",
        f"{shell.sql('SELECT count(DISTINCT store_fname) FROM ir_attachment')} && "
        f"{shell.files(f'find {q(shell.filestore)} -type f')} | wc -l",
        "The second number is not smaller than the first.",
    )
    yield Check(
        "backup-elsewhere",
        "backup",
        "Backups lie in another place, encrypted",
        "restic snapshots --latest 3 || rclone lsl YOUR_REMOTE:YOUR_BUCKET | tail",
        "Copies of the last days, at another provider or site, which the server itself cannot delete.",
    )


def _postgresql(shell: Shell) -> Iterator[Check]:
    yield Check(
        "replication-lag",
        "postgresql",
        "The standby keeps up",
        shell.sql("SELECT client_addr, state, replay_lag FROM pg_stat_replication"),
        "One row a standby, streaming, less than ten seconds behind; no row: there is no standby.",
    )
    yield Check(
        "slow-queries",
        "postgresql",
        "The slowest queries are known",
        shell.sql(
            "SELECT calls, round(mean_exec_time) AS ms, left(query, 80) FROM pg_stat_statements "
            "ORDER BY total_exec_time DESC LIMIT 10"
        ),
        "No query of every day takes more than a second on average.",
    )
    yield Check(
        "dead-rows",
        "postgresql",
        "Autovacuum keeps up",
        shell.sql(
            "SELECT relname, n_live_tup, n_dead_tup, last_autovacuum FROM pg_stat_user_tables "
            "ORDER BY n_dead_tup DESC LIMIT 10"
        ),
        "Dead rows are a small part of the live ones, and the last run is no week ago.",
    )
    yield Check(
        "connections-left",
        "postgresql",
        "Connections are left at the busiest hour",
        shell.sql("SELECT count(*), current_setting('max_connections') FROM pg_stat_activity"),
        "Less than four fifths are used.",
    )


def _redis(shell: Shell) -> Iterator[Check]:
    redis = shell.facts.container("redis")
    if redis is None and not shell.facts.files.get("redis"):
        return
    command = "redis-cli INFO"
    yield Check(
        "redis-memory",
        "redis",
        "Redis has memory left and keeps its data",
        f"{shell.inside(redis, command) if redis is not None else command} "
        "| grep -E 'used_memory_human|maxmemory_human|evicted_keys|rdb_last_bgsave_status|aof_enabled'",
        "No key was evicted, and the last save is ok.",
    )


def _monitoring(shell: Shell) -> Iterator[Check]:
    page = f"https://{shell.host}/web/login"
    yield Check(
        "time-to-first-byte",
        "monitoring",
        "Pages come fast (time to first byte)",
        f"for i in 1 2 3 4 5; do curl -o /dev/null -s -w '%{{time_starttransfer}}\\n' {page}; done",
        "Less than 0.8 s from where the users are, at a busy hour.",
        outside=True,
    )
    yield Check(
        "alert-arrives",
        "monitoring",
        "An alarm reaches somebody",
        f"{shell.alive} || echo down",
        "Stop a test service: within five minutes somebody is called who can help.",
    )
    yield Check(
        "crons-run",
        "monitoring",
        "Scheduled actions run",
        shell.sql(
            "SELECT id, nextcall FROM ir_cron WHERE active AND "
            "nextcall < now() AT TIME ZONE 'UTC' - interval '1 hour'"
        ),
        "No row.",
    )
    yield Check(
        "mail-delivery",
        "monitoring",
        "Mail is delivered",
        f"{shell.sql('SELECT state, count(*) FROM mail_mail GROUP BY state')} && "
        f"dig +short TXT {shell.host} && dig +short TXT _dmarc.{shell.host}",
        "Nothing stays in exception or outgoing; SPF, DKIM and DMARC are set for the sender's domain.",
    )
    yield Check(
        "log-rotation",
        "monitoring",
        "Logs are rotated",
        f"sudo logrotate -d /etc/logrotate.conf 2>&1 | tail -n 20 && {shell.logs} | tail -n 5",
        "The log goes back some weeks, and no file grows without end.",
    )


def _host(shell: Shell) -> Iterator[Check]:
    containers = " && docker system df" if shell.facts.projects else ""
    yield Check(
        "disk-space",
        "monitoring",
        "Disks have space left",
        f"df -h && df -i{containers}",
        "At least a fifth is free everywhere, inodes too, and an alarm is set.",
    )
    yield Check(
        "memory-left",
        "monitoring",
        "No process was killed for want of memory",
        "free -h && sudo dmesg -T | grep -iE 'out of memory|oom-kill' | tail",
        "No line, and little swap in use.",
    )
    yield Check(
        "system-upgrades",
        "network",
        "Security updates are installed",
        "apt list --upgradable 2>/dev/null | grep -i security; systemctl is-enabled unattended-upgrades",
        "No line, and enabled.",
    )
    images = f"{shell.compose('images')} && " if shell.facts.projects else ""
    yield Check(
        "odoo-upgrades",
        "network",
        "Odoo is a build of the last months",
        f"{images}{shell.files('odoo --version')}",
        "A build date of the last three months: Odoo's fixes of security come with new builds only.",
    )
    if shell.facts.projects:
        yield Check(
            "survives-reboot",
            "compose",
            "The instance comes back after a reboot",
            f"systemctl is-enabled docker && {shell.compose('ps -a')}",
            "enabled; after a planned reboot every service is up again without help.",
        )
