"""Text in GitHub-flavoured Markdown: what comes from the linted code is neither Markdown nor HTML.

Code stands between as many backticks as it needs, and tables hold one row a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from odoo_debt_lint.report.evidence import masked
from odoo_debt_lint.report.prose import Words

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&]|:(?=//|\w+:)|(?<=\bwww)\.|^[-+=](?=\s|$)|^\d+[.)](?=\s)", re.I)
_REFERENCE = re.compile(r"([@#])(?=\w)")
"""GitHub looks for these after Markdown is done, so that a backslash does not help."""
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
"""A bar that no backslash escapes: they come in pairs before it."""
_BREAKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """A text that Markdown and HTML take as it is, on one line."""
    flat = _BREAKS.sub(" ", masked(text)).strip()
    return _REFERENCE.sub(r"\1<!-- -->", _SPECIAL.sub(_escaped, flat))


def _escaped(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\{match[0][-1]}"


def code(text: str) -> str:
    """A text as inline code."""
    flat = _BREAKS.sub(" ", masked(text)).strip()
    if not flat:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    pad = " " if "`" in flat else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def prose(runs: Iterable[Words]) -> str:
    """Runs of words and code."""
    made = []
    for run in runs:
        if run.code:
            made.append(code(run.text))
        else:
            edge = re.match(r"(\s*).*?(\s*)$", run.text, re.S)
            left, right = (" " if space else "" for space in edge.groups()) if edge else ("", "")
            made.append(f"{left}{plain(run.text)}{right}" if run.text.strip() else " ")
    return "".join(made).strip()


def table(titles: Iterable[str], rows: Iterable[Iterable[str]], right: Iterable[int] = ()) -> list[str]:
    """A table; the columns of the given numbers are aligned to the right."""
    heads, to_right = list(titles), set(right)
    rule = ["---:" if column in to_right else "---" for column in range(len(heads))]
    cells = ([_BAR.sub(r"\1\\|", cell) for cell in row] for row in (heads, rule, *map(list, rows)))
    return [f"| {' | '.join(row)} |" for row in cells] + [""]
