"""What git makes of a single file: tracked, ignored, or neither."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pathspec

from odoo_debt_lint.ignore import ignored_in

_SECONDS = 10


def tracked(root: Path, path: str) -> bool | None:
    """Whether git has the file in its index; ``None`` when there is no answer.

    The repository is foreign: monitors and hooks are off, the caller's ``GIT_*`` are not passed on.
    """
    real = root / path
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    command = ["git", "--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false"]
    command += ["-c", f"core.hooksPath={os.devnull}", "-c", "safe.directory=*"]
    if not any((place / ".git").exists() for place in real.parents):
        return None
    try:
        result = subprocess.run(
            [*command, "ls-files", "-z", "--", real.name],
            cwd=real.parent,
            env={**kept, "GIT_CONFIG_NOSYSTEM": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return bool(result.stdout) if result.returncode == 0 else None


def ignored(root: Path, path: str) -> bool:
    """Whether a ``.gitignore`` between the root and the file ignores it; the last that speaks wins."""
    parts = path.split("/")
    folder, answer = root, False
    for index in range(len(parts)):
        inside = "/".join(parts[index:])
        result = pathspec.GitIgnoreSpec.from_lines(ignored_in(folder)).check_file(inside)
        answer = answer if result.include is None else result.include
        folder = folder / parts[index]
    return answer
