"""How to start and to stop an instance: what keeps data first, what users reach last."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.infrastructure.facts import Project
from odoo_debt_lint.infrastructure.shell import Shell
from odoo_debt_lint.infrastructure.shell import quoted as q
from odoo_debt_lint.infrastructure.steps import Step, answers, code


def start(shell: Shell) -> Iterator[Step]:
    project = shell.facts.project
    if project is None:
        yield from _start_unit(shell)
    else:
        yield from _start_project(shell, project)
    yield Step("Odoo is up when this page answers.", (shell.alive,))
    if shell.facts.public:
        page = f"https://{shell.host}{shell.health}"
        yield Step("And from outside, through the proxy.", (f"curl -fsS {page}",))


def _start_project(shell: Shell, project: Project) -> Iterator[Step]:
    others = shell.facts.companions
    checks = tuple(shell.compose("config --quiet", item) for item in (project, *others))
    yield Step("Check the configuration.", checks)
    stores = tuple(call for item in (project, *others) for call in _start_stores(shell, item))
    if stores:
        yield Step("Start what keeps data first, and wait until it answers.", (*stores, *answers(shell)))
    yield Step("Start everything else.", (shell.compose("up -d", project), shell.compose("ps", project)))
    if others:
        calls = tuple(shell.compose("up -d", item) for item in others)
        yield Step("Start what stands in other compose files.", calls)
    for container in project.containers:
        if container.profiles:
            profile = q(container.profiles[0])
            call = shell.compose(f"--profile {profile} up -d {q(container.name)}", project)
            yield Step(f"Only when needed: {code(container.name)} belongs to a profile.", (call,))


def _start_stores(shell: Shell, project: Project) -> Iterator[str]:
    servers = [item for item in project.containers if not item.one_shot and not item.profiles]
    names = [item.name for role in ("postgres", "redis") for item in servers if item.role == role]
    if names:
        yield shell.compose(f"up -d {' '.join(map(q, names))}", project)


def _start_unit(shell: Shell) -> Iterator[Step]:
    database = ("sudo systemctl start postgresql", *answers(shell))
    yield Step("Start PostgreSQL and wait until it answers.", database)
    call = f"sudo systemctl start {shell.unit}"
    yield Step("Start Odoo.", (call, f"systemctl status {shell.unit} --no-pager"))
    if shell.facts.files.get("nginx"):
        yield Step("Start the proxy.", ("sudo nginx -t", "sudo systemctl start nginx"))


def stop(shell: Shell) -> Iterator[Step]:
    project = shell.facts.project
    if project is None:
        yield Step("Stop Odoo; PostgreSQL may stay.", (f"sudo systemctl stop {shell.unit}",))
        return
    users = [item.name for item in project.containers if item.role in ("proxy", "odoo") and not item.one_shot]
    if users:
        call = shell.compose(f"stop -t 120 {' '.join(map(q, users))}", project)
        yield Step("Stop what users reach, and leave running requests two minutes.", (call,))
    everything = (*shell.facts.companions, project)
    yield Step("Stop the rest.", tuple(shell.compose("stop", item) for item in everything))
    volumes = sorted({name for item in everything for name in _named(item)})
    if volumes:
        yield Step(
            "Never use `down -v`, `volume rm` or `volume prune` here: the data is in the volumes "
            f"{', '.join(map(code, volumes))} and would be gone."
        )


def _named(project: Project) -> list[str]:
    """The volumes that services use."""
    used = {item.source for container in project.containers for item in container.volumes if item.named}
    return [name for name in project.volumes if name in used] or sorted(used)
