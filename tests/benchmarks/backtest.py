"""Backtest of the migration rules on the truth: addons that were really ported from one series to another.

    python tests/benchmarks/backtest.py OLD NEW --to 18.0 [--json FILE]

OLD and NEW are folders that hold releases of the same addons for two series. What the linter says of the old
release with ``--to`` is compared with what the port changed:

- *changed*: the share of findings whose lines the port changed or removed;
- *reported*: of the lines the port changed for reasons of the API, the share that lies in a finding. A line
  counts as such when it holds a name that vanished from at least three of the ported addons and stayed in
  hardly any that had it: what so many ports take out, Odoo took out;
- *silent*: findings on the new releases with ``--from`` the old series, which should be none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import correlation, median
from typing import Any

from odoo_debt_lint.finding import Confidence, Finding
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.xml.document import XmlFile

_WORD = re.compile(r"[A-Za-z_][\w.-]*\w|<\w+|//\w+")
_READ = (".py", ".xml", ".csv", ".js")
_WHOLE = frozenset({"web-settings-app-blocks", "kanban-box-to-card", "kanban-box-removed-19"})
"""Findings at a start tag that tell to write the element anew: they cover it to its end."""
_LEAST_ADDONS = 3
_LEAST_SHARE = 0.8


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").splitlines() if path.is_file() else []


def changed_lines(old: list[str], new: list[str]) -> set[int]:
    """1-based lines of the old text which the new one has not, whitespace aside."""
    strip = [[" ".join(line.split()) for line in side] for side in (old, new)]
    found: set[int] = set()
    for tag, first, last, _, _ in SequenceMatcher(None, *strip, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            found.update(range(first + 1, last + 1))
    return found


class Pair:
    """One addon in two series."""

    def __init__(self, old: Path, new: Path) -> None:
        self.name = old.name
        self.changed: dict[str, set[int]] = {}
        self.words: dict[str, dict[str, set[int]]] = defaultdict(dict)
        self.left: set[str] = set()
        for path in sorted(old.rglob("*")):
            inside = path.relative_to(old).as_posix()
            if path.suffix not in _READ or not path.is_file() or "/lib/" in inside or "i18n" in inside:
                continue
            before, after = lines_of(path), lines_of(new / inside)
            if len(before) > 5000:
                continue
            self.changed[inside] = changed_lines(before, after)
            if after or not before:
                for number in self.changed[inside]:
                    for word in _WORD.findall(before[number - 1]):
                        self.words[word].setdefault(inside, set()).add(number)
        for path in new.rglob("*"):
            if path.suffix in _READ and path.is_file() and "i18n" not in path.parts:
                for line in lines_of(path):
                    self.left.update(_WORD.findall(line))


def api_words(pairs: list[Pair]) -> set[str]:
    """Names that ports take out."""
    gone: Counter[str] = Counter()
    had: Counter[str] = Counter()
    for pair in pairs:
        for word in pair.words:
            had[word] += 1
            gone[word] += word not in pair.left
    return {
        word for word, count in gone.items() if count >= _LEAST_ADDONS and count >= _LEAST_SHARE * had[word]
    }


def element_lines(report: Report, finding: Finding) -> set[int]:
    """All lines of the element that begins where the finding does."""
    first = finding.location.span.start_line
    file = XmlFile(finding.location.path, report.sources.content(finding.location.path))
    ends = (_last_line(file, item) for item in file.elements if file.span(item).start_line == first)
    return set(range(first, max(ends, default=first) + 1))


def _last_line(file: XmlFile, element: Any) -> int:
    """The line on which an element ends, as far as its text and children tell."""
    line = file.span(element).end_line
    inner = 0
    for child in element.iter():
        if child is not element and isinstance(child.tag, str):
            line = max(line, file.span(child).end_line)
        inner = (child.tail or "").count("\n") if child is not element else (child.text or "").count("\n")
    return line + inner


def lint(folder: Path, names: list[str], **options: Any) -> Report:
    settings = Settings(
        select=("migration",),
        cache=False,
        respect_gitignore=False,
        min_confidence=Confidence.MEDIUM,
        **options,
    )
    report = run([str(folder / name) for name in names], settings)
    own = (finding for finding in report.findings if report.rules[finding.rule].family == "migration")
    report.findings = tuple(finding for finding in own if finding.rule != "manifest-version-bump")
    return report


def inside_of(report: Report, finding: Finding) -> str:
    addon = next(item for item in report.addons if item.name == finding.addon)
    return (
        finding.location.path[len(addon.path) + 1 :] if addon.path not in ("", ".") else finding.location.path
    )


def judged(pairs: list[Pair], report: Report) -> dict[str, Any]:
    """Both shares, in all, by kind of fact and by rule."""
    by_name = {pair.name: pair for pair in pairs}
    api = api_words(pairs)
    covered: dict[tuple[str, str], set[int]] = defaultdict(set)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    rules: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in report.findings:
        pair = by_name.get(finding.addon)
        if pair is None:
            continue
        inside = inside_of(report, finding)
        span = finding.location.span
        lines = set(range(span.start_line, span.end_line + 1))
        if finding.rule in _WHOLE:
            lines = element_lines(report, finding)
        for edit in finding.fix.edits if finding.fix else ():
            lines |= set(range(edit.span.start_line, edit.span.end_line + 1))
        covered[pair.name, inside] |= lines
        fact = report.rules[finding.rule].fact
        hit = bool(pair.changed.get(inside, set()) & lines)
        for table, key in ((kinds, fact.kind if fact else "index"), (rules, finding.rule)):
            table[key]["findings"] += 1
            table[key]["changed"] += hit
    missed: Counter[str] = Counter()
    total = reported = 0
    for pair in pairs:
        wanted: dict[str, set[int]] = defaultdict(set)
        for word in api & pair.words.keys():
            if word not in pair.left:
                for inside, numbers in pair.words[word].items():
                    wanted[inside] |= numbers
                    if not numbers & covered[pair.name, inside]:
                        missed[word] += len(numbers)
        for inside, numbers in wanted.items():
            total += len(numbers)
            reported += len(numbers & covered[pair.name, inside])
    return {
        "addons": len(pairs),
        "findings": sum(row["findings"] for row in kinds.values()),
        "changed": sum(row["changed"] for row in kinds.values()),
        "apiLines": total,
        "apiReported": reported,
        "kinds": {key: dict(row) for key, row in sorted(kinds.items())},
        "rules": {key: dict(row) for key, row in sorted(rules.items())},
        "missedWords": dict(missed.most_common(80)),
    }


def effort(pairs: list[Pair], report: Report) -> dict[str, float]:
    """How the minutes of an addon go with the lines that its port changed: nothing nearer to hours is public.

    ``linesPerHour`` is the one coefficient that is fitted (the median), ``typicalFactor`` by how much half of
    the addons are off after it, ``rankCorrelation`` Spearman's rho. Ports of fewer than 5 lines do not count.
    """
    minutes = {item.name: item.work.total for item in report.porting.addons} if report.porting else {}
    rows = []
    for pair in pairs:
        lines = sum(len(numbers) for path, numbers in pair.changed.items() if path != "__manifest__.py")
        if lines >= 5 and minutes.get(pair.name, 0):
            rows.append((minutes[pair.name] / 60, lines))
    per_hour = median(lines / hours for hours, lines in rows)
    factors = [max(lines / (hours * per_hour), hours * per_hour / lines) for hours, lines in rows]
    ranks = [_ranks([row[side] for row in rows]) for side in (0, 1)]
    return {
        "addons": len(rows),
        "linesPerHour": round(per_hour, 1),
        "typicalFactor": round(median(factors), 2),
        "rankCorrelation": round(correlation(*ranks), 2),
        "hours": round(sum(hours for hours, _ in rows), 1),
    }


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    return [order.index(value) + (order.count(value) - 1) / 2 for value in values]


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none"


def print_result(result: dict[str, Any]) -> None:
    print(f"addons: {result['addons']}")
    print(f"findings on lines that the port changed: {share(result['changed'], result['findings'])}")
    print(f"changed API lines that were reported: {share(result['apiReported'], result['apiLines'])}")
    for kind, row in result["kinds"].items():
        print(f"  {kind:16} {share(row.get('changed', 0), row['findings'])}")
    print("rules below 80 %:")
    for rule, row in sorted(result["rules"].items(), key=lambda item: -item[1]["findings"]):
        if row.get("changed", 0) < 0.8 * row["findings"]:
            print(f"  {rule:50} {share(row.get('changed', 0), row['findings'])}")
    print(
        "names most often missed:",
        ", ".join(f"{word} {count}" for word, count in result["missedWords"].items()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--start", required=True, help="series of OLD")
    parser.add_argument("--to", required=True, help="series of NEW")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    names = sorted(
        path.name for path in options.old.iterdir() if (options.new / path.name / "__manifest__.py").is_file()
    )
    if not names:
        sys.exit("no addon is in both folders")
    pairs = [Pair(options.old / name, options.new / name) for name in names]
    before = lint(options.old, names, to=options.to, series=options.start)
    result = judged(pairs, before)
    after = lint(options.new, names, to=options.to, from_series=options.start, series=options.to)
    noise = after.findings
    result["silent"] = {"findings": len(noise), "perAddon": round(len(noise) / len(names), 2)}
    result["noise"] = [f"{item.location.path}:{item.location.span.start_line} {item.rule}" for item in noise]
    result["effort"] = effort(pairs, before)
    print_result(result)
    print("effort:", ", ".join(f"{key} {value}" for key, value in result["effort"].items()))
    print(f"on the new releases: {len(noise)} findings, {len(noise) / len(names):.2f} an addon")
    for rule, count in Counter(item.rule for item in noise).most_common(30):
        print(f"  {rule:50} {count}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
