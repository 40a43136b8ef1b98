"""Writes ``facts.json`` from the YAML files: ``python -m odoo_debt_lint.migration.compile``."""

from __future__ import annotations

import msgspec

from odoo_debt_lint.migration.facts import COMPILED, Fact, read_yaml


def compiled() -> bytes:
    """The facts as one JSON text. Raises ValidationError for a key or value that no fact has."""
    facts = msgspec.convert(read_yaml(), tuple[Fact, ...])
    return msgspec.json.format(msgspec.json.encode(facts), indent=0) + b"\n"


if __name__ == "__main__":
    COMPILED.write_bytes(compiled())
