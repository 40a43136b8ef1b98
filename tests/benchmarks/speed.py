"""Speed of odoo-debt-lint beside its peers and beside what any Python linter has to pay.

    python tests/benchmarks/speed.py CORPUS [--peers DIR] [--runs 3] [--markdown FILE]

All commands run in turn, several times, in one call, so that the ratios hold on a noisy machine. Peers
are looked for on PATH and in DIR/*/bin (one virtual environment each). The limits are ``ast.parse`` of all
Python files plus libcst over the functions which the rules judge, and lxml over all XML files.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

LIMIT = """
import ast, gc, sys
from pathlib import Path
gc.disable()
root = Path(sys.argv[1])
for path in root.rglob("*.py"):
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        pass
from lxml import etree
parser = etree.XMLParser(resolve_entities=False, no_network=True)
for path in root.rglob("*.xml"):
    try:
        etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError:
        pass
"""


@dataclass
class Result:
    """Measured runs of one command: wall and CPU seconds, peak memory in MB."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = 0.0

    def row(self, base: float) -> str:
        wall = statistics.median(self.wall)
        cpu = statistics.median(self.cpu)
        return f"| {self.name} | {wall:.2f} | {cpu:.2f} | {self.memory:.0f} | {wall / base:.2f} |"


def measure(result: Result, command: list[str]) -> None:
    """Runs a command once; whatever it prints or returns is thrown away."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    result.wall.append(time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    result.memory = max(result.memory, usage.ru_maxrss / 1024)


def find(name: str, peers: Path | None) -> str | None:
    """A peer's executable."""
    for folder in sorted(peers.glob("*/bin")) if peers else []:
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name)


def peer_commands(corpus: Path, peers: Path | None) -> dict[str, list[str]]:
    """The peers that are installed, as they are run on a folder of addons."""
    addons = [str(path.parent) for path in sorted(corpus.glob("*/__manifest__.py"))]
    wanted = {
        "ruff-odoo": ["check", "--isolated", "--no-cache", "--preview", "--select", "OD", str(corpus)],
        "odl": ["check", str(corpus)],
        "odoo-doctor": ["scan", str(corpus)],
    }
    found = {name: [path, *args] for name, args in wanted.items() if (path := find(name, peers))}
    lint = find("pylint", peers)
    if lint:
        found["pylint-odoo"] = [
            lint,
            "--load-plugins=pylint_odoo",
            "-d",
            "all",
            "-e",
            "odoolint",
            "-j2",
            *addons,
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--skip", default="", help="peers to leave out, separated by commas")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "addons"
        shutil.copytree(args.corpus, copy)
        table = run(copy, args)
    print(table)
    if args.markdown:
        args.markdown.write_text(table + "\n", encoding="utf-8")


def run(corpus: Path, args: argparse.Namespace) -> str:
    """The table of all commands over one corpus."""
    own = [
        sys.executable,
        "-m",
        "odoo_debt_lint",
        "check",
        str(corpus),
        "--exit-zero",
        "--quiet",
        "-f",
        "json",
    ]
    peers = peer_commands(corpus, args.peers)
    for name in args.skip.split(","):
        peers.pop(name, None)
    cold, warm = Result("odoo-debt-lint, cold"), Result("odoo-debt-lint, nothing changed")
    changed, limit = Result("odoo-debt-lint, one file changed"), Result("limit: ast + lxml, one process")
    others = {name: Result(name) for name in peers}
    victim = max(corpus.rglob("models/*.py"), key=lambda path: path.stat().st_size)
    for number in range(args.runs):
        shutil.rmtree(corpus / ".odoo-debt-lint-cache", ignore_errors=True)
        measure(cold, own)
        measure(warm, own)
        victim.write_bytes(victim.read_bytes() + f"\n# run {number}\n".encode())
        measure(changed, own)
        measure(limit, [sys.executable, "-c", LIMIT, str(corpus)])
        for name, command in peers.items():
            measure(others[name], command)
    lines = sum(path.read_bytes().count(b"\n") for path in corpus.rglob("*.py"))
    addons = len(list(corpus.glob("*/__manifest__.py")))
    base = statistics.median(cold.wall)
    head = [
        f"{addons} addons, {lines} lines of Python; {args.runs} runs each, medians. "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}.",
        "",
        "| command | wall s | CPU s | MB | of cold |",
        "|---|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *(item.row(base) for item in (cold, warm, changed, limit, *others.values()))])


if __name__ == "__main__":
    main()
