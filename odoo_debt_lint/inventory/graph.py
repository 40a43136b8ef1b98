"""The addons and what they depend on as an SVG picture, layer by layer, without any library."""

from __future__ import annotations

from collections import defaultdict
from html import escape

from odoo_debt_lint.inventory.collect import Entry, Inventory

_COLOURS = {
    "Odoo CE": "#714b67",
    "Odoo EE": "#017e84",
    "OCA": "#3d7ab5",
    "own": "#3f8f4f",
    "third party": "#b5651d",
}
_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 190, 26, 24, 54, 20
_PER_ROW = 8


def as_svg(inventory: Inventory) -> str:
    """Addons in rows: each stands below all that it depends on. Colours tell the class."""
    entries = {entry.name: entry for entry in inventory.entries}
    rows = _rows(entries)
    places = {
        name: (_MARGIN + column * (_WIDTH + _GAP_X), _MARGIN + row * (_HEIGHT + _GAP_Y))
        for row, names in enumerate(rows)
        for column, name in enumerate(names)
    }
    width = _MARGIN * 2 + max((len(names) for names in rows), default=1) * (_WIDTH + _GAP_X)
    height = _MARGIN * 2 + len(rows) * (_HEIGHT + _GAP_Y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Addons and their dependencies</title>",
    ]
    parts += [
        _line(places[depend], places[name])
        for name, entry in entries.items()
        for depend in entry.depends
        if depend in places and name in places
    ]
    parts += [_box(entries[name], *place) for name, place in places.items()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _rows(entries: dict[str, Entry]) -> list[list[str]]:
    """Names by depth, in rows of bounded length."""
    levels: dict[int, list[str]] = defaultdict(list)
    depth: dict[str, int] = {}
    for name in sorted(entries):
        levels[_depth(name, entries, depth, frozenset())].append(name)
    rows: list[list[str]] = []
    for level in sorted(levels):
        names = sorted(levels[level], key=lambda name: (-len(entries[name].dependents), name))
        rows += [names[start : start + _PER_ROW] for start in range(0, len(names), _PER_ROW)]
    return rows


def _depth(name: str, entries: dict[str, Entry], known: dict[str, int], above: frozenset[str]) -> int:
    """The longest way down to an addon without dependencies in the set; a cycle is cut where it closes."""
    if name not in known:
        inside = [item for item in entries[name].depends if item in entries]
        inner = [item for item in inside if item not in above and item != name]
        known[name] = 1 + max((_depth(item, entries, known, above | {name}) for item in inner), default=-1)
    return known[name]


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + _WIDTH // 2, start[1] + _HEIGHT
    x2, y2 = end[0] + _WIDTH // 2, end[1]
    middle = (y1 + y2) // 2
    curve = f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"
    return f'<path d="{curve}" fill="none" stroke="#9aa0a6" opacity="0.5"/>'


def _box(entry: Entry, x: int, y: int) -> str:
    colour = _COLOURS.get(entry.origin.kind, "#666")
    name = entry.name if len(entry.name) <= 26 else entry.name[:25] + "…"
    title = f"{entry.name}: {entry.origin.kind}, {entry.loc} lines, needed by {len(entry.dependents)}"
    return (
        f'<g><title>{escape(title)}</title><rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="5" '
        f'fill="{colour}"/><text x="{x + _WIDTH // 2}" y="{y + 17}" fill="#fff" text-anchor="middle">'
        f"{escape(name)}</text></g>"
    )
