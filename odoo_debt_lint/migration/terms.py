"""Terms of domains that are written as text: in attributes, fields of records, and arguments of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from odoo_debt_lint.migration.plan import Wanted

_TERM = re.compile(
    r"""[(\[]\s*["'](?![A-Z_]+["'])[\w.]+["']\s*,\s*"""
    r"""["'](<>|==|(?:NOT )?(?:IN|I?LIKE)|CHILD_OF|PARENT_OF)["']\s*,"""
)
"""A term with an operator that is not written so any more."""


def old_operators(text: str, operators: Mapping[str, list[Wanted]]) -> Iterator[Wanted]:
    """What facts say of the first old operator of a domain."""
    match = _TERM.search(text) if "," in text else None
    if match is not None:
        name = "upper-case" if match[1].isupper() else match[1]
        yield from operators.get(name, ())
