"""Lines of code as Odoo's own ``cloc`` command counts them, because that is what a client is billed by.

The rules are those of ``odoo/tools/cloc.py``: comments and blank lines do not count, a long string counts
once, and manifests, tests, migrations and vendored libraries are left out. Python lines come from the
skeleton reader, which visits every node anyway.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

_EXCLUDED = re.compile(
    r"^(__manifest__\.py|__openerp__\.py|(tests|migrations|upgrades)/.+|static/(lib|tests)/.+)$"
)
_MAX_LINE = 100_000
_STRINGS = r"|'[^\\']*(?:\\.[^\\']*)*'|\"[^\\\"]*(?:\\.[^\\\"]*)*\""
_COMMENTS = {
    ".js": re.compile(r"/(?:/.*?$|(?<!\\/)\*.*?\*/)" + _STRINGS, re.S | re.M),
    ".scss": re.compile(r"/(?:/.*?$|\*.*?\*/)" + _STRINGS, re.S | re.M),
    ".css": re.compile(r"/\*.*?\*/" + _STRINGS, re.S | re.M),
}
EXTENSIONS = (".py", ".js", ".xml", ".css", ".scss")


def counts(inside: str) -> bool:
    """Whether a file, given by its path inside the addon, counts at all (``demo`` is the manifest's say)."""
    return posixpath.splitext(inside)[1].lower() in EXTENSIONS and not _EXCLUDED.match(inside)


def excluding(patterns: Iterable[str]) -> Callable[[str], bool]:
    """A test for paths inside the addon which a glob pattern (as ``Path.glob`` reads it) names."""
    plain = {pattern for pattern in patterns if pattern}
    globs = [_glob(pattern) for pattern in plain if re.search(r"[*?\[]", pattern) and is_bounded(pattern)]
    return lambda path: path in plain or any(glob.fullmatch(path) for glob in globs)


def is_bounded(pattern: str) -> bool:
    """Whether matching a pattern takes bounded time: each star of a name multiplies it."""
    stars = [part.count("*") for part in pattern.split("/")]
    return len(pattern) < 1000 and pattern.count("**") <= 4 and max(stars) <= 4


def _glob(pattern: str) -> re.Pattern[str]:
    """``**`` stands for any folders, ``*`` and ``?`` stay inside one name."""
    text = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
    return re.compile(text.replace(r"\*", "[^/]*").replace(r"\?", "[^/]"), re.S)


def count_lines(inside: str, content: bytes) -> int:
    """Lines of an XML, JavaScript or style file; 0 for one that cloc refuses."""
    text = content.decode("latin-1").strip() + "\n"
    extension = posixpath.splitext(inside)[1].lower()
    if extension == ".xml":
        text = _without_comments(text)
    elif extension in _COMMENTS:
        if max(map(len, text.split("\n"))) > _MAX_LINE:
            return 0
        text = _COMMENTS[extension].sub(lambda match: " " if match[0].startswith("/") else match[0], text)
    else:
        return 0
    return sum(map(bool, map(str.strip, text.split("\n"))))


def _without_comments(text: str) -> str:
    """XML without comments; one that never ends is text. A pattern would need time by the square."""
    parts = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start + 4)) >= 0:
        parts.append(text[end:start])
        end = close + 3
    return "".join((*parts, text[end:]))
