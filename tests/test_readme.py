"""The README's sample is today's output."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

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
