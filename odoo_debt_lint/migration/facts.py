"""The facts of migration: what each series of Odoo removed, renamed or changed.

They are written in ``facts/<series>.yaml``. Reading YAML takes a tenth of a second, which every run would
pay, so ``compile`` writes them as ``facts.json``; a test holds the two together.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "facts"
COMPILED = Path(__file__).parent / "facts.json"

CONTEXT = frozenset({"field", "model", "method", "depends", "xmlid", "domain-value"})
"""Matches that the index judges: a name alone says nothing."""


class Match(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """One thing to look for. ``match`` is its kind, ``value`` what it is called; the rest narrows it.

    ``of``: owner of a ``def`` (``model``, ``any``, or names of models) or of a call (``session``, ``users``,
    ``stock`` ...). ``pattern``: regular expression for the whole value of an attribute, field or item.
    ``values``: literals of which the value must be one. ``within``: ``view`` (``arch``: no QWeb template),
    ``data``, ``static``, or ``src`` of its scripts. A ``base`` of a class is named in full.
    ``params``: names of which a ``def`` must have one. ``keyword``: an argument which a call must be given,
    ``without`` one it must not. ``check``: a function of ``checks`` that decides. ``to``: the new name, for a
    fix that only renames. ``once``: one finding a file. ``needs``: text that the file must hold.
    """

    match: str
    value: str
    of: str = ""
    pattern: str = ""
    values: tuple[str | bool | int, ...] = ()
    tag: str = ""
    within: str = ""
    types: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    keyword: str = ""
    argument: str = ""
    without: str = ""
    min_args: int = 0
    check: str = ""
    to: str = ""
    fix: str = ""
    needs: str = ""
    once: bool = False


class Fact(
    msgspec.Struct,
    frozen=True,
    gc=False,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename={"breaks": "break"},
):
    """One change of Odoo that custom addons feel.

    ``breaks``: ``hard`` (does not load or fails), ``soft`` (deprecated), ``silent`` (works differently),
    ``future``; ``leftover``: what is left of it in an addon that claims this series or a later one surely
    keeps it from loading. ``autofix``: ``safe``, ``partial``, ``no``. ``verified``: how far it was checked
    against the source of Odoo. ``fix`` names the function of ``fixes`` that mends it (that of a match goes
    first), ``confidence`` and
    ``severity`` override what follows from the rest, ``moved`` names the addon or model that stands in.
    """

    id: str
    kind: str
    status: str
    breaks: str
    impact: str
    match: tuple[Match, ...]
    replacement: str
    autofix: str
    verified: str
    series: str = ""
    evidence: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""
    replacement_checked: bool = True
    fix: str = ""
    confidence: str = ""
    severity: str = ""
    minutes: int = 0
    moved: str = ""
    leftover: bool = False

    @property
    def hardness(self) -> int:
        return ("future", "soft", "silent", "hard").index(self.breaks)

    @property
    def work(self) -> str:
        """How the work is done: ``automatic``, ``review`` (a tool starts it) or ``manual``."""
        return {"safe": "automatic", "partial": "review"}.get(self.autofix, "manual")


@cache
def all_facts() -> tuple[Fact, ...]:
    """Every fact, oldest series first."""
    return msgspec.json.decode(COMPILED.read_bytes(), type=tuple[Fact, ...])


def read_yaml(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The facts as they are written, each with its series. For the compiler and the tests."""
    import yaml

    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml"), key=lambda item: float(item.stem)):
        for item in yaml.load(path.read_bytes(), yaml.CSafeLoader):
            found.append({**item, "series": path.stem})
    return found
