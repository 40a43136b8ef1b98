"""The same code gives the same bytes: whatever the machine, the locale, the order and the ends of lines."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import INJECTION, ROOT, lint_outside, make_addon, words_of

from odoo_debt_lint.report.output import FORMATS

TESTDATA = Path(__file__).parent.parent / "testdata" / "rules"
_BLOCK = re.compile(r"^`([^`\n]+)`:?\n+```\w*\n(.*?)^```$", re.M | re.S)
DAY = "2024-03-01T12:00:00 +0000"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Addons and files beside them out of many fixtures, committed on a known day."""
    root = tmp_path_factory.mktemp("tree")
    for number, path in enumerate(sorted(TESTDATA.glob("*/*.md"))):
        if number % 6:
            continue
        for name, text in _BLOCK.findall(path.read_text("utf-8"))[:3]:
            first, _, rest = name.partition("/")
            inside = f"{first}_{number}/{rest}" if rest else name
            (root / inside).parent.mkdir(parents=True, exist_ok=True)
            (root / inside).write_text(text, "utf-8")
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if not (folder / "__manifest__.py").exists() and list(folder.rglob("*.py")):
            make_addon(folder.parent, folder.name)
    make_addon(root, "café", {"models/a.py": f"# é ∀ 𝒳\n{INJECTION}", "views/ä.xml": "<odoo><ü/></odoo>\n"})
    filler = "X = 'some text'  # a comment\n" * 4000
    make_addon(root, "large", {f"models/m{number}.py": filler + INJECTION for number in range(12)})
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A", "-f"], check=True)
    days = {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY, "PATH": os.environ["PATH"]}
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True, env=days)
    return root


def written(
    tree: Path,
    folder: Path,
    *words: str,
    back: bool = False,
    formats: tuple[str, ...] = FORMATS,
    **variables: str,
) -> dict[str, str]:
    """Everything that a run says, by format: all reports, and its standard error."""
    places = sorted(
        (str(path) for path in tree.iterdir() if path.is_dir() and path.name != ".git"), reverse=back
    )
    places.insert(0 if back else len(places), str(tree))
    folder.mkdir(parents=True)
    targets = [word for name in formats for word in ("-f", f"{name}:{folder / name}")]
    chosen = ("--select", "all", "--min-confidence", "low", "--exit-zero")
    done = lint_outside(*places, *targets, *chosen, *words, **{"PYTHONHASHSEED": "0", **variables})
    assert done.code == 0, done.err
    found = {name: (folder / name).read_bytes().decode() for name in formats}
    assert all(len(text) > 80 for text in found.values())
    return {**found, "stderr": done.err}


def test_machine_locale_and_order(tree: Path, tmp_path: Path) -> None:
    """Other jobs, seeds of hashes, time zones, locales, widths of terminals and orders of arguments."""
    first = written(tree, tmp_path / "1", "--jobs", "1", "--no-cache", LC_ALL="C.UTF-8", TZ="UTC")
    second = written(
        tree, tmp_path / "2", "--jobs", "4", "--no-cache", back=True,
        PYTHONHASHSEED="7", LC_ALL="C", LANG="de_DE.UTF-8", TZ="Asia/Tokyo",
    )  # fmt: skip
    third = written(
        tree, tmp_path / "3", "--jobs", "2", "--no-cache",
        PYTHONHASHSEED="99", LC_ALL="POSIX", TZ="America/Lima", COLUMNS="40",
        PYTHONUTF8="0", PYTHONWARNINGS="error", TERM="xterm-256color", PYTHONOPTIMIZE="1",
    )  # fmt: skip
    assert [name for name in first if second[name] != first[name]] == []
    assert [name for name in first if third[name] != first[name]] == []


def test_cache(tree: Path, tmp_path: Path) -> None:
    """A run that fills a cache, one from it, and one without say the same."""
    where = ("--cache-dir", str(tmp_path / "cache"))
    runs = [written(tree, tmp_path / name, *where) for name in ("cold", "warm")]
    assert list((tmp_path / "cache").glob("*.pack"))
    assert runs == [written(tree, tmp_path / "without", "--no-cache")] * 2


def test_line_ends(tree: Path, tmp_path: Path) -> None:
    """A checkout with CRLF gives the same reports."""
    copy = tmp_path / tree.name
    subprocess.run(["cp", "-r", str(tree), str(copy)], check=True)
    for path in copy.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    turned = written(copy, tmp_path / "crlf", "--no-cache")
    plain = written(tree, tmp_path / "lf", "--no-cache")
    assert [name for name in plain if turned[name] != plain[name]] == []


def test_place_of_the_checkout(tree: Path, tmp_path: Path) -> None:
    copy = tmp_path / "deeper" / tree.name
    copy.parent.mkdir()
    subprocess.run(["cp", "-r", str(tree), str(copy)], check=True)
    there = written(copy, tmp_path / "there", "--no-cache", formats=("json", "sarif"))
    here = written(tree, tmp_path / "here", "--no-cache", formats=("json", "sarif"))
    assert there == here
    assert str(tmp_path) not in there["json"]


ELSEWHERE = """
import multiprocessing, os, signal, sys

multiprocessing.get_all_start_methods = lambda: ["spawn"]
for name in ("setitimer", "SIGALRM", "SIGHUP", "pthread_sigmask"):
    delattr(signal, name)
del os.fork
sys.platform = "elsewhere"
from odoo_debt_lint.cli.program import main

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="this is such a system")
def test_system_without_fork_and_timers(tree: Path, tmp_path: Path) -> None:
    """Where processes cannot be forked and have no timers, they are started anew and say the same."""
    script = tmp_path / "elsewhere.py"
    script.write_text(ELSEWHERE)
    found = []
    for start in ([str(script)], ["-m", "odoo_debt_lint"]):
        words = [str(tree), "-f", "json", "--select", "all", "--jobs", "2", "--no-cache", "--exit-zero"]
        done = subprocess.run(
            [sys.executable, *start, *words_of(words)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr.decode()
        found.append((done.stdout, done.stderr))
    assert found[0] == found[1]
