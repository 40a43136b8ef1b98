"""What git knows: when each addon was last changed, from one pass over the history, and what is tracked.

The repository is foreign: nothing of its configuration may run. git is called with hooks, monitors, pagers,
signature checks and transports switched off, without taking locks and without the caller's ``GIT_*``
variables (a commit hook sets them), and it is stopped when time is up or every folder has its date.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec

from odoo_debt_lint.source import Unreadable, read_bytes

SECONDS = 20.0
_FILE_SECONDS = 10
_COMMAND = (
    "git",
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.sshCommand=false",
    "-c", "core.quotePath=false",
    "-c", "protocol.allow=never",
    "-c", "log.showSignature=false",
    "-c", "safe.directory=*",
)  # fmt: skip
_LOG = ("log", "-z", "--format=%x01%H %ct", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv")


class History(msgspec.Struct, frozen=True):
    """Commit times in seconds by folder; ``problem`` says why some or all are not known."""

    times: dict[str, int] = {}
    problem: str = ""


def histories(root: Path, folders: Iterable[str]) -> History:
    """The same for folders of several repositories: submodules and nested checkouts have their own."""
    groups: dict[Path, list[str]] = {}
    for folder in folders:
        owner = _repository(root, root / folder)
        groups.setdefault(owner, []).append((root / folder).relative_to(owner).as_posix())
    times: dict[str, int] = {}
    problems: list[str] = []
    for owner, inside in sorted(groups.items()):
        prefix = owner.relative_to(root).as_posix()
        history = last_changes(owner, inside, SECONDS / len(groups))
        problems += [history.problem] if history.problem else []
        for folder, time in history.times.items():
            times[posixpath.normpath(posixpath.join(prefix, folder))] = time
    return History(times, problems[0] if problems else "")


def _repository(root: Path, folder: Path) -> Path:
    for place in (folder, *folder.parents):
        if place == root or (place / ".git").exists():
            return place
    return root


def last_changes(root: Path, folders: Iterable[str], seconds: float = SECONDS) -> History:
    """The time of the newest commit that touches each folder (relative to the root, ``.`` for the root)."""
    wanted = set(folders)
    if not (root / ".git").exists():
        return History(problem="not a git repository")
    try:
        process = subprocess.Popen(
            [*_COMMAND, *_LOG, "--", *sorted(wanted)],
            cwd=root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        return History(problem=f"git cannot be run: {error.strerror or error}")
    return _read(process, wanted, seconds, _boundary(root / ".git"))


def tracked(root: Path, path: str) -> bool | None:
    """Whether git has the file in its index; ``None`` when there is no answer."""
    real = root / path
    if not any((place / ".git").exists() for place in real.parents):
        return None
    try:
        result = subprocess.run(
            [*_COMMAND, "ls-files", "-z", "--", real.name],
            cwd=real.parent,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_FILE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return bool(result.stdout) if result.returncode == 0 else None


def _boundary(place: Path) -> frozenset[bytes]:
    """The commits at which a shallow clone is cut off: they seem to have made all that was there before."""
    try:
        if place.is_file():
            link = read_bytes(str(place)).decode("utf-8", "replace").partition("gitdir:")[2].strip()
            place = place.parent / link
        if not (place / "shallow").is_file():
            return frozenset()
        return frozenset(read_bytes(str(place / "shallow")).split())
    except (OSError, ValueError, Unreadable):
        return frozenset()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _read(
    process: subprocess.Popen[bytes], wanted: set[str], seconds: float, boundary: frozenset[bytes]
) -> History:
    """Reads the newest commits first and stops as soon as nothing is open."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        times = _times(process, wanted, boundary)
        complete = len(times) == len(wanted)
        if complete:
            process.kill()
        code = process.wait()
    finally:
        timer.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
    if late.is_set() and not complete:
        return History(times, f"git took longer than {seconds:g} s")
    if boundary and not complete:
        return History(times, "the history is shallow, what is older is cut off")
    return History(times, "git cannot read the history" if code and not complete else "")


def _times(process: subprocess.Popen[bytes], wanted: set[str], boundary: frozenset[bytes]) -> dict[str, int]:
    times: dict[str, int] = {}
    depth = max((folder.count("/") + 1 for folder in wanted), default=0)
    now, rest = 0, b""
    assert process.stdout is not None
    while len(times) < len(wanted):
        chunk = process.stdout.read1(65536)  # type: ignore[attr-defined]
        if not chunk:
            break
        *items, rest = (rest + chunk).split(b"\0")
        for item in items:
            if item.startswith(b"\x01"):
                commit, _, time = item[1:].partition(b" ")
                now = 0 if commit in boundary else int(time)
                continue
            for folder in _folders(os.fsdecode(item.lstrip(b"\n")), depth):
                if folder in wanted and now > times.get(folder, 0):
                    times[folder] = now
    return times


def _folders(path: str, depth: int) -> list[str]:
    """The folders above a file, the root first."""
    parts = path.split("/")[:-1][:depth]
    return [".", *("/".join(parts[: index + 1]) for index in range(len(parts)))]
