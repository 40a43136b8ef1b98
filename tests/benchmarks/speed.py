"""Speed of odoo-debt-lint beside its peers and beside what any Python linter has to pay.

    python tests/benchmarks/speed.py CORPUS [--peers DIR] [--core ODOO] [--more DIR ...] [--runs 3]

All commands run in turn, several times, in one call, so that the ratios hold on a noisy machine. Peers are
looked for on PATH and in DIR/*/bin (one virtual environment each); ODOO is a source tree of the corpus's
series, for odl's ``--addons-path`` and for a run over Odoo itself. With ``--more`` folders of addons the time
is also measured over 50, 100, 200 and 400 addons. odoo-debt-lint always has its own core index.

pylint-odoo runs with its own checks alone, in one process and in two, and as it does in the repositories of
the OCA, whose configuration turns on some checks of pylint itself. The limits are ``ast.parse`` of all Python
files, the same plus libcst over the functions which the rules judge, and lxml over all XML files, each in one
process without any rule.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import odoo_debt_lint

LIMIT = """
import gc, json, sys
from pathlib import Path
gc.disable()
root, kind = Path(sys.argv[1]), sys.argv[2]
if kind == "lxml":
    from lxml import etree
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path in root.rglob("*.xml"):
        try:
            etree.fromstring(path.read_bytes(), parser)
        except etree.XMLSyntaxError:
            pass
else:
    import ast
    for path in root.rglob("*.py"):
        try:
            ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            pass
if kind == "libcst":
    import libcst
    for text in json.loads(Path(sys.argv[3]).read_text()):
        libcst.parse_module(text)
"""
FUNCTIONS = """
import json, sys
from pathlib import Path
from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading.worker import Worker
texts, parse = [], cst.parse_module
def noted(text):
    texts.append(text)
    return parse(text)
cst.parse_module = noted
worker = Worker(all_rules().values())
for addon in discover([sys.argv[1]]).addons:
    for file in addon.files:
        worker.run(Job(file.real, file.path, file.inside, file.role, addon.name, "16.0"))
Path(sys.argv[2]).write_text(json.dumps(texts))
"""
OCA_CHECKS = (
    "anomalous-backslash-in-string,assignment-from-none,dangerous-default-value,duplicate-key,eval-used,"
    "pointless-statement,pointless-string-statement,redundant-keyword-arg,reimported,return-in-init,"
    "too-few-format-args,unreachable,deprecated-module,redefined-builtin,too-complex"
)
"""What OCA's repositories have pylint look at besides the checks of the plugin (their ``.pylintrc``)."""
OWN = [sys.executable, "-m", "odoo_debt_lint", "check", "--exit-zero", "--quiet", "-f", "json"]
SIZES = (50, 100, 200, 400)


@dataclass
class Result:
    """Measured runs of one command: wall and CPU seconds, and the memory of its largest process in MB."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    def row(self, base: float) -> str:
        cpu = statistics.median(self.cpu)
        return (
            f"| {self.name} | {self.median:.2f} | {cpu:.2f} | {self.memory:.0f} | {self.median / base:.2f} |"
        )


def measure(result: Result, command: list[str]) -> None:
    """Runs a command once; whatever it prints or returns is thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    result.wall.append(time.perf_counter() - start)
    result.cpu.append(usage.ru_utime + usage.ru_stime)
    result.memory = max(result.memory, usage.ru_maxrss / 1024)


def find(name: str, peers: Path | None) -> str | None:
    """A peer's executable."""
    for folder in sorted(peers.glob("*/bin")) if peers else []:
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name)


def peer_commands(corpus: Path, peers: Path | None, core: Path | None) -> dict[str, list[str]]:
    """The peers that are installed, as they are run on a folder of addons."""
    addons = [str(path.parent) for path in sorted(corpus.glob("*/__manifest__.py"))]
    wanted = {
        "odl": ("odl", ["check", str(corpus)]),
        "ruff-odoo": (
            "ruff-odoo",
            ["check", "--isolated", "--no-cache", "--preview", "--select", "OD", str(corpus)],
        ),
        "odoo-doctor": ("odoo-doctor", ["scan", str(corpus)]),
    }
    if core:
        wanted["odl with the core"] = (
            "odl",
            [
                "check",
                str(corpus),
                "--addons-path",
                str(core / "addons"),
                "--addons-path",
                str(core / "odoo/addons"),
            ],
        )
    found = {label: [path, *args] for label, (name, args) in wanted.items() if (path := find(name, peers))}
    lint = find("pylint", peers)
    if lint:
        plugin = ["--load-plugins=pylint_odoo", "-d", "all", "-e", "odoolint"]
        found["pylint-odoo"] = [lint, *plugin, *addons]
        found["pylint-odoo, two processes"] = [lint, *plugin, "-j2", *addons]
        found["pylint-odoo as in OCA's repositories"] = [lint, *plugin, "-e", OCA_CHECKS, *addons]
    return found


def judged_functions(corpus: Path, target: Path) -> int:
    """Writes the texts which odoo-debt-lint parses with libcst, as a list. In a process of its own: what this
    one has loaded would count as memory of those that it starts."""
    subprocess.run([sys.executable, "-c", FUNCTIONS, str(corpus), str(target)], check=True)
    return len(json.loads(target.read_text()))


def compared(corpus: Path, args: argparse.Namespace, folder: Path) -> Iterator[str]:
    """The table of all commands over one corpus."""
    peers = peer_commands(corpus, args.peers, args.core)
    for name in args.skip.split(","):
        peers.pop(name, None)
    texts = folder / "judged.json"
    count = judged_functions(corpus, texts)
    own = [*OWN, str(corpus)]
    cold, warm = Result("odoo-debt-lint, cold"), Result("odoo-debt-lint, nothing changed")
    changed = Result("odoo-debt-lint, one file changed (the largest model file)")
    usual = Result("odoo-debt-lint, one file changed (a model file of usual size)")
    limits = {
        "ast": Result("limit: ast.parse of all files"),
        "libcst": Result(f"limit: the same and libcst of {count} judged functions"),
        "lxml": Result("limit: lxml of all files"),
    }
    others = {name: Result(name) for name in peers}
    models = sorted(corpus.rglob("models/*.py"), key=lambda path: path.stat().st_size)
    victims = [(changed, models[-1]), (usual, models[len(models) // 2])]
    for number in range(args.runs):
        shutil.rmtree(corpus / ".odoo-debt-lint-cache", ignore_errors=True)
        measure(cold, own)
        for name in sorted(peers, key=lambda item: not item.startswith("odl")):
            measure(others[name], peers[name])
        measure(warm, own)
        for result, victim in victims:
            victim.write_bytes(victim.read_bytes() + f"\n# run {number}\n".encode())
            measure(result, own)
        for kind, result in limits.items():
            measure(result, [sys.executable, "-c", LIMIT, str(corpus), kind, str(texts)])
    addons, lines = size_of([path.parent for path in corpus.glob("*/__manifest__.py")])
    yield f"{addons} addons, {lines} lines of Python; medians of {args.runs} runs in turn."
    yield ""
    yield "| command | wall s | CPU s | MB of the largest process | wall of cold |"
    yield "|---|---:|---:|---:|---:|"
    for result in (cold, warm, changed, usual, *others.values(), *limits.values()):
        yield result.row(cold.median)
    yield ""
    yield from ratios(cold, changed, warm, others)
    limit = limits["libcst"].median + limits["lxml"].median
    yield f"- cold: {cold.median / limit:.2f} of the limit (ast, libcst and lxml one after the other)"


def ratios(cold: Result, changed: Result, warm: Result, others: dict[str, Result]) -> Iterator[str]:
    """What the runs come to."""
    again = warm.median / cold.median
    yield f"- a second run needs {again:.2f} of the first, one changed file {changed.median:.2f} s"
    for name, result in others.items():
        share = cold.median / result.median
        yield f"- cold: {share:.2f} of the wall time of {name}, {1 / share:.1f} times as fast"


def size_of(addons: list[Path]) -> tuple[int, int]:
    """How many addons there are, and how many lines of Python in them."""
    return len(addons), sum(
        path.read_bytes().count(b"\n") for addon in addons for path in addon.rglob("*.py")
    )


def scaled(args: argparse.Namespace) -> Iterator[str]:
    """Times over growing numbers of addons, and over Odoo itself, without a cache."""
    found = {path.parent.name: path.parent for root in args.more for path in root.rglob("__manifest__.py")}
    addons = [found[name] for name in sorted(found)]
    random.Random(1).shuffle(addons)
    sets = [(str(size), addons[:size]) for size in SIZES if size <= len(addons)]
    if args.core:
        sets.append(("Odoo itself", [path.parent for path in args.core.rglob("__manifest__.py")]))
    if not sets:
        return
    yield ""
    yield "| addons | lines of Python | wall s | CPU s | CPU µs a line | MB of the largest process |"
    yield "|---|---:|---:|---:|---:|---:|"
    for label, chosen in sets:
        result = Result(label)
        paths = [str(args.core)] if label == "Odoo itself" else [str(path) for path in chosen]
        for _ in range(max(1, args.runs - 2)):
            measure(result, [*OWN, "--no-cache", *paths])
        lines = size_of(chosen)[1]
        cpu = statistics.median(result.cpu)
        yield (
            f"| {label} | {lines} | {result.median:.2f} | {cpu:.2f} | {cpu / lines * 1e6:.0f} | "
            f"{result.memory:.0f} |"
        )


def machine() -> str:
    """On what it ran."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({cpu}), Python {platform.python_version()}, {platform.system()}; "
        f"load averages at the start {load}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--core", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--skip", default="", help="peers to leave out, separated by commas")
    args = parser.parse_args()
    # as pip leaves it: a checkout whose bytecode is missing or old is compiled anew by every run
    compileall.compile_dir(Path(odoo_debt_lint.__file__).parent, quiet=1)
    lines = ["# Speed", "", "Made by `tests/benchmarks/speed.py`.", "", machine(), ""]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "addons"
        shutil.copytree(args.corpus, copy, ignore=shutil.ignore_patterns(".odoo-debt-lint-cache"))
        for part in (compared(copy, args, Path(folder)), scaled(args)):
            for line in part:
                lines.append(line)
                print(line, flush=True)
    if args.markdown:
        args.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
