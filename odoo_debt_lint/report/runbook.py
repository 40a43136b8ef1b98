"""The runbook as Markdown: what whoever is on call needs, with the names of this instance.

It is made from the files alone and holds no secret: what a file keeps secret is not in the facts, and
findings whose lines hold one are named without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint import __version__
from odoo_debt_lint.finding import Severity
from odoo_debt_lint.infrastructure.areas import FAMILY
from odoo_debt_lint.infrastructure.facts import Container, Infrastructure
from odoo_debt_lint.infrastructure.runbook import chapters_of
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.evidence import masked
from odoo_debt_lint.report.figures import Figures
from odoo_debt_lint.report.gfm import code, plain, prose, table
from odoo_debt_lint.report.infrastructure import CHECK_NOTE, CHECKLIST, Card, checklist_lines
from odoo_debt_lint.report.prose import words
from odoo_debt_lint.source import printable

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

NOTHING = (
    "No file of an instance was found (odoo.conf, compose, nginx, PostgreSQL, Redis): "
    "there is nothing to make a runbook of."
)
_WEAK, _SERVICES = 20, 60


def as_runbook(report: Report) -> str:
    """The runbook; equal input gives equal bytes."""
    card = Card(report)
    if not card.known:
        note = f" Files for development alone: {card.facts.development}." if card.facts.development else ""
        return f"# Runbook\n\n{NOTHING}{note}\n"
    lines = [*_head(card), *_chapters(card.facts), *_weak(report), *_checks(card)]
    return "\n".join(lines) + "\n"


def _head(card: Card) -> Iterator[str]:
    facts = card.facts
    paths = sorted({path for paths in facts.files.values() for path in paths})
    yield from ("# Runbook", "")
    yield (
        f"Made by odoo-debt-lint {__version__} from {len(paths)} files. All commands are run on the server, "
        "in the top folder of the project. What stands as `YOUR_…` is in none of the files: fill it in "
        "before you need it."
    )
    yield ""
    yield from _things(facts)
    if facts.projects:
        yield from ("## Services", "")
        rows = [_service(item) for item in facts.all_of("")[:_SERVICES]]
        yield from table(("Service", "For", "Image", "Container", "Ports", "Data", "Written in"), rows)


def _things(facts: Infrastructure) -> Iterator[str]:
    """What there is besides services: servers, names, jobs."""
    if facts.series:
        yield f"- Odoo {plain(facts.series)}"
    for server in facts.servers:
        options = (f"{plain(name)} {code(value)}" for name, value in server.options)
        yield f"- {code(server.path)}: {', '.join(options) or 'defaults'}"
    for host in facts.hosts:
        certificate = f", certificate {code(host.certificate)}" if host.certificate else ""
        kind = "https" if host.tls else "http"
        yield f"- {code(host.name)} ({kind}{certificate}), {code(f'{host.path}:{host.line}')}"
    for job in facts.jobs:
        when = f", {code(job.when)}" if job.when else ""
        yield f"- {code(f'{job.path}:{job.line}')}{when}: {job.does or 'a job'}"
    yield ""


def _service(item: Container) -> tuple[str, ...]:
    ports = ", ".join(code(":".join(filter(None, port))) for port in item.ports)
    volumes = ", ".join(code(f"{volume.source or '?'}:{volume.target}") for volume in item.volumes)
    name = code(item.name) + (f" (profile {code(', '.join(item.profiles))})" if item.profiles else "")
    return (
        name,
        item.role or "–",
        code(item.image) or "built here",
        code(item.container) or "–",
        ports or "–",
        volumes or "–",
        code(f"{item.path}:{item.line}"),
    )


def _chapters(facts: Infrastructure) -> Iterator[str]:
    for chapter in chapters_of(facts):
        yield from (f"## {chapter.title}", "")
        for number, step in enumerate(chapter.steps, 1):
            yield f"{number}. {prose(words(step.text))}"
            yield ""
            if step.commands:
                yield from _fenced(step.commands, " " * len(f"{number}. "))


def _fenced(commands: tuple[str, ...], indent: str) -> Iterator[str]:
    """Commands as a block inside of a list: nothing in them can end it."""
    lines = [masked(printable(command)) for command in commands]
    fence = "```"
    while any(fence in line for line in lines):
        fence += "`"
    yield from (f"{indent}{line}" for line in (f"{fence}sh", *lines, fence))
    yield ""


def _weak(report: Report) -> Iterator[str]:
    """What the files themselves are known to do badly: the first suspects."""
    found = [
        finding
        for finding in report.findings
        if finding.rule in report.rules
        and report.rules[finding.rule].family == FAMILY
        and finding.severity >= Severity.HIGH
    ]
    if not found:
        return
    yield from ("## Known weak points", "")
    for finding in sorted(found, key=lambda item: (-item.severity, item.sort_key))[:_WEAK]:
        line = f"{finding.location.path}:{finding.location.span.start_line}"
        message = prose(words(masked(finding.message)))
        yield f"- {finding.severity.label}, {code(line)}: {message} ({code(finding.rule)})"
    if len(found) > _WEAK:
        yield f"- and {len(found) - _WEAK} more in the report"
    yield ""


def _checks(card: Card) -> Iterator[str]:
    yield from (f"## {CHECKLIST}", "", plain(CHECK_NOTE), "")
    yield from checklist_lines(card.checks, Figures(Cover()))
