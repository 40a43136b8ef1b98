"""Gives each finding an identity that survives moved lines, renamed folders and reformatting.

The identity is made of the rule, the addon, the path inside it, the enclosing entity, the text of the line
without white space, and a number among equals.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from odoo_debt_lint.finding import Finding

_SPACE = re.compile(r"\s+")


def fingerprinted(
    findings: Iterable[Finding], line_of: Callable[[str, int], str], addon_paths: Mapping[str, str]
) -> list[Finding]:
    """The findings, in their order, with fingerprints. ``addon_paths`` maps addons to their folders."""
    seen: Counter[str] = Counter()
    result: list[Finding] = []
    for finding in findings:
        path = finding.location.path
        folder = addon_paths.get(finding.addon)
        inside = path.removeprefix(f"{folder}/") if folder else path
        line = _SPACE.sub("", line_of(path, finding.location.span.start_line))
        base = "\0".join((finding.rule, finding.addon, inside, finding.entity, line))
        seen[base] += 1
        digest = hashlib.blake2b(
            f"{base}\0{seen[base]}".encode("utf-8", "replace"), digest_size=16
        ).hexdigest()
        result.append(msgspec.structs.replace(finding, fingerprint=digest))
    return result
