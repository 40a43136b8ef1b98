"""Hostile and half-broken inputs made from the project's own fixtures: what every fuzzing program feeds.

A generator takes a ``random.Random`` and returns a ``Case``: the same seed always gives the same input.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTDATA = Path(__file__).parents[2] / "testdata"
_TOKEN = re.compile(rb"\w+|\s+|[^\w\s]")
_MARKS = (
    *rb"""%s ' " \ { } ( ) < > & &#0; ]]> <!-- --> <![CDATA[ f'{x!r:>{y}}' lambda: * ** @ := 1e999 '\udce9'
    eval(
    # odoo-debt-lint:disable=all #noqa 0xffffffffffffffffffffffff 9999999999999999999999999999 self.env['a'].
    super(). .format( request.params %(a)s //*[@a='b'] [('a','=',1)] ... async await yield return""".split(),
    b"\0",
    b"\r",
    b"\n",
    b"\t",
    b"\xff",
    b"\xe9",
    b"\xef\xbb\xbf",
    b"# coding: utf-7\n",
    b"\xe2\x80\xae",
)


@dataclass(frozen=True)
class Case:
    """A file of an addon: path inside it, role and content.

    ``deployment`` is the role of a file beside the addons, ``beside`` are others with it; ``configuration``
    that of a file which sets options or says what was found before; ``addon`` that of a whole addon.
    """

    inside: str
    role: str
    content: bytes
    beside: tuple[tuple[str, bytes], ...] = ()


@cache
def sources(language: str) -> tuple[bytes, ...]:
    """Texts that rules have something to say about: the sections of the fixtures."""
    found = []
    for path in sorted(TESTDATA.rglob("*.md")):
        found += re.findall(
            rb"^```" + language.encode() + rb"[^\n]*\n(.*?)^```", path.read_bytes(), re.S | re.M
        )
    return tuple(text for text in found if len(text) < 40_000)


def mutate(rng: random.Random, content: bytes, times: int) -> bytes:
    """The text with pieces dropped, doubled, swapped, replaced or put in."""
    pieces = _TOKEN.findall(content) if rng.random() < 0.6 else content.splitlines(keepends=True)
    for _ in range(times):
        if not pieces:
            return b""
        here, there = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        kind = rng.randrange(7)
        if kind == 0:
            del pieces[here]
        elif kind == 1:
            pieces.insert(here, pieces[there])
        elif kind == 2:
            pieces[here], pieces[there] = pieces[there], pieces[here]
        elif kind == 3:
            pieces.insert(here, rng.choice(_MARKS))
        elif kind == 4:
            pieces[here] = rng.choice(_MARKS)
        elif kind == 5:
            low, high = sorted((here, there))
            pieces[here:here] = pieces[low : min(high, low + 30)] * rng.randrange(1, 4)
        else:
            del pieces[here : here + rng.randrange(1, 20)]
    return b"".join(pieces)


def rename(rng: random.Random, content: bytes, times: int) -> bytes:
    """The text with names, values and whole lines of one depth exchanged: most often it still parses."""
    lines = content.splitlines(keepends=True)
    for _ in range(times if lines else 0):
        here, there = rng.randrange(len(lines)), rng.randrange(len(lines))
        depths = [len(line) - len(line.lstrip()) for line in (lines[here], lines[there])]
        if depths[0] == depths[1] and rng.random() < 0.5:
            lines[here] = lines[there]
            continue
        words = re.findall(rb"[a-z_]+|'[^'\n]*'|\"[^\"\n]*\"|\d+", lines[here])
        others = re.findall(rb"[a-z_]+|'[^'\n]*'|\"[^\"\n]*\"|\d+|[\w.]+\([^()\n]*\)", lines[there])
        if words and others:
            lines[here] = lines[here].replace(rng.choice(words), rng.choice(others), 1)
    return b"".join(lines)


def _times(rng: random.Random) -> int:
    return rng.choice((1, 1, 2, 3, 5, 10, 40))


def python(rng: random.Random) -> Case:
    inside, role = rng.choice(
        (
            ("models/a.py", "code"),
            ("controllers/main.py", "code"),
            ("tests/test_a.py", "test"),
            ("migrations/16.0.1.0.0/post-a.py", "migration"),
            ("hooks.py", "hook"),
        )
    )
    content = rng.choice(sources("python"))
    change = mutate if rng.random() < 0.4 else rename
    return Case(inside, role, change(rng, content, _times(rng)))


def xml(rng: random.Random) -> Case:
    inside, role = rng.choice(
        (("views/a.xml", "data"), ("demo/a.xml", "demo"), ("static/src/a.xml", "static"))
    )
    content = rng.choice(sources("xml"))
    if rng.random() < 0.5:  # stays well-formed more often: only text between quotes changes
        quoted = list(re.finditer(rb'"([^"<>&]{1,200})"', content))
        for match in reversed(rng.sample(quoted, min(len(quoted), 3))):
            text = mutate(rng, match[1], 2).translate(None, b'"<>&\0')
            content = content[: match.start(1)] + text + content[match.end(1) :]
        return Case(inside, role, content)
    return Case(inside, role, mutate(rng, content, _times(rng)))


_ACCESS = b"""id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink
access_a,a,model_a_b,base.group_user,1,1,1,1
access_b,"b, ""c"" d",model_a_b,,1,0,0,0
"""


def csv(rng: random.Random) -> Case:
    name = rng.choice(("security/ir.model.access.csv", "data/res.partner.csv", "data/.csv"))
    return Case(name, "data", mutate(rng, _ACCESS, _times(rng)))


_MANIFEST = b"""# Copyright
{
    'name': "Shop", 'version': '16.0.1.0.0', 'license': 'LGPL-3', 'author': 'Us',
    'depends': ['base', "sale"], 'data': ['views/a.xml', 'security/ir.model.access.csv'],
    'external_dependencies': {'python': ['requests==2.0', 'lxml']}, 'installable': True,
    'auto_install': ['sale'],
    'assets': {'web.assets_backend': ['shop/static/src/**/*', ('remove', 'a/b.js')]}, 'price': 10.5,
    'post_init_hook': 'hook', 'demo': [], 'category': 'Sales', 'maintainers': ['a'], 'website': 'https://x.y',
}
"""


def manifest(rng: random.Random) -> Case:
    return Case("__manifest__.py", "manifest", mutate(rng, _MANIFEST, _times(rng)))


def script(rng: random.Random) -> Case:
    name = rng.choice(("static/src/a.js", "static/src/a.scss", "static/src/a.css"))
    content = b"/* a */ var x = 'a\\'b'; // c\n\n\n.a { b: c; }\n\"x\" <!-- y\n"
    return Case(name, "static", mutate(rng, content * rng.randrange(1, 4), _times(rng)))


_BLOCK = re.compile(rb"^`([^`\n]+)`:?\n+```\w*\n(.*?)^```$", re.M | re.S)


@cache
def servers() -> tuple[tuple[str, bytes], ...]:
    """Files beside addons, with their paths: those of the fixtures."""
    found = []
    for path in sorted((TESTDATA / "rules" / "deployment").glob("*.md")):
        found += [(name.decode(), text) for name, text in _BLOCK.findall(path.read_bytes())]
    return tuple(item for item in found if not item[0].endswith((".py", ".xml", ".csv")))


def deployment(rng: random.Random) -> Case:
    """One to four files that are read together, one of them broken and the others maybe."""
    found = {}
    for name, content in rng.sample(servers(), rng.choice((1, 1, 2, 3, 4))):
        change = rng.choice((mutate, rename, rename))
        found[name] = change(rng, content, _times(rng)) if rng.random() < 0.7 else content
    (name, content), *others = found.items()
    return Case(name, "deployment", mutate(rng, content, 1), tuple(others))


_TOML = b"""select = ["security", "sql-injection"]
ignore = "eval-used"
extend-select = []
exclude = ["a/*", "!b", "**/c"]
min-severity = "low"
min-confidence = "high"
fail-on = "never"
jobs = 1
max-debt = 3.5
hourly-rate = 80
max-complexity = 15
unmaintained-before = "2020-01-31"
lang = "de"
series = "16.0"
min-grade = "c"
own-authors = ["Us"]
cache = false
[per-file-ignores]
"a/*.py" = ["security"]
"""
_ENTRY = b'{"path": "shop/a.py", "rule": "eval-used", "fingerprint": "0123456789abcdef0123456789abcdef"}'
_BASELINE = b'{\n "tool": "odoo-debt-lint",\n "baseline": 1,\n "findings": [\n  %s,\n  %s\n ]\n}\n'
_POINT = (
    b'{"history":1,"date":"2024-01-31","version":"1","debtModel":"1","addons":1,"linesOfCode":9,'
    b'"findings":2,"bySeverity":{"high":1},"debtMinutes":30,"grade":"A","score":90}\n'
)


def configuration(rng: random.Random) -> Case:
    name, content = rng.choice(
        (
            (".odoo-debt-lint.toml", _TOML),
            (
                "pyproject.toml",
                b"[tool.odoo-debt-lint]\n" + _TOML.replace(b"[per", b"[tool.odoo-debt-lint.per"),
            ),
            ("baseline.json", _BASELINE % (_ENTRY, _ENTRY)),
            ("history.jsonl", _POINT * 3),
            (".gitignore", b"*.pyc\n/a/\n!b\n**/x/*.py\n[a-z]?\\ \n# c\n"),
        )
    )
    return Case(name, "configuration", mutate(rng, content, _times(rng)))


_COMMENTS = (
    b"odoo-debt-lint: ignore",
    b"odoo-debt-lint: ignore[sql-injection, eval-used] reason",
    b"odoo-debt-lint: ignore-file[sql-injection]",
    b"odoo-debt-lint:ignore[",
    b"noqa",
    b"noqa: E501,S608",
    b"pylint: disable=sql-injection,all",
    b"pylint: disable-next=eval-used",
    b"pylint: enable=all",
)


def suppressions(rng: random.Random) -> Case:
    """Code with comments that accept findings, on lines of their own and behind others, some broken."""
    language = rng.choice(("python", "xml"))
    content = rng.choice(sources(language))
    if rng.random() < 0.5:
        content = rename(rng, content, 2)
    lines = content.splitlines(keepends=True) or [b"\n"]
    for _ in range(rng.randrange(1, 6)):
        here = rng.randrange(len(lines))
        comment = rng.choice(_COMMENTS)
        comment = mutate(rng, comment, 2) if rng.random() < 0.4 else comment
        comment = b"  # " + comment if language == "python" else b"<!-- " + comment + b" -->"
        end = b"\n" if rng.random() < 0.9 else b"\r\n"
        if rng.random() < 0.5:
            lines[here] = lines[here].rstrip(b"\r\n") + comment + end
        else:
            lines.insert(here, comment + end)
    content = b"".join(lines)
    return Case("models/a.py" if language == "python" else "views/a.xml", "", content)


def addon(rng: random.Random) -> Case:
    """All files of an addon at once: what index rules, debt and the writers make of them."""
    files: dict[str, bytes] = {}
    for number in range(rng.randrange(1, 7)):
        case = rng.choice((python, python, xml, csv, manifest, script, suppressions))(rng)
        folder, _, name = case.inside.rpartition("/")
        single = name in ("__manifest__.py", "ir.model.access.csv")
        files[case.inside if single else f"{folder}/{number}{name}".lstrip("/")] = case.content
    if rng.random() < 0.3:
        case = deployment(rng)
        files[f"../{case.inside}"] = case.content
    return Case("", "addon", b"", tuple(files.items()))


GENERATORS: tuple[Callable[[random.Random], Case], ...] = (
    python,
    python,
    python,
    xml,
    xml,
    csv,
    manifest,
    script,
    suppressions,
    deployment,
    configuration,
)


def case(seed: int, kind: str = "") -> Case:
    """The input of a seed, of any kind that is read alone or of a given one."""
    rng = random.Random(seed)
    return globals()[kind](rng) if kind else rng.choice(GENERATORS)(rng)
