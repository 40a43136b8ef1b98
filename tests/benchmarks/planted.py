"""Plants defects in real addons, one at a time, and counts how many the linter finds.

    python tests/benchmarks/planted.py CORPUS [--count 240] [--seed 7]

Four kinds: a call of super() removed from an override, an anchor of a view renamed, a dependency dropped
from a manifest, an access row deleted. Only addons whose dependencies are all known (Odoo Community or the
corpus itself) are used. A defect counts as found when a rule of its kind reports in the changed addon what
it did not report before; for the first two the line must be right.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

RULES = {
    "super removed": ("override-missing-super", "copied-core-method"),
    "anchor renamed": ("xpath-no-match",),
    "dependency dropped": (
        "reference-to-undeclared-dependency",
        "unknown-inherit",
        "view-unknown-parent",
        "dependency-undeclared",
    ),
    "access row deleted": ("model-without-access-rule",),
}


@dataclass(frozen=True)
class Defect:
    """A change of one file: replace the characters from ``start`` to ``end`` by ``text``."""

    kind: str
    path: Path
    start: int
    end: int
    text: str
    line: int


class Closures:
    """What depends on what: the corpus's manifests, and the dependencies of Odoo's own addons."""

    def __init__(self, corpus: Path) -> None:
        paths = corpus.glob("*/__manifest__.py")
        self.manifests = {path.parent.name: ast.literal_eval(path.read_text()) for path in paths}
        versions = (str(data.get("version", "")).split(".")[0] for data in self.manifests.values())
        self.core = shipped(f"{Counter(versions).most_common(1)[0][0]}.0")

    def depends(self, name: str) -> tuple[str, ...] | None:
        """Direct dependencies; None for an addon that nobody knows."""
        if name in self.manifests:
            return (*self.manifests[name].get("depends", ()), "base")
        return self.core.depends(name) if self.core is not None else None

    def closure(self, names: Iterable[str]) -> set[str] | None:
        """All that the names need, themselves included; None when something is unknown."""
        seen: set[str] = set()
        stack = list(names)
        while stack:
            name = stack.pop()
            if name in seen:
                continue
            seen.add(name)
            inner = self.depends(name)
            if inner is None:
                return None
            stack.extend(inner)
        return seen


def _offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def super_removed(path: Path) -> Iterator[Defect]:
    """Extensions' methods with one call of super(): the call becomes ``True``."""
    text = path.read_text()
    for klass in ast.parse(text).body:
        if not isinstance(klass, ast.ClassDef) or "_inherit = " not in (
            ast.get_source_segment(text, klass) or ""
        ):
            continue
        if "    _name = " in (ast.get_source_segment(text, klass) or ""):
            continue
        for method in klass.body:
            if not isinstance(method, ast.FunctionDef):
                continue
            calls = [
                node
                for node in ast.walk(method)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Call)
                and isinstance(node.func.value.func, ast.Name)
                and node.func.value.func.id == "super"
                and node.func.attr == method.name
            ]
            raises = any(isinstance(node, ast.Raise) for node in method.body)
            if len(calls) == 1 and not raises and not method.name.startswith(("_compute_", "_onchange_")):
                start = _offset(text, calls[0].lineno, calls[0].col_offset)
                end = _offset(text, calls[0].end_lineno or 0, calls[0].end_col_offset or 0)
                yield Defect("super removed", path, start, end, "True", method.lineno)


def anchor_renamed(path: Path) -> Iterator[Defect]:
    """``@name='x'`` of an xpath, or the name of a positioned field, gets a name that is nowhere."""
    text = path.read_text()
    pattern = r"<xpath\s[^>]*?@name=['\"]([\w.]+)['\"]\]?\"|<field\s+name=\"(\w+)\"\s+position="
    for match in re.finditer(pattern, text):
        before = text[: match.start()]
        if before.count("<!--") != before.count("-->") or before.rfind("<record") < 0:
            continue
        record = text[before.rfind("<record") : match.start()]
        if "inherit_id" not in record:
            continue
        group = 1 if match[1] else 2
        line = before.count("\n") + 1
        yield Defect("anchor renamed", path, match.start(group), match.end(group), "gone_for_ever", line)


def dependency_dropped(folder: Path, closures: Closures) -> Iterator[Defect]:
    """A dependency whose records the addon's data files name, and which no other one brings along."""
    manifest = folder / "__manifest__.py"
    text = manifest.read_text()
    data = "".join(path.read_text() for path in folder.rglob("*.xml") if "tests" not in path.parts)
    depends = ast.literal_eval(text).get("depends", [])
    first = text.find("depends")
    for name in depends:
        others = closures.closure(item for item in depends if item != name)
        used = re.search(rf"(?:ref|inherit_id)=\"{re.escape(name)}\.\w+\"", data)
        match = re.search(rf"([\"']){re.escape(name)}\1\s*,?", text[first:])
        if used and match and others is not None and name not in others:
            start = first + match.start()
            yield Defect("dependency dropped", manifest, start, start + len(match[0]), '"base",', 1)


def row_deleted(path: Path) -> Iterator[Defect]:
    """The only access row of a model."""
    text = path.read_text()
    rows = [(match.start(), match.end(), match[0]) for match in re.finditer(r"[^\n]+\n?", text)]
    models = Counter(re.findall(r",(model_\w+),", text))
    local = "".join(
        item.read_text() for item in path.parent.parent.rglob("*.py") if "tests" not in item.parts
    )
    for start, end, row in rows[1:]:
        found = re.search(r",(model_\w+),", row)
        if found and models[found[1]] == 1:
            name = found[1].removeprefix("model_").replace("_", "[._]")
            if re.search(rf"_name = [\"']{name}[\"']", local):
                yield Defect("access row deleted", path, start, end, "", 1)


def defects(corpus: Path, count: int, seed: int) -> list[Defect]:
    """Planted defects, as many of each kind as there are, up to the count."""
    found: dict[str, list[Defect]] = {kind: [] for kind in RULES}
    closures = Closures(corpus)
    for name in sorted(closures.manifests):
        if closures.closure([name]) is None:
            continue
        folder = corpus / name
        for path in sorted(folder.rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                found["super removed"] += super_removed(path)
        for path in sorted(folder.glob("views/*.xml")):
            found["anchor renamed"] += anchor_renamed(path)
        found["dependency dropped"] += dependency_dropped(folder, closures)
        access = folder / "security" / "ir.model.access.csv"
        if access.exists():
            found["access row deleted"] += row_deleted(access)
    order = random.Random(seed)
    chosen: list[Defect] = []
    for items in found.values():
        order.shuffle(items)
    while len(chosen) < count and any(found.values()):
        chosen += [items.pop() for items in found.values() if items]
    return chosen[:count]


def places(corpus: Path, addon: str, kind: str) -> set[tuple[str, str, int]]:
    """What the rules of a kind report in one addon, seen with the whole corpus beside."""
    settings = Settings(select=RULES[kind], fail_on="never", jobs=1)
    report = run([str(corpus)], settings)
    return {
        (finding.rule, finding.location.path, finding.location.span.start_line)
        for finding in report.findings
        if finding.addon == addon
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    planted, hits = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name, "corpus")
        shutil.copytree(args.corpus, corpus)
        before: dict[tuple[str, str], set[tuple[str, str, int]]] = {}
        for defect in defects(corpus, args.count, args.seed):
            addon = defect.path.relative_to(corpus).parts[0]
            key = (addon, defect.kind)
            if key not in before:
                before[key] = places(corpus, addon, defect.kind)
            original = defect.path.read_text()
            defect.path.write_text(original[: defect.start] + defect.text + original[defect.end :])
            new = places(corpus, addon, defect.kind) - before[key]
            defect.path.write_text(original)
            if defect.kind in ("super removed", "anchor renamed"):
                inside = defect.path.relative_to(corpus).as_posix()
                new = {place for place in new if place[1].endswith(inside) and place[2] == defect.line}
            planted[defect.kind] += 1
            hits[defect.kind] += bool(new)
            if not new:
                print(f"missed: {defect.kind}: {defect.path.relative_to(corpus)}:{defect.line}")
    for kind in RULES:
        print(f"{kind}: {hits[kind]} of {planted[kind]}")
    total = sum(planted.values())
    print(f"recall: {sum(hits.values())} of {total}, {sum(hits.values()) / max(total, 1):.1%}")


if __name__ == "__main__":
    main()
