"""Gives each finding an identity that survives moved lines, renamed folders and reformatting.

A fingerprint is 32 hex digits in four parts: what is wrong (rule, enclosing entity, code), in which addon, in
which file of it, and the whole with a number among equals. Findings are the same when all digits are. What
is left over may have moved to another file or addon: then only some parts are the same (``matched``).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from odoo_debt_lint.finding import Finding, Span
from odoo_debt_lint.source import Text

MAX_CODE = 120
"""Characters of code that count: what stands further on may change without making another finding."""
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.M)
_SPACE = re.compile(r"[\s\\]+")
_NO_PARENTHESES = str.maketrans("", "", "()")
_LAST_COMMA = re.compile(r",(?=[)\]}])")
_HEAD = re.compile(
    r"(?:@.*?)?(?:async\s+)?(?:def|class)\s+\w+"
    r"|(?:async\s+)?(?:if|for|while|with|try|elif|else)\b.*?:[ \t]*(?=\n|$)",
    re.S,
)
"""Of a function or class only its name: how many lines its head takes is a matter of layout."""


def fingerprinted(
    findings: Iterable[Finding], text_of: Callable[[str], Text], addon_paths: Mapping[str, str]
) -> list[Finding]:
    """The findings, in their order, with fingerprints. ``addon_paths`` maps addons to their folders."""
    seen: Counter[tuple[str, ...]] = Counter()
    result: list[Finding] = []
    for finding in findings:
        path = finding.location.path
        folder = addon_paths.get(finding.addon)
        inside = path.removeprefix(f"{folder}/") if folder else path
        code = code_of(text_of(path), finding.location.span, path.endswith(".py"))
        # XML ids name their addon, templates of the browser without a name their file
        entity = finding.entity.removeprefix(f"{finding.addon}.").removeprefix(f"{folder}/")
        what = (finding.rule, entity, code)
        base = (*what, finding.addon, inside)
        seen[base] += 1
        parts = (
            _digest(12, *(what if code else base)),  # without code, only the very place says what it is
            _digest(6, finding.addon),
            _digest(6, inside),
            _digest(8, *base, str(seen[base])),
        )
        result.append(msgspec.structs.replace(finding, fingerprint="".join(parts)))
    return result


def matched(old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """Which new fingerprint continues which old one: the same, or in a renamed addon, or in another file.

    No old one is continued twice, so that there are never more known findings than there were.
    """
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    found = {item: item for item in after if item in before}
    for key in (_what_and_file, _what_and_addon):
        gone: dict[str, list[str]] = defaultdict(list)
        taken = set(found.values())
        for item in before:
            if item not in taken:
                gone[key(item)].append(item)
        for item in after:
            if item not in found and gone[key(item)]:
                found[item] = gone[key(item)].pop(0)
    return found


def code_of(text: Text, span: Span, is_python: bool) -> str:
    """The code at a place as it is in every layout: without space and comments, without the commas,
    parentheses and breaks of strings that formatters add or take, and with one kind of quotes; of a block
    only its head.

    Empty for a place that stands for a whole file.
    """
    lines = text.lines[max(span.start_line - 1, 0) : span.end_line]
    if (span.end_line, span.end_column) <= (span.start_line, span.start_column):
        code = lines[0] if lines and span.start_line > 1 else ""
    elif lines:
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.start_column :]
        code = "\n".join(lines)
    else:
        return ""
    if is_python:
        code = _COMMENT.sub("", code)
        head = _HEAD.match(code)
        code = head[0] if head else code
    code = _SPACE.sub("", code[: MAX_CODE * 20]).replace("'", '"')
    return _LAST_COMMA.sub("", code).translate(_NO_PARENTHESES).replace('""', "")[:MAX_CODE]


def _what_and_file(fingerprint: str) -> str:
    return fingerprint[:12] + fingerprint[18:24]


def _what_and_addon(fingerprint: str) -> str:
    return fingerprint[:18]


def _digest(length: int, *parts: str) -> str:
    content = "\0".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(content, digest_size=length // 2).hexdigest()
