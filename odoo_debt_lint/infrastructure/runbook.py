"""The runbook: how to start, stop, save, restore and mend an instance, with the names that its files hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.infrastructure.facts import Container, Infrastructure, Project
from odoo_debt_lint.infrastructure.shell import BACKUPS, DATABASE, Shell
from odoo_debt_lint.infrastructure.shell import quoted as q


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, and the commands that do it. Words of files stand between backticks in ``text``."""

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    steps: tuple[Step, ...]


def chapters_of(facts: Infrastructure) -> list[Chapter]:
    """The chapters, in the order in which they are needed."""
    shell = Shell(facts)
    made = (
        ("Start-up", _start),
        ("Shutdown", _stop),
        ("Backup", _backup),
        ("Recovery", _recovery),
        ("Troubleshooting", _trouble),
    )
    return [Chapter(title, tuple(maker(shell))) for title, maker in made]


def _start(shell: Shell) -> Iterator[Step]:
    project = shell.facts.project
    if project is None:
        yield from _start_unit(shell)
    else:
        yield Step("Check the configuration.", (shell.compose("config --quiet"),))
        stores = [item.name for item in _ordered(project) if item.role in ("postgres", "redis")]
        if stores:
            yield Step(
                "Start what keeps data first, and wait until it answers.",
                (shell.compose(f"up -d {' '.join(map(q, stores))}"), *_answers(shell)),
            )
        yield Step("Start everything else.", (shell.compose("up -d"), shell.compose("ps")))
        for container in project.containers:
            if container.profiles:
                profile = q(container.profiles[0])
                yield Step(
                    f"Only when needed: {_code(container.name)} belongs to a profile.",
                    (shell.compose(f"--profile {profile} up -d {q(container.name)}"),),
                )
    yield Step("Odoo is up when this page answers.", (shell.alive,))
    if shell.facts.public:
        page = f"https://{shell.host}{shell.health}"
        yield Step("And from outside, through the proxy.", (f"curl -fsS {page}",))


def _start_unit(shell: Shell) -> Iterator[Step]:
    yield Step(
        "Start PostgreSQL and wait until it answers.", ("sudo systemctl start postgresql", *_answers(shell))
    )
    start = f"sudo systemctl start {shell.unit}"
    yield Step("Start Odoo.", (start, f"systemctl status {shell.unit} --no-pager"))
    if shell.facts.files.get("nginx"):
        yield Step("Start the proxy.", ("sudo nginx -t", "sudo systemctl start nginx"))


def _answers(shell: Shell) -> tuple[str, ...]:
    return (shell.database_tool("pg_isready", "-t 30"),)


def _ordered(project: Project) -> list[Container]:
    """What others need comes first; jobs that end are no servers."""
    order = {"postgres": 0, "redis": 1, "": 2, "odoo": 3, "backup": 4, "monitoring": 5, "proxy": 6}
    servers = (item for item in project.containers if not item.one_shot)
    return sorted(servers, key=lambda item: order.get(item.role, 2))


def _stop(shell: Shell) -> Iterator[Step]:
    project = shell.facts.project
    if project is None:
        yield Step("Stop Odoo; PostgreSQL may stay.", (f"sudo systemctl stop {shell.unit}",))
        return
    users = [item.name for item in project.containers if item.role in ("proxy", "odoo") and not item.one_shot]
    if users:
        names = " ".join(map(q, users))
        yield Step(
            "Stop what users reach, and leave running requests two minutes.",
            (shell.compose(f"stop -t 120 {names}"),),
        )
    yield Step("Stop the rest.", (shell.compose("stop"), shell.compose("ps -a")))
    volumes = _named(project)
    if volumes:
        listed = ", ".join(map(_code, volumes))
        yield Step(
            "Never use `down -v`, `volume rm` or `volume prune` here: the data is in the volumes "
            f"{listed} and would be gone."
        )


def _named(project: Project) -> list[str]:
    """The volumes that services use."""
    used = {item.source for container in project.containers for item in container.volumes if item.named}
    return [name for name in project.volumes if name in used] or sorted(used)


def _backup(shell: Shell) -> Iterator[Step]:
    jobs = [job for job in shell.facts.jobs if job.does == "backup"]
    for job in jobs:
        when = f" (runs at {_code(job.when)})" if job.when else ""
        yield Step(f"The files hold a backup already: {_code(f'{job.path}:{job.line}')}{when}.")
    for container in _of_role(shell.facts, "backup"):
        yield Step(
            f"The service {_code(container.name)} makes backups.",
            (shell.compose(f"logs --tail 50 {q(container.name)}", shell.facts.project_of(container)),),
        )
    yield Step(
        "By hand: make a folder that only you can read.",
        (f"install -d -m 700 {BACKUPS}",),
    )
    if shell.database == DATABASE:
        yield Step("No file names the database: list them.", (shell.database_tool("psql", "-l"),))
    dump = shell.database_tool("pg_dump", f"-Fc {shell.database}")
    yield Step(
        f"Save the database {_code(shell.database)}.",
        (f'{dump} > {BACKUPS}/{shell.database}-"$(date +%F)".dump',),
    )
    yield Step(
        f"Save the filestore {_code(shell.filestore)} right after it: attachments are files, the database "
        "holds their names only.",
        (f'{_archive(shell)} > {BACKUPS}/filestore-"$(date +%F)".tar.gz',),
    )
    yield Step(
        "Save the configuration. It holds passwords: encrypt it before it leaves the server.", _config(shell)
    )
    yield Step("Copy all three to another place, and note the date of the last restore that was tried.")


def _archive(shell: Shell) -> str:
    return shell.files(f"tar czf - -C {q(shell.data_dir)} filestore")


def _config(shell: Shell) -> tuple[str, ...]:
    kinds = ("odoo", "compose", "nginx", "env", "postgresql", "pg_hba", "redis")
    paths = sorted({path for kind in kinds for path in shell.facts.files.get(kind, ())})
    if not paths:
        return ()
    return (f'tar czf {BACKUPS}/configuration-"$(date +%F)".tar.gz {" ".join(map(q, paths))}',)


def _of_role(facts: Infrastructure, role: str) -> Iterator[Container]:
    for project in facts.projects:
        yield from (item for item in project.containers if item.role == role)


def _recovery(shell: Shell) -> Iterator[Step]:
    for job in shell.facts.jobs:
        if job.does == "restore":
            yield Step(f"The files hold a restore: {_code(f'{job.path}:{job.line}')}. Read it first.")
    stop = _stop_odoo(shell)
    yield Step("Stop Odoo, so that nobody writes.", (stop,))
    yield Step(
        "Restore into a new database first: the old one stays until the new one is seen to work.",
        (
            shell.database_tool("createdb", "restored"),
            f"{shell.database_tool('pg_restore', '-d restored --no-owner --exit-on-error')} "
            f"< {BACKUPS}/LATEST.dump",
        ),
    )
    last = shell.sql("SELECT max(create_date) FROM mail_message", "restored")
    yield Step("Look whether the data of the last day is there.", (last,))
    yield Step(
        "Only a test? Switch off mail and scheduled actions of the copy (from 16.0 on), use it by its name "
        "`restored`, and stop here.",
        (shell.once("odoo neutralize -d restored"),),
    )
    yield Step("Put it in the place of the old one.", _swap(shell))
    yield Step(
        "Put the filestore back. The folder must bear the name of the database.",
        (f"{_unpack(shell)} < {BACKUPS}/filestore-LATEST.tar.gz",),
    )
    yield Step("Start Odoo and log in; open a document with an attachment.", (_start_odoo(shell),))


def _swap(shell: Shell) -> tuple[str, ...]:
    old = f"{shell.database}_old" if shell.database == DATABASE else f"{shell.facts.database}_old"
    names = ((shell.facts.database or DATABASE, old), ("restored", shell.facts.database or DATABASE))
    return tuple(
        shell.sql(f"ALTER DATABASE {_identifier(before)} RENAME TO {_identifier(after)}", "postgres")
        for before, after in names
    )


def _identifier(name: str) -> str:
    """A name in SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _unpack(shell: Shell) -> str:
    return shell.once(f"tar xzf - -C {q(shell.data_dir)}")


def _stop_odoo(shell: Shell) -> str:
    odoo = shell.odoo
    if odoo is None:
        return f"sudo systemctl stop {shell.unit}"
    return shell.compose(f"stop {q(odoo.name)}", shell.facts.project_of(odoo))


def _start_odoo(shell: Shell) -> str:
    odoo = shell.odoo
    if odoo is None:
        return f"sudo systemctl start {shell.unit}"
    return shell.compose(f"up -d {q(odoo.name)}", shell.facts.project_of(odoo))


def _trouble(shell: Shell) -> Iterator[Step]:
    yield Step("What does Odoo say?", (shell.logs,))
    if shell.facts.projects:
        yield Step(
            "Does everything run, and does anything restart again and again?", (shell.compose("ps -a"),)
        )
        yield Step("Who uses up memory and processors?", ("docker stats --no-stream",))
    yield Step("Is a disk full?", ("df -h",))
    yield Step("Does the database answer?", _answers(shell))
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


def _code(name: str) -> str:
    """A name of a file as a word of code in a text; backticks would end it."""
    return f"`{name.replace('`', '′')}`"
