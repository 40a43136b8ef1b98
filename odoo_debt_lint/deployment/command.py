"""What a service of PostgreSQL or Redis is told on its command line, variables among its words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.nodes import Node
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.deployment.variables import interpolated

UNKNOWN = "\0"
_VARIABLE = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\$[A-Za-z_]\w*|\$\$")
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash", "/bin/ash", "/usr/bin/env"})
_SHORT = {"-B": "shared_buffers", "-N": "max_connections", "-h": "listen_addresses", "-S": "work_mem"}
Files = Mapping[str, ComposeFile]


def words_of(service: Service, files: Files) -> list[str]:
    """The words of entrypoint and command; ``UNKNOWN`` stands for variables that no file tells."""
    return list(_unwrapped(_words(service, files)))


def script_of(service: Service, files: Files) -> str:
    """What a shell of the service runs (``sh -c "…"``), else its whole command."""
    words = _words(service, files)
    for index, word in enumerate(words[:-1]):
        if re.fullmatch(r"-\w*c", word) and _SHELLS & set(words[:index]):
            return words[index + 1]
    return " ".join(words)


def _words(service: Service, files: Files) -> list[str]:
    found: list[str] = []
    for name in ("entrypoint", "command"):
        node = service.node.get(name)
        if node is not None and node.kind == "list":
            found += [_text(item, files) for item in node.items]
        elif node is not None and node.kind == "scalar":
            found += _split(_text(node, files))
    return found


def _text(node: Node, files: Files) -> str:
    if node.text is not None or node.tag == "null":
        return node.text or ""
    file = files.get(node.path)
    if file is None:
        return UNKNOWN
    lines = file.text.lines[node.span.start_line - 1 : node.span.end_line]
    if not lines:
        return UNKNOWN
    lines[-1] = lines[-1][: node.span.end_column] if node.span.end_column else ""
    lines[0] = lines[0][node.span.start_column :]
    separator = "\n" if lines[0].startswith("|") else " "
    text = re.sub(r"^[>|][-+\d]*", "", separator.join(line.strip() for line in lines)).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return _VARIABLE.sub(lambda match: _known(match[0], file.values), text)


def _known(variable: str, values: Mapping[str, str | None]) -> str:
    found = interpolated(variable, values)
    return UNKNOWN if found is None else found


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _unwrapped(words: list[str]) -> Iterator[str]:
    """The words without the shell around them (``sh -c "redis-server …"``)."""
    shell = False
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        shell = shell or word in _SHELLS
        if shell and re.fullmatch(r"-\w*c", before):
            yield from _split(word)
        else:
            yield word


def postgres_options(words: list[str]) -> Iterator[tuple[str, str | None]]:
    """Settings by ``-c name=value``, ``--name=value`` and the short options of ``postgres``."""
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in _SHORT and following:
            yield _SHORT[word], _value(following)
        option = following if word == "-c" else word[2:] if word[:2] in ("-c", "--") else ""
        name, sign, value = option.strip("'\" ").partition("=")
        if sign and re.fullmatch(r"\s*[A-Za-z_][\w.-]*\s*", name):
            yield name.strip().lower().replace("-", "_"), _value(value)


def redis_options(words: list[str]) -> Iterator[tuple[str, list[str | None]]]:
    """Directives by ``--name value …`` behind the name of the server."""
    name, values = "", list[str | None]()
    for word in [*words, "--"]:
        if word.startswith("--"):
            if name:
                yield name, values
            name, _, value = word[2:].lower().partition("=")
            values = [_value(value)] if value else []
        elif re.fullmatch(r"[;&|]+|-[a-z]|exec", word):
            if name:
                yield name, values
            name = ""
        elif name:
            values.append(_value(word))
    return


def _value(text: str) -> str | None:
    """The value without quotes; nothing where it is a variable, of compose or of the shell inside."""
    return None if UNKNOWN in text or re.search(r"\$[A-Za-z_{(]", text) else text.strip().strip("'\"")
