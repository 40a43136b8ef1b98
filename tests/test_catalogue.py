"""Rules that come from the catalogue are the rules themselves, imported when they are called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from test_cli import make_addon

from odoo_debt_lint import catalogue, registry
from odoo_debt_lint.catalogue import Later
from odoo_debt_lint.reading.worker import Worker

RULES = registry._imported()
LISTENING = [name for name, rule in RULES.items() if rule.listeners]
WRITTEN = catalogue.written(RULES.values())
KEPT = catalogue.read(WRITTEN)


def test_every_rule_is_kept() -> None:
    assert list(KEPT) == list(RULES)


@pytest.mark.parametrize("name", RULES)
def test_kept_rule_is_the_rule(name: str) -> None:
    real, kept = RULES[name], KEPT[name]
    [whole] = catalogue.loaded([kept])
    assert whole == real
    assert [type(item) for item in kept.listeners] == [type(item) for item in real.listeners]
    assert (kept.when is None, kept.glance is None) == (real.when is None, real.glance is None)
    same = {"listeners": real.listeners, "when": real.when, "glance": real.glance}
    assert msgspec.structs.replace(kept, **same) == real


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.listeners])
def test_functions_are_those_of_the_rule(name: str) -> None:
    for mine, real in zip(KEPT[name].listeners, RULES[name].listeners, strict=True):
        assert isinstance(mine.check, Later)
        with pytest.raises(TypeError):
            mine.check(1, 2, 3, 4, 5, 6, 7)  # too many for any listener, and so it is imported
        assert mine.check.function is real.check


@pytest.mark.parametrize("content", [b"", b"\x90", b"\x91\x01", b"\xc1", WRITTEN[:-1]])
def test_broken_catalogue_holds_no_rule(content: bytes) -> None:
    assert catalogue.read(content) == {}


_SCRIPT = """
import sys
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings
report = run([sys.argv[1]], Settings(cache=sys.argv[2] == "cache"))
print([(f.rule, f.location) for f in report.findings])
print(sum(name.startswith("odoo_debt_lint.checks.") for name in sys.modules))
print(*(name in sys.modules for name in ("libcst", "lxml", "odoo_debt_lint.reading.worker")))
"""


def _ran(folder: Path, cache: str, **environment: str) -> list[str]:
    """What a run prints of itself: findings, how many modules of rules it imported, and which others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(folder), cache],
        capture_output=True,
        text=True,
        check=True,
        env=kept | environment,
    )
    return done.stdout.splitlines()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    make_addon(tmp_path, "shop", {"models/a.py": "from odoo import models\n\n\nprint('a')\n"})
    return tmp_path / "shop"


def test_run_without_changes_imports_no_rule(shop: Path) -> None:
    """Where Python keeps no bytecode, the catalogue lies in the project's cache."""
    first, second = (_ran(shop, "cache", PYTHONDONTWRITEBYTECODE="1", PYTHONPYCACHEPREFIX="x") for _ in "12")
    assert first[0] == second[0] != "[]"
    assert int(first[1]) > 150
    assert second[1:] == ["0", "False False False"]


def test_catalogue_lies_beside_the_bytecode(shop: Path, tmp_path: Path) -> None:
    """Then a run without a cache imports no rules for files which there are not."""
    bytecode = str(tmp_path / "bytecode")
    first, second = (_ran(shop, "none", PYTHONPYCACHEPREFIX=bytecode) for _ in "12")
    assert first[0] == second[0] != "[]"
    assert int(second[1]) < int(first[1]) - 60
    [kept] = (tmp_path / "bytecode").rglob("*.rules")
    kept.write_bytes(kept.read_bytes()[:-1])
    third = _ran(shop, "none", PYTHONPYCACHEPREFIX=bytecode)
    assert third[:2] == first[:2]


def test_bytecode_that_cannot_be_written(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    first, second = (_ran(shop, "cache", PYTHONPYCACHEPREFIX=str(tmp_path / "file")) for _ in "12")
    assert first[0] == second[0] != "[]"
    assert second[1] == "0"


def test_modules_for_files_beside_the_addons_wait() -> None:
    worker = Worker(KEPT.values())
    worker.load()
    for rule in worker.rules:
        waits = any(isinstance(listener.check, Later) for listener in rule.listeners)
        assert waits == (rule.family == "deployment")
