"""Nothing of the linted tree is imported or executed: not by the linter, and not by the engines it starts."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import MANIFEST, ROOT, make_addon

MODEL = """import numpy, evil, yaml, six
from odoo import models


class A(models.Model):
    _name = "x.y"

    def f(self, x):
        self.env.cr.execute("select %s" % x)
        self.env.cr.commit()
"""


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A project whose every file leaves a mark when it is executed: a module of each name that the engines
    and their libraries may want to import, and configuration of each kind that can load code."""
    mark = tmp_path / "MARK"
    call = f"open({str(mark)!r}, 'a').write(__name__)"
    make_addon(
        tmp_path,
        "trap",
        {
            "models/__init__.py": "from . import a\n",
            "models/a.py": MODEL,
            **dict.fromkeys(
                ("__init__.py", "setup.py", "conftest.py", "hooks.py", "evil.py", "yaml.py"), call
            ),
        },
    )
    manifest = MANIFEST.rstrip()[:-1] + f", 'data': [{call}], 'summary': f'{{{call}}}'}}\n"
    make_addon(tmp_path, "calls", {"__manifest__.py": manifest, "__init__.py": call})
    names = {*sys.stdlib_module_names, *(item.name for item in pkgutil.iter_modules())}
    for name in (*names, "evil", "sitecustomize", "usercustomize", "conftest", "setup"):
        (tmp_path / f"{name}.py").write_text(f"{call}\n")
    for folder in (tmp_path, tmp_path / "trap"):
        _configuration(folder, call)
    return mark


def _configuration(folder: Path, call: str) -> None:
    for name in (".pylintrc", "pylintrc"):
        (folder / name).write_text(f"[MAIN]\nload-plugins=evil\ninit-hook={call}\n")
    for name in ("setup.cfg", "tox.ini"):
        (folder / name).write_text(f"[pylint.main]\nload-plugins=evil\ninit-hook={call}\n")
    tool = f'[tool.pylint.main]\nload-plugins = ["evil"]\ninit-hook = "{call}"\n'
    (folder / "pyproject.toml").write_text(tool)
    (folder / "evil.pth").write_text(f"import sys; {call}\n")
    (folder / ".semgrepignore").write_text("*\n")
    (folder / ".semgrep.yml").write_text("rules: [{id: evil, languages: [python], pattern: '...'}]\n")
    (folder / ".semgrep").mkdir(exist_ok=True)
    (folder / ".semgrep" / "settings.yml").write_text("has_shown_metrics_notification: false\n")


@pytest.mark.parametrize("engine", ["", "pylint", "semgrep"])
@pytest.mark.parametrize("place", [".", "trap"])
def test_nothing_runs(mark: Path, engine: str, place: str) -> None:
    """The command as its console script starts it, in the linted folder."""
    script = (
        f"import sys; sys.path.append({str(ROOT)!r}); from odoo_debt_lint.cli.program import main; main()"
    )
    words = [str(mark.parent / "trap"), str(mark.parent / "calls"), "-f", "json", "--no-cache", "--exit-zero"]
    words += ["--engine", engine] if engine else []
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, *words],
        cwd=mark.parent / place,
        capture_output=True,
        timeout=300,
    )
    assert not mark.exists(), mark.read_text()
    report = json.loads(done.stdout)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr.decode()
    assert not [item for item in report["problems"] if item["kind"] == "engine"], "the engine has worked"
    rules = {item["rule"] for item in report["findings"]}
    assert "sql-injection" in rules
    if engine == "pylint":
        assert any(rule.startswith("pylint.") for rule in rules)


def test_modules_of_the_current_folder(tmp_path: Path) -> None:
    """``python -m`` among addons whose names are those of Python's own modules and of libraries."""
    mark = tmp_path / "MARK"
    for name in ("calendar", "resource", "ctypes", "yaml", "libcst", "lxml", "click", "rich"):
        make_addon(tmp_path, name, {"__init__.py": f"open({str(mark)!r}, 'a').write(__name__)\n"})
    done = subprocess.run(
        [sys.executable, "-m", "odoo_debt_lint", ".", "--no-cache", "--exit-zero", "-f", "json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=300,
    )
    assert not mark.exists(), mark.read_text()
    assert len(json.loads(done.stdout)["addons"]) == 8
