"""The comparison of two reports as text, as Markdown for a comment on a pull request, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from odoo_debt_lint.report.gfm import code, plain, table
from odoo_debt_lint.report.history import more
from odoo_debt_lint.report.text import counted
from odoo_debt_lint.source import clean, printable

if TYPE_CHECKING:
    from odoo_debt_lint.outcome.compare import Change, Changes, Item

_ROWS = (40, 20, 10, 5)
_MAX_COMMENT = 60_000
_MAX_MESSAGE = 200


def as_json(changes: Changes) -> str:
    """All of it; equal input gives equal bytes."""
    data = {
        "schema": 1,
        "total": _change_data(changes.total),
        "addons": [{"name": item.name, **_change_data(item)} for item in changes.addons],
        "new": [msgspec.to_builtins(item) for item in changes.new],
        "fixed": [msgspec.to_builtins(item) for item in changes.fixed],
        "moved": [
            {"old": msgspec.to_builtins(old), "new": msgspec.to_builtins(new)} for old, new in changes.moved
        ],
        "accepted": [msgspec.to_builtins(item) for item in changes.accepted],
        "same": changes.same,
        "notices": list(changes.notices),
    }
    return clean(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def _change_data(change: Change) -> dict[str, Any]:
    sides = {"old": change.old, "new": change.new}
    figures = "findings debtMinutes linesOfCode grade score".split()
    data = {
        key: {name: msgspec.to_builtins(side)[name] for name in figures} if side else None
        for key, side in sides.items()
    }
    return {**data, "debtMinutes": change.minutes}


def as_text(changes: Changes) -> str:
    """For a terminal or a log."""
    return clean("\n".join(_text(changes)) + "\n")


def _text(changes: Changes) -> Iterator[str]:
    yield _headline(changes, str)
    yield _numbers(changes)
    yield from (f"note: {printable(notice)}" for notice in changes.notices)
    for title, items in (("New", changes.new), ("Fixed", changes.fixed), ("Accepted", changes.accepted)):
        yield from ("", title) if items else ()
        yield from (f"  {printable(_line(item))}" for item in items)
    yield from ("", "Moved") if changes.moved else ()
    for old, new in changes.moved:
        yield printable(f"  {old.path}:{old.line} → {new.path}:{new.line} {new.rule}")
    yield from ("", "Addons") if changes.addons else ()
    for item in changes.addons:
        yield printable(f"  {item.name or 'beside the addons'}: {_debt(item)}, {_grade(item)}")


def _line(item: Item) -> str:
    return f"{item.path}:{item.line} {item.severity} {item.rule}  {item.message}  [{item.minutes} min]"


def _headline(changes: Changes, strong: Callable[[str], str]) -> str:
    return f"Debt {strong(_debt(changes.total))}, {_grade(changes.total)}"


def _numbers(changes: Changes) -> str:
    fixed, new = sum(item.minutes for item in changes.fixed), sum(item.minutes for item in changes.new)
    parts = [
        f"{len(changes.new)} new ({new / 60:.1f} h)",
        f"{len(changes.fixed)} fixed ({fixed / 60:.1f} h)",
        f"{len(changes.moved)} moved",
        f"{changes.same} unchanged",
    ]
    return ", ".join([*parts, f"{len(changes.accepted)} accepted since"] if changes.accepted else parts)


def _debt(change: Change) -> str:
    """``"12.5 h → 10.0 h (-2.5 h)"``."""
    sides = [f"{side.debt_minutes / 60:.1f} h" if side else "none" for side in (change.old, change.new)]
    return f"{sides[0]} → {sides[1]} ({more(change.minutes)})"


def _grade(change: Change) -> str:
    if change.old is None or change.new is None:
        side = change.old or change.new
        state = "new" if change.old is None else "gone"
        return f"{state}, grade {side.grade if side and side.grade else '?'}"
    old, new = (side.grade or "?" for side in (change.old, change.new))
    grades = f"grade {old} → {new}" if old != new else f"grade {new}"
    if change.old.score is None or change.new.score in (None, change.old.score):
        return grades
    return f"{grades}, score {change.old.score} → {change.new.score}"


def as_markdown(changes: Changes) -> str:
    """A comment on a pull request, below the 65,536 characters that GitHub takes: as many rows as fit."""
    for rows in _ROWS:
        text = clean("\n".join(_markdown(changes, rows)) + "\n")
        if len(text) <= _MAX_COMMENT:
            break
    return text


def _markdown(changes: Changes, limit: int) -> Iterator[str]:
    yield "### odoo-debt-lint\n"
    yield _headline(changes, lambda text: f"**{text}**") + "\n"
    yield _numbers(changes)
    yield from (f"\n> {plain(notice)}" for notice in changes.notices)
    if changes.new:
        yield f"\n#### {counted(len(changes.new), 'new finding')}\n"
        yield from _rows(changes.new, limit)
    if changes.fixed:
        yield f"\n<details><summary>{len(changes.fixed)} fixed</summary>\n"
        yield from _rows(changes.fixed, limit)
        yield "</details>"
    if changes.addons:
        yield ""
        rows = (
            (code(item.name[:_MAX_MESSAGE]) or "beside the addons", _debt(item), _grade(item))
            for item in changes.addons[:limit]
        )
        yield from table(("addon", "debt", "grade"), rows)
        yield from _more(len(changes.addons), limit)


def _rows(items: Sequence[Item], limit: int) -> Iterator[str]:
    rows = (
        (
            plain(item.severity),
            code(f"{item.path[-_MAX_MESSAGE:]}:{item.line}"),
            code(item.rule),
            plain(item.message[:_MAX_MESSAGE]),
            f"{item.minutes} min",
        )
        for item in items[:limit]
    )
    yield from table(("severity", "where", "rule", "what", "debt"), rows, (4,))
    yield from _more(len(items), limit)


def _more(number: int, limit: int) -> Iterator[str]:
    if number > limit:
        yield f"… and {number - limit} more"
