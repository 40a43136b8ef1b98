"""What others call: the scripts of the GitHub Action and the entries of the pre-commit hooks, really run."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
SHOP = "testdata/addons/sale_gift_card"

needs_command = pytest.mark.skipif(
    not (BIN / "odoo-debt-lint").exists() or shutil.which("bash") is None,
    reason="needs the installed command",
)


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **variables}


class Action:
    """The steps of the action in a make-believe runner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps = {
            step["name"]: step
            for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
            if "name" in step
        }
        (folder / "odoo-debt-lint").mkdir()
        (folder / "odoo-debt-lint" / "bin").symlink_to(BIN)
        self.output, self.summary = folder / "output", folder / "summary.md"

    def run(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """A step, with the inputs by the names of its environment."""
        values = {
            "PATHS": "testdata/addons",
            "ARGS": "--no-cache --select sql-injection",
            "SARIF": str(self.folder / "report.sarif"),
            "JSON": str(self.folder / "report.json"),
            "FAIL_ON": "high",
            "MAX_DEBT": "",
            "MIN_GRADE": "",
            "CATEGORY": "odoo",
            **inputs,
        }
        assert set(self.steps[name]["env"]) <= set(values)
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", self.steps[name]["run"]],
            env=environment(
                RUNNER_TEMP=str(self.folder),
                GITHUB_OUTPUT=str(self.output),
                GITHUB_STEP_SUMMARY=str(self.summary),
                **values,
            ),
            cwd=ROOT,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def action(tmp_path: Path) -> Action:
    return Action(tmp_path)


@needs_command
def test_action(action: Action) -> None:
    linted = action.run("Lint", MIN_GRADE="A")
    assert linted.returncode == 0, linted.stderr
    assert "sql-injection" in linted.stdout
    (run,) = json.loads((action.folder / "report.sarif").read_text())["runs"]
    assert run["automationDetails"]["id"] == "odoo/"
    assert action.run("Figures").returncode == 0
    outputs = dict(line.split("=") for line in action.output.read_text().splitlines())
    assert outputs["findings"] == str(len(run["results"]))
    assert "| `sql-injection` |" in action.summary.read_text()
    limits = action.run("Limits")
    assert limits.returncode == 1
    assert limits.stdout.count("::error title=odoo-debt-lint::failed: ") == 2


@needs_command
def test_action_below_the_limits(action: Action) -> None:
    assert action.run("Lint", FAIL_ON="never", PATHS="testdata/addons/partner_tier").returncode == 0
    assert action.run("Limits").returncode == 0


@needs_command
def test_action_does_not_expand_what_it_is_given(action: Action) -> None:
    done = action.run("Lint", PATHS="$(touch hacked) *", ARGS="")
    assert done.returncode == 2
    assert not (ROOT / "hacked").exists()


def test_action_declares_what_it_uses() -> None:
    text = (ROOT / "action.yml").read_text()
    declared = yaml.safe_load(text)
    for name in declared["inputs"]:
        assert f"inputs.{name}" in text
    assert all("default" in item and item["description"] for item in declared["inputs"].values())


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


@needs_command
@pytest.mark.parametrize(
    ("hook", "files", "code"),
    [
        ("odoo-debt-lint", [f"{SHOP}/controllers/gift_card.py"], 1),
        ("odoo-debt-lint", [f"{SHOP}/models/__init__.py", "tests/conftest.py"], 0),
        ("odoo-debt-lint", ["tests/conftest.py"], 0),
        ("odoo-debt-lint-all", [], 1),
    ],
)
def test_hooks(hook: str, files: list[str], code: int, tmp_path: Path) -> None:
    declared = hooks()[hook]
    words = [*shlex.split(declared["entry"]), *declared.get("args", ())]
    for name in ("testdata/addons", "tests/conftest.py"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(source, tmp_path / name)
    words += ["--no-cache", "--select", "sql-injection", *files]
    done = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    assert ("grade" in done.stdout) == (hook == "odoo-debt-lint-all")
