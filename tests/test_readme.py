"""The README's sample is today's output, and its links lead somewhere, here and on PyPI."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

from odoo_debt_lint.report.links import HOME

ROOT = Path(__file__).parent.parent


def test_sample_output_is_what_the_command_prints() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n\$ odoo-debt-lint (.+?)\n(.*?)\n```", text, re.S)
    assert blocks
    for command, expected in blocks:
        arguments = [*shlex.split(command), "--no-cache"]
        done = subprocess.run(
            [sys.executable, "-m", "odoo_debt_lint", *arguments], cwd=ROOT, capture_output=True, check=False
        )
        assert done.stdout.decode().rstrip() == expected


def _built(text: str) -> str:
    """What the build makes of the README."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: str = module.with_addresses(text, HOME)
    return made


def test_links_lead_to_files_of_the_repository_on_pypi_too() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    files = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("https://", "#"))]
    assert files
    assert all((ROOT / name).is_file() for name in files)
    built = _built(text)
    for name in files:
        kind = "raw" if name.endswith(".png") else "blob"
        assert f"]({name})" not in built
        assert f"]({HOME}/{kind}/main/{name})" in built
    assert _built("[a](https://x.y/z) [b](#c)") == "[a](https://x.y/z) [b](#c)"
