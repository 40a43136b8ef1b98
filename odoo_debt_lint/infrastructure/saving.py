"""How to save an instance and to bring it back: the database, the filestore, the configuration."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.infrastructure.shell import BACKUPS, DATABASE, Shell
from odoo_debt_lint.infrastructure.shell import quoted as q
from odoo_debt_lint.infrastructure.steps import Step, code


def backup(shell: Shell) -> Iterator[Step]:
    jobs = [job for job in shell.facts.jobs if job.does == "backup"]
    for job in jobs:
        when = f" (runs at {code(job.when)})" if job.when else ""
        yield Step(f"The files hold a backup already: {code(f'{job.path}:{job.line}')}{when}.")
    for container in shell.facts.all_of("backup"):
        yield Step(
            f"The service {code(container.name)} makes backups.",
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
        f"Save the database {code(shell.database)}.",
        (f'{dump} > {BACKUPS}/{shell.database}-"$(date +%F)".dump',),
    )
    yield Step(
        f"Save the filestore {code(shell.filestore)} right after it: attachments are files, the database "
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
    paths = shell.facts.paths_of(*kinds)
    if not paths:
        return ()
    return (f'tar czf {BACKUPS}/configuration-"$(date +%F)".tar.gz {" ".join(map(q, paths))}',)


def recovery(shell: Shell) -> Iterator[Step]:
    for job in shell.facts.jobs:
        if job.does == "restore":
            yield Step(f"The files hold a restore: {code(f'{job.path}:{job.line}')}. Read it first.")
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
