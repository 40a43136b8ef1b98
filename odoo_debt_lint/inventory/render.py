"""The inventory as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from odoo_debt_lint.inventory.collect import Entry, Inventory
from odoo_debt_lint.report.csv import safe

COLUMNS = (
    "addon series class reason author licence version lines python xml javascript css scss models_defined "
    "models_extended core_fields core_overrides views_inherited routes test_methods test_lines test_ratio "
    "last_change dependents packages"
).split()


def day(touched: int) -> str:
    """A Unix time as a date; empty when it is not known."""
    return datetime.fromtimestamp(touched, timezone.utc).date().isoformat() if touched else ""


def _row(entry: Entry) -> dict[str, Any]:
    languages = ("python", "xml", "javascript", "css", "scss")
    return {
        "addon": entry.name,
        "series": entry.series,
        "class": entry.origin.kind,
        "reason": entry.origin.reason,
        "author": entry.author,
        "licence": entry.license,
        "version": entry.version,
        "lines": entry.loc,
        **{language: entry.lines.get(language, 0) for language in languages},
        "models_defined": len(entry.defined),
        "models_extended": len(entry.extended),
        "core_fields": entry.core_fields,
        "core_overrides": entry.core_overrides,
        "views_inherited": entry.views_inherited,
        "routes": entry.routes,
        "test_methods": entry.test_methods,
        "test_lines": entry.test_lines,
        "test_ratio": round(entry.test_ratio, 2),
        "last_change": day(entry.touched),
        "dependents": len(entry.dependents),
        "packages": " ".join(entry.packages),
    }


def as_csv(inventory: Inventory) -> str:
    """One line an addon. Cells that a spreadsheet would take for a formula get a quote in front."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in inventory.entries:
        row = _row(entry).items()
        writer.writerow({key: safe(value) if isinstance(value, str) else value for key, value in row})
    return stream.getvalue()


def document(inventory: Inventory) -> dict[str, Any]:
    """The inventory as plain data, for JSON."""
    return {
        "classes": inventory.classes,
        "addons": [
            {
                **_row(entry),
                "path": entry.path,
                "modelsDefined": list(entry.defined),
                "modelsExtended": list(entry.extended),
                "depends": list(entry.depends),
                "dependents": list(entry.dependents),
                "packages": list(entry.packages),
            }
            for entry in inventory.entries
        ],
        "extendedModels": [{"model": model, "addons": list(names)} for model, _, names in inventory.heat],
    }


def as_json(inventory: Inventory) -> str:
    return json.dumps(document(inventory), indent=2, ensure_ascii=False) + "\n"


_SHORT = (
    ("addon", "addon"),
    ("series", "series"),
    ("class", "class"),
    ("lines", "lines"),
    ("models_defined", "models"),
    ("models_extended", "extended"),
    ("core_fields", "core fields"),
    ("core_overrides", "core overrides"),
    ("views_inherited", "views"),
    ("routes", "routes"),
    ("test_methods", "tests"),
    ("last_change", "last change"),
    ("dependents", "needed by"),
)


def as_text(inventory: Inventory) -> str:
    """A plain table, the classes, and the models that most addons extend."""
    rows = [[str(_row(entry)[key]) for key, _ in _SHORT] for entry in inventory.entries]
    lines = list(_table([title for _, title in _SHORT], rows))
    total = sum(entry.loc for entry in inventory.entries)
    classes = ", ".join(f"{count} {kind}" for kind, count in inventory.classes.items())
    lines += ["", f"{len(inventory.entries)} addon(s), {total} lines of code: {classes}"]
    if inventory.heat:
        lines += ["", "Models of others, by the number of addons that extend them:"]
        lines += [f"{count:5}  {model}" for model, count, _ in inventory.heat[:20]]
    return "\n".join(lines) + "\n"


def _table(titles: list[str], rows: list[list[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for row in [titles, *rows]:
        others = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([row[0].ljust(widths[0]), *others]).rstrip()
