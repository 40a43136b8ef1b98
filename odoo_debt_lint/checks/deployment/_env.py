"""Which entries of an ``.env`` are secrets, and which files are only patterns for one."""

from __future__ import annotations

import posixpath
import re

from odoo_debt_lint.checks.security._secrets import PASSWORD, kind_of, shape_of
from odoo_debt_lint.deployment.dotenv import EnvFile
from odoo_debt_lint.deployment.lines import Entry

_PATTERN = re.compile(r"example|sample|template|dist|default|\.tpl|test|ejemplo|demo", re.I)
_NOT_SET = re.compile(r"^$|^<.*>$|^/|^(true|false|none|null|no|yes)$|^\{\{", re.I)


def is_pattern(file: EnvFile) -> bool:
    """Whether the file only shows what an ``.env`` looks like."""
    folder, name = posixpath.split(file.path)
    return bool(
        _PATTERN.search(name) or re.search(r"(^|[/._-])(examples?|samples?|templates?)([/._-]|$)", folder)
    )


def secrets(file: EnvFile) -> list[tuple[Entry, str]]:
    """Entries that hold a secret, with its kind."""
    found = []
    for entry in file.entries.values():
        if entry.value is None or _NOT_SET.search(entry.value):
            continue
        if entry.name.upper().endswith(("_FILE", "_PATH", "_URL", "_HOST")) and not shape_of(entry.value):
            continue
        kind = PASSWORD if entry.name.lower() in ("password", "pgpassword") else kind_of(entry.name)
        if kind or shape_of(entry.value):
            found.append((entry, kind or "token"))
    return found
