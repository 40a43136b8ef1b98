"""Password or key written into a compose file.

## What it does
Reports variables, build arguments and command lines whose name or shape says that the value is a secret,
and defaults of such variables (`${DB_PASSWORD:-value}`).

## Why is this bad
Who can read the repository has the secret, for ever: it stays in the history. It is the same on all
installations, and a default works unnoticed where the variable was forgotten.

## How to fix
`secrets:` of compose with `POSTGRES_PASSWORD_FILE`, or `${DB_PASSWORD:?}` from an `.env` that is not
committed.

## Not reported
Variables without default; paths (`…_FILE`); placeholders; empty values and `trust` authentication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks.security._secrets import is_secret, kind_of, shape_of
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.merge import as_map
from odoo_debt_lint.deployment.nodes import Node
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_NAMES = frozenset(
    {"password", "pgpassword", "db_password", "admin_passwd", "master_password", "requirepass", "masterauth"}
)
_NO_PASSWORDS = frozenset({"true", "false", "none", "no", "yes", "on", "off"})
_PLACEHOLDER = re.compile(r"^/|^<.*>$|^\$|\s|_HERE$|^your[_-]", re.I)
_OPTION = re.compile(r"(?<!\S)--([a-z][\w-]*)(?:=|\s+(?!-))(\S+)")
_SHORT = re.compile(r"(?<!\S)-w(?=\s|$)")
"""What the command line of Odoo takes for ``--db_password``."""
_BARE_OPTION = re.compile(r"--[a-z][\w-]*")
_DEFAULT = re.compile(r"\$\{\w+:?-([^{}]+)\}")


def check(compose: ComposeFile) -> Hits:
    seen: set[tuple[str, int]] = set()
    for service in (*compose.services, *compose.lent):
        for node in (service.environment, _arguments(service)):
            for name, pair in node.pairs.items() if node is not None else ():
                key = (pair.path, pair.span.start_line)
                if key in seen or pair.path != compose.path:
                    continue
                line = compose.text.line(pair.value.span.start_line).replace("$$", "")  # a dollar itself
                default = _DEFAULT.search(line)
                if "$" in line and default is None:
                    continue  # what the variable holds stands elsewhere, though it is known
                if not _holds_secret(name, default[1] if default else pair.value.text or ""):
                    continue
                seen.add(key)
                how = "has a default in" if default else "is written into"
                yield Hit(pair.span, f"the secret {name} {how} the compose file", entity=service.name)
        for name, word in _options(compose, service):
            key = (word.path, word.span.start_line)
            if key not in seen:
                seen.add(key)
                yield Hit(word.span, f"the secret {name} is written into a command line", entity=service.name)


def _options(compose: ComposeFile, service: Service) -> Iterator[tuple[str, Node]]:
    """Options of command lines that hold a secret, each with the words in which its value stands."""
    lines = [service.node.get(name) for name in ("entrypoint", "command")]
    for line in lines:
        if line is None or line.path != compose.path:
            continue
        before = ""
        for word in line.items if line.kind == "list" else (line,):
            text = word.text or ""
            if service.role == "odoo":
                text = _SHORT.sub("--db_password", text)
            joined = f"{before} {text}" if before and not text.startswith("-") else text
            before = text if _BARE_OPTION.fullmatch(text) else ""
            for name, value in _OPTION.findall(joined):
                if _holds_secret(name.replace("-", "_"), value.strip("'\"")) and not _varies(compose, word):
                    yield f"--{name}", word


def _varies(compose: ComposeFile, word: Node) -> bool:
    """Whether a variable stands there, even if its value is known."""
    lines = range(word.span.start_line, word.span.end_line + 1)
    return any("$" in compose.text.line(number).replace("$$", "") for number in lines)


def _arguments(service: Service) -> Node | None:
    node = service.node.get("build", "args")
    return as_map(node) if node is not None else None


def _holds_secret(name: str, text: str) -> bool:
    if len(text) < 2 or name.lower().endswith("_file"):
        return False
    kind = "password" if name.lower() in _NAMES else kind_of(name)
    if kind == "password":
        return not _PLACEHOLDER.search(text) and text.lower() not in _NO_PASSWORDS
    return bool(kind and is_secret(kind, text)) or bool(shape_of(text))


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnDeployment(("compose",), check),),
    tags=("secret",),
)
