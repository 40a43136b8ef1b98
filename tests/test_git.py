"""The age of addons from git: right dates, foreign configuration that does not run, bounded time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from odoo_debt_lint.addons import git

_GIT = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")


def _run(folder: Path, *arguments: str, day: str = "") -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    if day:
        environment |= {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    subprocess.run([*_GIT, *arguments], cwd=folder, check=True, env=environment)


def _commit(folder: Path, day: str, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    _run(folder, "add", ".")
    _run(folder, "commit", "-q", "--no-verify", "-m", day, day=day)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    _run(folder, "init", "-q")
    _commit(folder, "2019-05-01", old__a="1", new__a="1", sub__deep__a="1")
    _commit(folder, "2024-05-01", new__a="2")
    return folder


def _days(history: git.History) -> dict[str, str]:
    from datetime import datetime, timezone

    return {
        folder: datetime.fromtimestamp(time, timezone.utc).date().isoformat()
        for folder, time in history.times.items()
    }


def test_newest_commit_of_each_folder(repository: Path) -> None:
    history = git.histories(repository, ["old", "new", "sub/deep", "."])
    assert _days(history) == {
        "old": "2019-05-01",
        "new": "2024-05-01",
        "sub/deep": "2019-05-01",
        ".": "2024-05-01",
    }
    assert history.problem == ""


def test_folder_that_was_never_committed(repository: Path) -> None:
    (repository / "fresh").mkdir()
    history = git.histories(repository, ["old", "fresh"])
    assert set(history.times) == {"old"}
    assert history.problem == ""


def test_names_with_blanks_accents_and_pattern_signs(repository: Path) -> None:
    (repository / "é [a]*").mkdir()
    (repository / "é [a]*" / "b c").write_text("1")
    _run(repository, "add", ".")
    _run(repository, "commit", "-q", "-m", "x", day="2020-01-01")
    assert _days(git.histories(repository, ["é [a]*"])) == {"é [a]*": "2020-01-01"}


def test_nested_repositories_answer_for_themselves(repository: Path) -> None:
    inner = repository / "vendor"
    inner.mkdir()
    _run(inner, "init", "-q")
    _commit(inner, "2018-01-01", addon__a="1")
    assert _days(git.histories(repository, ["old", "vendor/addon"])) == {
        "old": "2019-05-01",
        "vendor/addon": "2018-01-01",
    }


def test_outside_of_git(tmp_path: Path) -> None:
    assert git.histories(tmp_path, ["a"]) == git.History({}, "not a git repository")


def test_broken_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert git.histories(tmp_path, ["a"]).problem == "git cannot read the history"


def test_repository_without_commits(tmp_path: Path) -> None:
    _run(tmp_path, "init", "-q")
    assert git.histories(tmp_path, ["a"]).problem == "git cannot read the history"


def test_no_git_at_all(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert git.histories(repository, ["old"]).problem.startswith("git cannot be run")


def test_variables_of_a_commit_hook_do_not_count(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert set(git.histories(repository, ["old"]).times) == {"old"}


def test_configuration_of_the_repository_does_not_run(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "core.sshCommand"):
        _run(repository, "config", key, str(trap))
    _run(repository, "config", "log.showSignature", "true")
    _run(repository, "config", "diff.trap.textconv", str(trap))
    (repository / ".gitattributes").write_text("* diff=trap\n")
    assert set(git.histories(repository, ["old"]).times) == {"old"}
    assert not (repository / "sprung").exists()


def test_repository_of_somebody_else(repository: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(repository, 12345, 12345)
    os.chown(repository / ".git", 12345, 12345)
    assert set(git.histories(repository, ["old"]).times) == {"old"}


def test_time_is_bounded(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = repository / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    history = git.last_changes(repository, ["old"], seconds=0.2)
    assert history == git.History({}, "git took longer than 0.2 s")


def test_a_shallow_clone_dates_only_what_came_after_the_cut(repository: Path, tmp_path: Path) -> None:
    """The commit at the cut seems to have made everything, long after it was made."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", repository.as_uri(), str(clone)], check=True)
    history = git.histories(clone, ["old", "new"])
    assert history.times == {}
    assert "shallow" in history.problem
    _commit(clone, "2025-05-01", new__b="3")
    history = git.histories(clone, ["old", "new"])
    assert _days(history) == {"new": "2025-05-01"}
    assert "shallow" in history.problem


def test_submodules_have_histories_of_their_own(repository: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    _run(whole, "init", "-q")
    _commit(whole, "2026-01-01", own__a="1")
    _run(whole, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository.as_uri(), "oca")
    _run(whole, "commit", "-q", "--no-verify", "-m", "s", day="2026-02-01")
    history = git.histories(whole, ["own", "oca/old", "oca/new"])
    assert _days(history) == {"own": "2026-01-01", "oca/old": "2019-05-01", "oca/new": "2024-05-01"}
    assert history.problem == ""
