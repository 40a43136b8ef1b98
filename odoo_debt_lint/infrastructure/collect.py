"""From the files of an instance, as their readers have read them, to its facts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.lines import Entry, for_development
from odoo_debt_lint.deployment.nginx import Directive
from odoo_debt_lint.deployment.nodes import Node
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.infrastructure.facts import Container, Host, Infrastructure, Job, Project, Server, Volume

_FOUND = re.compile(r"(docker-)?compose(\.override)?\.ya?ml")
_PRODUCTION = re.compile(r"(?<![a-z])(prod|production|live)(?![a-z])", re.I)
_STAGING = re.compile(r"(?<![a-z])(staging|stage|stg|qa|uat|pre-?prod|test|demo)(?![a-z])", re.I)
_OPTIONS = (
    "db_host db_port db_user db_name data_dir logfile http_port xmlrpc_port http_interface workers "
    "addons_path smtp_server gevent_port longpolling_port"
).split()
_BACKUP = re.compile(
    r"\bpg_dump|\bpg_basebackup|\brestic\b|\bborg\b|\bpgbackrest\b|\bwal-g\b|back-?_?up|dump", re.I
)
_RESTORE = re.compile(r"\bpg_restore\b|restore|recover", re.I)
_TRAEFIK = re.compile(r"Host\(`([^`]+)`")
_HOST = re.compile(r"(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]+")
_DATABASE = re.compile(r"(?:^|\s)(?:-d|--database)[=\s]+(\S+)")


def infrastructure_of(instance: Instance | None) -> Infrastructure:
    """The facts; those of nothing without an instance."""
    if instance is None:
        return Infrastructure()
    files = {kind: tuple(sorted({file.path for file in files})) for kind, files in instance.by_kind.items()}
    projects = tuple(sorted(_projects(instance), key=_rank))
    jobs = tuple(_jobs(instance))
    return Infrastructure(
        files,
        _roles(instance, jobs),
        projects,
        tuple(_server(conf.path, conf.options) for conf in instance.confs),
        tuple(_hosts(instance)),
        jobs,
        tuple(sorted(file.path for file in instance.schedules if file.path.endswith(".service"))),
        instance.series,
        sum(1 for path in instance.paths if for_development(path)),
    )


def _roles(instance: Instance, jobs: Iterable[Job]) -> dict[str, tuple[str, ...]]:
    """The files that have a service of a role, or a job that saves or restores."""
    found: dict[str, set[str]] = {}
    for compose in instance.composes:
        roles = {service.role for service in compose.services}
        if {"odoo", "postgres"} <= roles and not instance.alone:
            roles.add("whole")
        for role in roles:
            found.setdefault(role, set()).add(compose.path)
    for job in jobs:
        if job.does:
            found.setdefault("backup", set()).add(job.path)
    return {role: tuple(sorted(paths)) for role, paths in found.items() if role}


def _projects(instance: Instance) -> Iterator[Project]:
    """Each file that can be started, with the files that it needs; several may stand for the same ones."""
    seen: set[tuple[str, ...]] = set()
    for compose in instance.composes:
        if compose.included or not compose.joined or compose.parts in seen:
            continue
        seen.add(compose.parts)
        yield Project(
            compose.folder,
            compose.parts,
            all(_FOUND.fullmatch(posixpath.basename(path)) for path in compose.parts),
            tuple(_container(compose, service) for service in compose.joined.values()),
            _volumes(compose.project),
        )


def _rank(project: Project) -> tuple[object, ...]:
    """What runs in production first: by its name, else what docker compose finds, near the root."""
    main = project.files[-1]
    named = bool(_PRODUCTION.search(main)) - bool(_STAGING.search(main))
    return (-named, not project.found, main.count("/"), -len(project.containers), main)


def _container(compose: ComposeFile, service: Service) -> Container:
    named = _variable(service, "POSTGRES_DB")
    if service.role == "odoo":
        database = _DATABASE.search(service.command)
        named = database[1] if database else ""
    return Container(
        name=service.name,
        role=service.role,
        image=service.image or "",
        container=service.node.value("container_name") or "",
        ports=tuple(_ports(service)),
        volumes=tuple(Volume(item.source, item.target, item.named) for item in service.mounts),
        profiles=() if compose.enabled(service) else tuple(service.profiles),
        user=_variable(service, "POSTGRES_USER"),
        database=named if not named.startswith(("$", "-")) else "",
        one_shot=service.one_shot,
        healthcheck="healthcheck" in service.node.pairs,
        path=service.where.path,
        line=service.where.span.start_line,
    )


def _variable(service: Service, name: str) -> str:
    """A variable of the service that is no secret."""
    return (service.environment.value(name) or "") if service.environment is not None else ""


def _ports(service: Service) -> Iterator[tuple[str, str, str]]:
    node = service.node.get("ports")
    for item in node.items if node is not None else ():
        if item.kind == "map":
            target, published = item.value("target"), item.value("published")
            if target and published:
                yield item.value("host_ip") or "", published, target
            continue
        parts = re.fullmatch(r"(?:(\[[^\]]+\]|[^:]*):)?(\d+):(\d+)(?:/\w+)?", item.text or "")
        if parts:
            yield parts[1] or "", parts[2], parts[3]


def _volumes(root: Node | None) -> tuple[str, ...]:
    node = root.get("volumes") if root is not None else None
    return tuple(node.pairs) if node is not None else ()


def _server(path: str, options: Mapping[str, Entry]) -> Server:
    values = ((name, options[name].value) for name in _OPTIONS if name in options)
    return Server(path, tuple((name, value) for name, value in values if value))


def _hosts(instance: Instance) -> Iterator[Host]:
    """The names of nginx's servers, and those in the labels of traefik."""
    for file in instance.nginxes:
        for server in file.top.everywhere("server"):
            names = {arg: None for item in server.named("server_name") for arg in item.args}
            for name in names if not file.included and server.inner else ():
                if _HOST.fullmatch(name):
                    yield Host(name, _tls(server), _certificate(server), server.path, server.line)
    for compose in instance.composes:
        for service in compose.services:
            for name in filter(_HOST.fullmatch, _TRAEFIK.findall(" ".join(_labels(service)))):
                yield Host(name, True, "", service.where.path, service.where.span.start_line)


def _labels(service: Service) -> list[str]:
    node = service.node.get("labels")
    if node is None:
        return []
    return [*node.texts, *(pair.value.text or "" for pair in node.pairs.values())]


def _tls(server: Directive) -> bool:
    listens = " ".join(arg for item in server.named("listen") for arg in item.args)
    return "ssl" in listens.split() or "443" in listens


def _certificate(server: Directive) -> str:
    return next((item.args[0] for item in server.named("ssl_certificate") if item.args), "")


def _jobs(instance: Instance) -> Iterator[Job]:
    for script in instance.scripts:
        texts = " ".join(command.text for command in script.commands)
        yield Job(script.path, 1, _does(posixpath.basename(script.path), texts))
    for schedule in instance.schedules:
        for item in schedule.jobs:
            yield Job(schedule.path, item.span.start_line, _does(item.text, ""), item.when)


def _does(name: str, text: str) -> str:
    """What a job is for, by its name and its commands."""
    if _RESTORE.search(name):
        return "restore"
    if _BACKUP.search(f"{name} {text}"):
        return "backup"
    return "restore" if _RESTORE.search(text) else ""
