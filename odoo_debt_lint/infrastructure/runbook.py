"""The runbook: how to start, stop, save, restore and mend an instance, with the names that its files hold."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.infrastructure.facts import Infrastructure
from odoo_debt_lint.infrastructure.saving import backup, recovery
from odoo_debt_lint.infrastructure.shell import Shell
from odoo_debt_lint.infrastructure.shell import quoted as q
from odoo_debt_lint.infrastructure.starting import start, stop
from odoo_debt_lint.infrastructure.steps import Chapter, Step, answers


def chapters_of(facts: Infrastructure) -> list[Chapter]:
    """The chapters, in the order in which they are needed."""
    shell = Shell(facts)
    made = (
        ("Start-up", start),
        ("Shutdown", stop),
        ("Backup", backup),
        ("Recovery", recovery),
        ("Troubleshooting", _trouble),
    )
    return [Chapter(title, tuple(maker(shell))) for title, maker in made]


def _trouble(shell: Shell) -> Iterator[Step]:
    yield Step("What does Odoo say?", (shell.logs,))
    if shell.facts.projects:
        yield Step(
            "Does everything run, and does anything restart again and again?", (shell.compose("ps -a"),)
        )
        yield Step("Who uses up memory and processors?", ("docker stats --no-stream",))
    yield Step("Is a disk full?", ("df -h",))
    yield Step("Does the database answer?", answers(shell))
    yield Step(
        "Which queries run for long, and who waits for whom?",
        (
            shell.sql(
                "SELECT pid, now() - query_start AS since, wait_event_type, pg_blocking_pids(pid), "
                "left(query, 80) FROM pg_stat_activity WHERE state <> 'idle' ORDER BY query_start LIMIT 20"
            ),
        ),
    )
    yield Step(
        "Stop one of them (first the one that blocks others).",
        (shell.sql("SELECT pg_cancel_backend(PID)"),),
    )
    yield from _trouble_around(shell)
    yield Step("Nothing helps: restart Odoo alone, and keep the log of the time before.", (_restart(shell),))


def _trouble_around(shell: Shell) -> Iterator[Step]:
    redis = shell.facts.container("redis")
    if redis is not None:
        yield Step("Does Redis answer?", (shell.inside(redis, "redis-cli PING"),))
    proxy = shell.facts.container("proxy")
    if proxy is not None:
        project = shell.facts.project_of(proxy)
        yield Step(
            "Error 502 or 504: what does the proxy say?",
            (shell.compose(f"logs --tail 100 {q(proxy.name)}", project),),
        )
    elif shell.facts.files.get("nginx"):
        yield Step(
            "Error 502 or 504: what does the proxy say?",
            ("sudo nginx -t", "sudo tail -n 100 /var/log/nginx/error.log"),
        )


def _restart(shell: Shell) -> str:
    if shell.odoo is None:
        return f"sudo systemctl restart {shell.unit}"
    return shell.compose(f"restart {q(shell.odoo.name)}", shell.facts.project_of(shell.odoo))
