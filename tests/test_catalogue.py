"""Rules that come from the catalogue are the rules themselves, imported when they are called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from test_cli import make_addon

from odoo_debt_lint import catalogue, registry
from odoo_debt_lint.catalogue import Later

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


def test_run_without_changes_imports_no_rule(tmp_path: Path) -> None:
    make_addon(tmp_path, "shop", {"models/a.py": "from odoo import models\n\n\nprint('a')\n"})
    script = (
        "import sys\n"
        "from odoo_debt_lint.run import run\n"
        "from odoo_debt_lint.settings import Settings\n"
        f"report = run([{str(tmp_path)!r}], Settings())\n"
        "print([(f.rule, f.location) for f in report.findings])\n"
        "print(sum(name.startswith('odoo_debt_lint.checks.') for name in sys.modules))\n"
        "print(*(name in sys.modules for name in ('libcst', 'lxml', 'odoo_debt_lint.reading.worker')))\n"
    )

    def ran() -> list[str]:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    first, second = ran(), ran()
    assert first[0] == second[0] != "[]"
    assert int(first[1]) > 150
    assert second[1:] == ["0", "False False False"]
