"""The cache: never another answer than a run without it, whatever stands in its folder or happens to it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from test_cli import BAD, INJECTION, ROOT, lint, lint_outside, make_addon, words_of

from odoo_debt_lint import cache
from odoo_debt_lint.cache import FOLDER, Cache, Entry, run_key
from odoo_debt_lint.reading import pool
from odoo_debt_lint.reading.worker import Worker

OLD = "class A(models.Model):\n    _name = 'shop.a'\n    name = fields.Char()\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    make_addon(
        tmp_path, "shop", {"models/sale.py": INJECTION, "models/a.py": "from odoo import models\n" + OLD}
    )
    make_addon(tmp_path, "tidy", {"models/tidy.py": "x = 1\n", "views/a.xml": "<odoo/>\n"})
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all files that were read anew."""
    seen: list[str] = []
    real = pool.run_jobs

    def spying(worker: Worker, jobs: Any, *rest: Any) -> Any:
        seen.extend(job.path for job, _ in jobs)
        return real(worker, jobs, *rest)

    monkeypatch.setattr(pool, "run_jobs", spying)
    return seen


def packs(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("*.pack"))


def fresh(root: Path, *words: str) -> Any:
    return lint(root, "-f", "json", "--no-cache", *words).data["findings"]


# what the key holds


def test_nothing_is_read_twice(root: Path, read: list[str]) -> None:
    first = lint(root, "-f", "json").data
    assert len(read) == 8
    read.clear()
    assert lint(root, "-f", "json").data == first
    assert read == []


def test_content(root: Path, read: list[str]) -> None:
    lint(root)
    read.clear()
    status = (root / "tidy/models/tidy.py").stat()
    (root / "tidy/models/tidy.py").write_text("x = 2\n")
    os.utime(root / "tidy/models/tidy.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    lint(root)
    assert read == ["tidy/models/tidy.py"], "same size and time, other content"


def test_role_and_place(root: Path, read: list[str]) -> None:
    """The same content says something else in a test, and in another addon."""
    make_addon(root, "shop", {"tests/test_a.py": INJECTION})
    assert lint(root, "-f", "json").found == [BAD]
    read.clear()
    (root / "shop/tests/test_a.py").rename(root / "shop/models/b.py")
    assert lint(root, "-f", "json").found == ["shop/models/b.py:2 sql-injection", BAD]
    assert read == ["shop/models/b.py"]


def test_a_pack_of_another_role_is_not_taken(
    root: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lint(root)
    read.clear()
    monkeypatch.setattr("odoo_debt_lint.addons.discovery.role_of", lambda inside: "test")
    assert lint(root, "-f", "json").found == []
    assert "shop/models/sale.py" in read


def test_series(root: Path, read: list[str]) -> None:
    lint(root, "--series", "16.0")
    read.clear()
    for manifest in root.glob("*/__manifest__.py"):
        manifest.write_text(manifest.read_text().replace("'%s.1.0.0'", "'17.0.1.0.0'"))
    lint(root)
    assert "tidy/models/tidy.py" in read, "unchanged, but of another series now"


def test_name_of_the_addon(tmp_path: Path) -> None:
    """A checkout that is the addon itself and gets another name: its ids start with the new one."""
    folder = make_addon(tmp_path, "shop", {"views/a.xml": "<odoo><record id='a' model='x.y'/></odoo>"})
    (folder / ".git").mkdir()
    lint(folder, "--select", "all")
    folder.rename(tmp_path / "store")
    store = tmp_path / "store"
    assert {item["addon"] for item in lint(store, "-f", "json", "--select", "all").data["findings"]} <= {
        "store"
    }
    assert lint(store, "-f", "json", "--select", "all").data["findings"] == fresh(store, "--select", "all")


def test_rules(root: Path) -> None:
    assert lint(root, "-f", "json", "--select", "eval-used").found == []
    assert lint(root, "-f", "json", "--select", "sql-injection").found == [BAD]
    assert lint(root, "-f", "json", "--select", "eval-used").found == []


def test_configuration(root: Path) -> None:
    """What index rules say depends on settings."""
    deep = "from odoo import models\nclass A(models.Model):\n    _name = 'shop.b'\n    def f(self, x):\n"
    deep += "".join(f"        if x == {number}:\n            x += 1\n" for number in range(18))
    make_addon(root, "shop", {"models/b.py": deep})
    words = ("-f", "json", "--select", "all", "--min-confidence", "low")
    for limit in ("5", "50", "5"):
        (root / ".odoo-debt-lint.toml").write_text(f"max-complexity = {limit}\n")
        cached = lint(root, *words).data["findings"]
        assert cached == fresh(root, *words[2:])
        assert any(item["path"] == "shop/models/b.py" and "complex" in item["rule"] for item in cached) == (
            limit == "5"
        )


@pytest.mark.parametrize("name", ["libcst", "lxml", "msgspec"])
def test_versions_of_dependencies(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = run_key(["a"])
    real = cache.version
    monkeypatch.setattr(cache, "version", lambda item: "0.0" if item == name else real(item))
    assert run_key(["a"]) != before


def test_version_of_the_tool_and_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_key(["a"])
    monkeypatch.setattr(cache, "__version__", "0.0")
    own = run_key(["a"])
    monkeypatch.setattr(cache.sys, "version", "3.99")
    assert len({before, own, run_key(["a"])}) == 3


@pytest.mark.parametrize("name", ["checks/a.py", "migration/facts.json", "core/data/16.0.zip"])
def test_changed_code_of_the_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A rule or a fact that is edited in a checkout counts at once, also in a folder below."""
    rule = tmp_path / name
    rule.parent.mkdir(parents=True)
    rule.write_text("x")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
    before = run_key(["a"])
    os.utime(rule, ns=(1, 1))
    assert run_key(["a"]) != before


# what stands in the folder


def test_every_broken_pack_is_ignored(root: Path) -> None:
    """Cut, turned, exchanged and invented packs: the run is as one without a cache."""
    rng = random.Random(9)
    first = lint(root, "-f", "json").data
    whole = {path: path.read_bytes() for path in packs(root)}
    assert len(whole) >= 3
    for number in range(48):
        for path, content in whole.items():
            path.write_bytes(_broken(rng, content, list(whole.values()), number))
        assert lint(root, "-f", "json").data == first


def _broken(rng: random.Random, content: bytes, others: list[bytes], number: int) -> bytes:
    data = bytearray(content)
    kind = number % 6
    if kind == 0:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del data[rng.randrange(len(data)) :]
    elif kind == 2:
        return rng.choice(others)
    elif kind == 3:
        return rng.randbytes(rng.randrange(200))
    elif kind == 4:
        start = rng.randrange(len(data))
        data[start : start + 20] = rng.randbytes(20)
    else:
        data += content
    return bytes(data)


@pytest.mark.parametrize("result", [b"", b"\x80", b"\xc1", b"\x91\x90" * 50, b"\x91" * 5000])
def test_entries_that_hold_no_result(root: Path, result: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checksum is right and what it covers is not."""
    first = lint(root, "-f", "json").data
    real = cache.Entry
    monkeypatch.setattr(
        "odoo_debt_lint.reading.stage.Entry", lambda digest, bare, whole: real(digest, bare, result)
    )
    for path in packs(root):
        path.unlink()
    lint(root)
    monkeypatch.undo()
    assert lint(root, "-f", "json").data == first


def test_pack_of_another_project(root: Path, tmp_path: Path) -> None:
    """The same addon elsewhere, with other content: its packs say nothing here."""
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    make_addon(other, "shop", {"models/sale.py": "x = 1\n"})
    lint(other)
    shutil.copytree(other / FOLDER, root / FOLDER)
    assert lint(root / "shop", "-f", "json").found == [BAD]


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "device"])
def test_packs_that_are_no_files(root: Path, kind: str) -> None:
    lint(root)
    for path in packs(root):
        path.unlink()
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero" if kind == "device" else path)
    start = time.monotonic()
    assert lint(root, "-f", "json").found == [BAD]
    assert time.monotonic() - start < 20


def test_folder_of_others_is_left_alone(root: Path, tmp_path: Path) -> None:
    """Neither written to nor cleared up: it may be somebody's repository with packs of its own."""
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    for number in range(3):
        (foreign / f"pack-{number}.pack").write_text("theirs")
    before = sorted(foreign.iterdir())
    assert lint(root / "shop", root / "tidy", "-f", "json", "--cache-dir", foreign).found == [BAD]
    assert sorted(foreign.iterdir()) == before


def test_link_in_place_of_the_folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / FOLDER).symlink_to(outside)
    assert lint(root, "-f", "json").found == [BAD]
    assert list(outside.iterdir()) == []


def test_everything_is_inside_the_folder(root: Path, tmp_path: Path) -> None:
    before = set(root.rglob("*"))
    lint_outside(root, TMPDIR=str(tmp_path))
    new = set(root.rglob("*")) - before
    assert {path.relative_to(root).parts[0] for path in new} == {FOLDER}
    assert (root / FOLDER / ".gitignore").read_text() == "*\n"
    assert (
        (root / FOLDER / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_no_cache(root: Path) -> None:
    lint(root, "--no-cache")
    assert not (root / FOLDER).exists()


# size


def test_count_and_size_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MAX_PACKS", 20)
    monkeypatch.setattr(cache, "_MAX_BYTES", 50_000)
    store = Cache(tmp_path / FOLDER, "key")
    for number in range(60):
        store.store(f"addon{number}", "16.0", {"a": Entry("d", b"", bytes(1000 if number < 30 else 10_000))})
        os.utime(store._pack(f"addon{number}", "16.0"), (number, number))
        store.prune()
        found = packs(tmp_path)
        assert len(found) <= 20
        assert sum(path.stat().st_size for path in found) <= 50_000
    assert store.load("addon59", "16.0"), "the newest stay"
    assert not store.load("addon0", "16.0")


def test_every_changed_run_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MAX_PACKS", 6)
    for number in range(12):
        (root / "tidy/models/tidy.py").write_text(f"x = {number}\n")
        lint(root)
        assert len(packs(root)) <= 6


# several runs, killed runs


def _start(root: Path, *words: str, **variables: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "odoo_debt_lint", *words_of((str(root), "-f", "json", *words))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_parallel_runs(root: Path) -> None:
    """Several runs fill one cache at the same time, with different rules, and all are right."""
    expected = lint(root, "-f", "json", "--no-cache").out
    for _ in range(2):
        running = [_start(root, "--exit-zero") for _ in range(4)]
        others = [_start(root, "--exit-zero", "--select", "eval-used") for _ in range(2)]
        outputs = [process.communicate(timeout=120)[0].decode() for process in running]
        assert [json.loads(text)["findings"] for text in outputs] == [json.loads(expected)["findings"]] * 4
        assert all(not json.loads(process.communicate(timeout=120)[0])["findings"] for process in others)
    assert not list((root / FOLDER).glob("*.tmp"))
    assert lint(root, "-f", "json").data["findings"] == json.loads(expected)["findings"]


def test_killed_in_mid_write(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies between two writes leaves a file which no run reads and which is cleared up."""
    script = (
        "import os, signal, odoo_debt_lint.cache as c\n"
        "c.os.replace = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from odoo_debt_lint.cli.program import main; main()\n"
    )
    words = words_of((str(root), "-f", "json"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script, *words], env=environment, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    (left,) = (root / FOLDER).glob("*.tmp")
    assert packs(root) == []
    assert lint(root, "-f", "json").found == [BAD]
    assert left.exists(), "it might belong to a run that is still at it"
    os.utime(left, (1, 1))
    (root / "tidy/models/tidy.py").write_text("x = 7\n")
    assert lint(root, "-f", "json").found == [BAD]
    assert not left.exists()


@pytest.mark.parametrize("moment", range(6))
def test_killed_at_any_moment(root: Path, moment: int) -> None:
    process = _start(root, "--exit-zero")
    time.sleep(0.1 + 0.15 * moment)
    process.kill()
    process.communicate()
    assert lint(root, "-f", "json").found == [BAD]


def test_full_disk(root: Path) -> None:
    """Every write of the cache fails half way; the run is as one without."""

    def small() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = lint_outside(root, "-f", "json", before=small)
    assert done.found == [BAD]
    assert all(path.stat().st_size <= 100 for path in packs(root)), "what found room is whole"
    assert not list((root / FOLDER).glob("*.tmp"))
    assert lint(root, "-f", "json").found == [BAD]


def test_half_written_tag(root: Path) -> None:
    """The folder of a run that was killed before it was marked: it stays unused, nothing breaks."""
    (root / FOLDER).mkdir()
    (root / FOLDER / ".gitignore").write_text("*\n")
    assert lint(root, "-f", "json").found == [BAD]
