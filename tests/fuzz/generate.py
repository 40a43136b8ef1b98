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
    """A file of an addon: path inside it, role and content."""

    inside: str
    role: str
    content: bytes


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
    for _ in range(times):
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


GENERATORS: tuple[Callable[[random.Random], Case], ...] = (
    python,
    python,
    python,
    xml,
    xml,
    csv,
    manifest,
    script,
)


def case(seed: int) -> Case:
    """The input of a seed."""
    rng = random.Random(seed)
    return rng.choice(GENERATORS)(rng)
