"""Reads pg_hba.conf: who may connect to PostgreSQL from where, and how they prove who they are."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.finding import Problem, Span

_TYPES = frozenset({"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"})
_METHODS = frozenset(
    (
        "trust reject md5 password scram-sha-256 gss sspi ident peer pam ldap radius cert bsd krb5 oauth "
        "crypt"
    ).split()
)
_ITEM = r'(?:"[^"]*"|[^\s,"#]+)'
_WORD = re.compile(rf"{_ITEM}(?:\s*,\s*{_ITEM})*")


@dataclass(frozen=True, slots=True)
class Access:
    """One record; ``address`` is empty for ``local``, with the mask where it stands apart."""

    type: str
    database: str
    user: str
    address: str
    method: str
    options: tuple[str, ...]
    span: Span

    @property
    def from_anywhere(self) -> bool:
        """Whether every host of the world is meant."""
        if self.address == "all":
            return True
        address = self.address.replace(" ", "/")
        return bool(re.fullmatch(r"(0\.0\.0\.0|::|0)/(0|0\.0\.0\.0|::)(/0)?", address))

    @property
    def from_here(self) -> bool:
        """Whether only processes of the same host are meant."""
        if self.type == "local" or self.address in ("localhost", "samehost"):
            return True
        try:
            return ipaddress.ip_network(self.address.replace(" ", "/"), strict=False).is_loopback
        except ValueError:
            return False


@dataclass
class HbaFile(File):
    """A pg_hba.conf; ``contained`` and ``development`` as in ``PostgresFile``."""

    accesses: list[Access] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    contained: bool = False
    development: bool = False
    kind: ClassVar[str] = "pg_hba"

    @property
    def reached(self) -> Iterator[Access]:
        """The records before which none refuses everybody from there: the first that fits decides."""
        closed: set[str] = set()
        for access in self.accesses:
            if not closed & {"all", access.address} or access.type == "local":
                yield access
            if (
                access.type == "host"
                and access.method == "reject"
                and access.database == access.user == "all"
            ):
                closed.add(access.address)


def is_hba(text: str) -> bool:
    """Whether any line is a record of pg_hba.conf."""
    return any(_access(line, Span(1, 0, 1, 0)) is not None for line in text.splitlines())


def read_hba(file: HbaFile) -> HbaFile:
    """Fills in the records, in the order in which the first that fits decides."""
    for number, line in enumerate(file.text.lines, 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#@" or stripped.startswith("include") or "{" in stripped:
            continue
        access = _access(line, file.text.line_span(number))
        if access is not None:
            file.accesses.append(access)
        elif "$" not in stripped:
            file.problems.append(
                Problem("syntax", file.path, "no record: type, database, user, address, method", number)
            )
    return file


def _access(line: str, span: Span) -> Access | None:
    words = [word.replace('"', "") for word in _WORD.findall(line.partition("#")[0])]
    if len(words) < 4 or words[0].lower() not in _TYPES:
        return None
    kind = words[0].lower()
    method = next((index for index in range(3, len(words)) if words[index].lower() in _METHODS), 0)
    if not method or method > (3 if kind == "local" else 5):
        return None
    address = " ".join(words[3:method]).lower()
    return Access(kind, words[1], words[2], address, words[method].lower(), tuple(words[method + 1 :]), span)
