"""Reads nginx files with crossplane, each alone: what it includes is looked up among the files of the run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.source import Unreadable

_MAX_DIRECTIVES = 20_000
"""Directives of a file with those of its includes: files that include each other many times have no end."""
_MAX_DEPTH = 200
"""Blocks within blocks: crossplane recurses, and Python complains of its generators when the stack ends."""
_INERT = re.compile(r"mime\.types|fastcgi|uwsgi_params|scgi_params|modules")
_NGINX = re.compile(
    r"^[ \t]*(server|upstream|http|location|events|proxy_pass|add_header|ssl_protocols|proxy_set_header|map|"
    r"limit_req_zone|gzip|ssl_\w+|proxy_\w+)\b[^;{=]*[;{]",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Directive:
    """``name args;`` or a block; ``inner`` has the included directives in place of an ``include``.

    An include that could not be found stays as a directive ``include``.
    """

    name: str
    args: tuple[str, ...]
    line: int
    path: str
    inner: tuple[Directive, ...] = ()

    def named(self, *names: str) -> Iterator[Directive]:
        return (item for item in self.inner if item.name in names)

    def everywhere(self, *names: str) -> Iterator[Directive]:
        for item in self.inner:
            if item.name in names:
                yield item
            yield from item.everywhere(*names)


@dataclass
class NginxFile(File):
    directives: tuple[Directive, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    included: bool = False
    kind: ClassVar[str] = "nginx"

    @property
    def top(self) -> Directive:
        """All of the file under one directive."""
        return Directive("", (), 1, self.path, self.directives)


def is_nginx(text: str) -> bool:
    return _NGINX.search(text) is not None


def read_nginx(file: NginxFile, unsaved: bool = False) -> NginxFile:
    """Fills in the directives. The reader has checked before that this is a regular file of some size;
    ``unsaved``: its text is that of an editor, and not on the disk yet.

    Raises Unreadable for one that is nested too deeply.
    """
    if _depth(file.text.text) > _MAX_DEPTH:
        raise Unreadable("too-large", "nested too deeply")
    payload = _parsed_beside(file.text.text) if unsaved else _parsed(file.real)
    end = file.text.text.rstrip().count("\n") + 1
    for error in payload["errors"]:
        message = re.sub(r" in \S+:\d+$", "", str(error["error"])) or "ends within a directive"
        file.problems.append(Problem("syntax", file.path, message, error["line"] or end))
    for parsed in payload["config"]:
        file.directives = tuple(_directive(item, file.path) for item in parsed["parsed"])
    return file


def _parsed(path: str) -> Any:
    import crossplane

    return crossplane.parse(
        path, single=True, catch_errors=True, check_ctx=False, check_args=False, comments=False
    )


def _parsed_beside(text: str) -> Any:
    """A text as crossplane reads it: it takes nothing but files."""
    import tempfile  # only an editor needs it

    with tempfile.TemporaryDirectory(prefix="odoo-debt-lint-") as folder:
        place = Path(folder, "nginx.conf")
        place.write_text(text, encoding="utf-8", newline="")
        return _parsed(str(place))


def _depth(text: str) -> int:
    """How deep the braces of a text stand at most, those in quotes and comments included."""
    steps = (1 if brace == "{" else -1 for brace in re.findall("[{}]", text))
    return max(accumulate(steps), default=0)


def _directive(item: dict[str, Any], path: str) -> Directive:
    inner = tuple(_directive(child, path) for child in item.get("block", ()))
    return Directive(item["directive"], tuple(item["args"]), item["line"], path, inner)


def join_includes(files: Iterable[NginxFile]) -> None:
    """Puts the directives of included files of the run in place of the includes."""
    known = list(files)
    plain = {file.path: file.directives for file in known}
    for file in known:
        budget = iter(range(_MAX_DIRECTIVES))
        file.directives = tuple(_expanded(file.directives, file.path, known, plain, 0, budget))


def _expanded(
    items: Iterable[Directive],
    path: str,
    known: list[NginxFile],
    plain: dict[str, tuple[Directive, ...]],
    depth: int,
    budget: Iterator[int],
) -> Iterator[Directive]:
    for item in items:
        if next(budget, None) is None:
            return
        if item.name == "include" and item.args:
            found = _included(item.args[0], path, known) if depth < 5 else []
            for file in found:
                file.included = True
                yield from _expanded(plain[file.path], file.path, known, plain, depth + 1, budget)
            if not found and not _INERT.search(item.args[0]):
                yield item
        elif item.inner:
            inner = tuple(_expanded(item.inner, path, known, plain, depth, budget))
            yield Directive(item.name, item.args, item.line, item.path, inner)
        else:
            yield item


def _included(pattern: str, path: str, known: list[NginxFile]) -> list[NginxFile]:
    """The files of the run that an include means: same name, and the same folder where several have it."""
    name, folder = posixpath.basename(pattern), posixpath.basename(posixpath.dirname(pattern))
    if name.count("*") > 4:  # each one multiplies the time
        return []
    shape = re.compile(re.escape(name).replace(r"\*", "[^/]*"))
    same = [file for file in known if file.path != path and shape.fullmatch(posixpath.basename(file.path))]
    inside = [file for file in same if posixpath.basename(file.folder) == folder]
    if "*" in name:
        return inside
    return inside if len(inside) == 1 else same if len(same) == 1 else []
