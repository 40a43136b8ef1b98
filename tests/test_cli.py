"""The command line from outside: exit codes, streams, selection, outputs, and every kind of bad input."""

from __future__ import annotations

import ctypes
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from odoo_debt_lint.cli.program import main

ROOT = Path(__file__).parent.parent
MANIFEST = (
    "{'name': 'Shop', 'version': '%s.1.0.0', 'license': 'LGPL-3', 'author': 'Us', 'depends': ['base']}\n"
)
INJECTION = "def f(cr, x):\n    cr.execute('select %s' % x)\n"
OLD_RULES = "sql-injection,eval-used,override-missing-super,syntax-error,invalid-xml"
NO_SELECT = ("rules", "explain", "compare", "inventory", "--version", "--help")
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@dataclass
class Done:
    """What a run left: exit code and streams."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def found(self) -> list[str]:
        return [f"{finding['path']}:{finding['line']} {finding['rule']}" for finding in self.data["findings"]]


def lint(*args: str | Path, stdin: str = "", cwd: Path | None = None) -> Done:
    """Runs the command in this process; the rules are those that have been there from the start."""
    streams = [io.TextIOWrapper(io.BytesIO(content), "utf-8") for content in (stdin.encode(), b"", b"")]
    before, folder = (sys.argv, sys.stdin), os.getcwd()
    code: Any = 0
    try:
        os.chdir(cwd or folder)
        sys.argv, sys.stdin = ["odoo-debt-lint", *words_of(args)], streams[0]
        with redirect_stdout(streams[1]), redirect_stderr(streams[2]):
            main()
    except SystemExit as end:
        code = end.code
    finally:
        os.chdir(folder)
        sys.argv, sys.stdin = before
    return done_of(code, *(_content(stream) for stream in streams[1:]))


def _content(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


def words_of(args: tuple[str | Path, ...]) -> list[str]:
    words = [str(arg) for arg in args]
    if "--select" not in words and words and words[0] not in NO_SELECT:
        words += ["--select", OLD_RULES]
    return words


def done_of(code: int, out: bytes, err: bytes) -> Done:
    assert b"Traceback" not in err, err.decode()
    return Done(code or 0, out.decode(), err.decode())


def lint_outside(*args: str | Path, before: Callable[[], None] | None = None, **variables: str) -> Done:
    """Runs the command as a process, as a user would."""
    done = subprocess.run(
        [sys.executable, "-m", "odoo_debt_lint", *words_of(args)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        timeout=120,
        preexec_fn=before,
    )
    return done_of(done.returncode, done.stdout, done.stderr)


def make_addon(root: Path, name: str, files: dict[str, str | bytes] | None = None) -> Path:
    folder = root / name
    everything: dict[str, str | bytes] = {"__manifest__.py": MANIFEST, "__init__.py": ""}
    for path, content in {**everything, **(files or {})}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a bad and a clean addon."""
    (tmp_path / ".git").mkdir()
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    make_addon(tmp_path, "tidy", {"models/tidy.py": "x = 1\n"})
    return tmp_path


BAD = "shop/models/sale.py:2 sql-injection"


# exit codes and gates


def test_findings_are_1_and_clean_is_0(root: Path) -> None:
    assert lint_outside(root).code == 1
    assert lint_outside(root / "tidy").code == 0
    assert lint(root, "--exit-zero").code == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "never"], 0),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "HIGH"], 1),
        (["--fail-on", "low"], 1),
        (["--fail-on", "never", "--max-debt", "0.5"], 1),
        (["--fail-on", "never", "--max-debt", "50"], 0),
        (["--fail-on", "never", "--min-grade", "A"], 1),
        (["--fail-on", "never", "--min-grade", "E"], 0),
        (["--fail-on", "never", "--min-grade", "A", "--exit-zero"], 0),
        (["--min-severity", "critical"], 0),
        (["--ignore", "sql-injection"], 0),
        (["--ignore", "security"], 0),
        (["--select", "inheritance"], 0),
        (["--select", "eval-used", "--extend-select", "sql-injection"], 1),
        (["--exclude", "shop"], 0),
    ],
)
@pytest.mark.parametrize("format", ["text", "json", "sarif"])
def test_gates_are_the_same_for_every_format(root: Path, options: list[str], code: int, format: str) -> None:
    assert lint(root, *options, "-f", format).code == code


def test_failed_gates_are_named(root: Path) -> None:
    done = lint(root, "--max-debt", "0.5", "--min-grade", "A")
    assert "failed: 1 finding of severity high or above" in done.out
    assert "hours of debt are above the limit of 0.5" in done.out
    assert "failed: grade" in done.out
    assert "failed: 1 finding of" in lint(root, "-f", "json").err


def test_this_folder_is_the_default(root: Path) -> None:
    assert lint("-f", "json", cwd=root).found == [BAD]
    assert lint("check", "-f", "json", cwd=root).found == [BAD]


# wrong usage


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--select", "sql-injektion"], "unknown rule 'sql-injektion'; did you mean sql-injection?"),
        (["--ignore", "secruity"], "did you mean security?"),
        (["--select", "ALL"], "did you mean all?"),
        (["--isolated", "--config", "x.toml"], "--isolated uses no configuration file"),
        (["--fail-on", "hihg"], "unknown fail-on 'hihg'"),
        (["--min-grade", "F"], "unknown grade 'F'"),
        (["--min-grade", "AB"], "unknown grade 'AB'"),
        (["--minutes-per-line", "0"], "minutes-per-line must be more than 0"),
        (["--max-debt", "nan"], "max-debt must be a number"),
        (["--series", "sixteen"], "unknown series 'sixteen': write it like 16.0"),
        (["--to", "99.0"], "unknown series '99.0'; did you mean 21.0?"),
        (["--min-severity", "worst"], "unknown severity 'worst'"),
        (["--min-confidence", "sure"], "unknown confidence 'sure'"),
        (["--jobs", "-2"], "jobs must be"),
        (["--jobs", "two"], "is not a valid integer"),
        (["--max-debt", "-1"], "max-debt must be"),
        (["--bogus"], "No such option"),
        (["-f", "yaml"], "unknown output format 'yaml'"),
        (["-f", "json", "-f", "text"], "only one format can go to stdout"),
        (["-f", "json:x.txt", "-f", "text:./x.txt"], "x.txt: only one format can go to a file"),
        (["-f", "json:/no/such/folder/x.json"], "no folder /no/such/folder"),
        (["--write-baseline", "/no/such/folder/x.json"], "no folder /no/such/folder"),
        (["--history", "/no/such/folder/x.jsonl"], "no folder /no/such/folder"),
        (["--config", "/no/such/file.toml"], "/no/such/file.toml: No such file"),
        (["--color", "sometimes"], "sometimes"),
        (["--stdin-filename", "x.py"], "--stdin-filename stands for the only path"),
    ],
)
def test_wrong_usage_is_2_and_one_line(root: Path, options: list[str], message: str) -> None:
    done = lint(root, *options)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.startswith("odoo-debt-lint: error: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selekt = ['x']\n", "unknown key 'selekt'; did you mean select?"),
        ("select = 3\n", "select must be a list of strings"),
        ("show-suppressed = true\n", "unknown key 'show-suppressed'"),
        ("select = [\n", ".odoo-debt-lint.toml: "),
        ("jobs = true\n", "jobs must be a whole number"),
        (f"jobs = {'9' * 400}\n", "jobs must be a whole number from 0 to 10^12"),
        (f"max-debt = {'9' * 400}\n", "max-debt must be a number from 0 to 10^12"),
        ("max-debt = nan\n", "max-debt must be a number from 0 to 10^12"),
        ("min-severity = 'x'\n", "unknown severity 'x'"),
        ("[per-file-ignores]\n'*.py' = ['sql-injektion']\n", "did you mean sql-injection?"),
        ("[tool.odoo-debt-lint]\nselekt = ['x']\n", "unknown key 'selekt'; did you mean select?"),
        ("[tool]\nodoo-debt-lint = 3\n", "tool.odoo-debt-lint must be a table"),
        ("[tool.other]\nx = 3\n", "unknown key 'tool'"),
        ("unmaintained-before = '2024-13-45'\n", "unmaintained-before must be a date like 2024-01-31"),
        ("unmaintained-before = '2024-1-5'\n", "unmaintained-before must be a date like 2024-01-31"),
    ],
)
def test_wrong_configuration_is_2(root: Path, text: str, message: str) -> None:
    (root / ".odoo-debt-lint.toml").write_text(text)
    done = lint(root)
    assert done.code == 2
    assert message in done.err
    assert lint(root, "--isolated").code == 1


def test_pyproject_that_is_for_others(root: Path) -> None:
    for text in ("tool = 3\n", "tool = 'odoo-debt-lint'\n", "[tool]\n", "[tool.other]\nx = 3\n"):
        (root / "pyproject.toml").write_text(text)
        assert lint(root, "-f", "json").found == [BAD]


def test_own_configuration_with_the_table_of_pyproject(root: Path) -> None:
    (root / ".odoo-debt-lint.toml").write_text("[tool.odoo-debt-lint]\nfail-on = 'never'\n")
    assert lint(root).code == 0
    (root / "other.toml").write_text("[tool.odoo-debt-lint]\nfail-on = 'high'\n")
    assert lint(root, "--config", root / "other.toml").code == 1


def test_configuration_is_found_and_overridden(root: Path) -> None:
    (root / "pyproject.toml").write_text(
        "[tool.odoo-debt-lint]\nfail-on = 'never'\nmin-severity = 'critical'\n"
    )
    assert lint(root).code == 0
    assert lint(root, "--fail-on", "low", "--min-severity", "low").code == 1
    assert 'min-severity = "critical"' in lint(root, "--show-settings").out


def test_configuration_of_a_project_outside_of_git(tmp_path: Path) -> None:
    make_addon(tmp_path / "addons", "shop", {"models/sale.py": INJECTION})
    (tmp_path / ".odoo-debt-lint.toml").write_text("fail-on = 'never'\n")
    assert lint("addons", cwd=tmp_path).code == 0
    assert lint("addons/shop/models/sale.py", cwd=tmp_path).code == 0
    assert lint("addons", "--isolated", cwd=tmp_path).code == 1
    assert lint(tmp_path / "addons").code == 1, "the run was started elsewhere"


@pytest.mark.parametrize("git", [True, False])
@pytest.mark.parametrize(
    ("place", "pattern", "code"),
    [
        (".", "addons/shop/models/*.py", 0),
        (".", "/addons/shop/", 0),
        (".", "addons/", 0),
        (".", "sale.py", 0),
        (".", "addons/other/*.py", 1),
        ("addons", "shop/models/sale.py", 0),
        ("addons/shop", "models/*.py", 0),
        ("addons/shop", "wizards/*.py", 1),
    ],
)
def test_patterns_of_a_configuration(tmp_path: Path, place: str, pattern: str, code: int, git: bool) -> None:
    """They hold for paths as they are seen from the configuration, wherever the run begins."""
    make_addon(tmp_path / "addons", "shop", {"models/sale.py": INJECTION})
    if git:
        (tmp_path / ".git").mkdir()
    text = f"[per-file-ignores]\n'{pattern}' = ['sql-injection']\n"
    (tmp_path / place / ".odoo-debt-lint.toml").write_text(text)
    assert lint("addons/shop", cwd=tmp_path).code == code


@pytest.mark.parametrize("git", [True, False])
@pytest.mark.parametrize(
    ("place", "path", "pattern", "code"),
    [
        (".", "addons", "addons/shop/models/sale.py", 0),
        ("addons", ".", "shop/models/sale.py", 0),
        ("addons", ".", "other/models/sale.py", 1),
        ("addons/shop", ".", "models/", 0),
        ("addons/shop", ".", "models/sale.py", 0),
        ("addons/shop", ".", "sale.py", 0),
    ],
)
def test_patterns_of_the_command_line(
    tmp_path: Path, place: str, path: str, pattern: str, code: int, git: bool
) -> None:
    """They hold for paths as they are seen from the folder of the caller, and of the configuration's, too."""
    make_addon(tmp_path / "addons", "shop", {"models/sale.py": INJECTION})
    make_addon(tmp_path / "addons", "tidy", {"models/sale.py": "x = 1\n"})
    if git:
        (tmp_path / ".git").mkdir()
    assert lint(path, "--exclude", pattern, cwd=tmp_path / place).code == code


def test_paths_of_a_configuration_begin_at_its_folder(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.odoo-debt-lint]\ncache-dir = ".mine"\nodoo-path = ["gone"]\n')
    done = lint(".", cwd=root / "shop")
    assert f"{root}/gone: no such file" in done.err
    (root / "pyproject.toml").write_text('[tool.odoo-debt-lint]\ncache-dir = ".mine"\n')
    assert lint(".", cwd=root / "shop").code == 1
    assert (root / ".mine").is_dir()
    assert not (root / "shop/.mine").exists()


def test_inventory_uses_the_configuration(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.odoo-debt-lint]\nexclude = ["tidy/"]\nown-authors = ["Us"]\n')
    assert json.loads(lint("inventory", root, "-f", "json").out)["classes"] == {"own": 1}
    assert sum(json.loads(lint("inventory", root, "-f", "json", "--isolated").out)["classes"].values()) == 2
    (root / "pyproject.toml").write_text("[tool.odoo-debt-lint]\nownauthors = []\n")
    assert "did you mean own-authors?" in lint("inventory", root).err


def test_first_baseline_of_a_configuration(root: Path) -> None:
    (root / "pyproject.toml").write_text(
        '[tool.odoo-debt-lint]\nbaseline = "known.json"\nnew-only = true\nmax-new-debt = 0\n'
    )
    assert lint(root).code == 2
    assert lint(root, "--write-baseline", root / "other.json").code == 2
    assert lint(root, "--write-baseline", root / "known.json").code == 0
    assert lint(root).code == 0


@pytest.mark.parametrize(
    ("word", "meant"), [("explian", "explain"), ("chek", "check"), ("Rules", "rules"), ("addons", "")]
)
def test_mistyped_command(tmp_path: Path, word: str, meant: str) -> None:
    done = lint(word, cwd=tmp_path)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.strip().endswith(
        f"did you mean the command {meant}?" if meant else "no such file or folder"
    )
    (tmp_path / word).mkdir()
    assert "did you mean" not in lint(word, cwd=tmp_path).err


def test_migration_to_a_series_that_is_behind(root: Path) -> None:
    done = lint(root, "--to", "15.0")
    assert "migration to 15.0: nothing to port, no addon is of an earlier series" in done.out
    assert "Migration to 15.0" not in done.out


def test_folder_without_addon(tmp_path: Path) -> None:
    done = lint(tmp_path)
    assert done.code == 2
    assert "no addon found" in done.err
    assert lint(tmp_path / "nothing").code == 2
    assert "no such file or folder" in lint(tmp_path / "nothing").err


# information


def test_information(root: Path) -> None:
    assert lint("--version").out.startswith("odoo-debt-lint, version ")
    assert "sql-injection" in lint("rules").out
    assert "## Why is this bad" in lint("explain", "sql-injection").out
    unknown = lint("explain", "sql-injektion")
    assert (unknown.code, "did you mean sql-injection?" in unknown.err) == (2, True)
    files = lint(root, "--show-files")
    assert "shop/models/sale.py\tcode" in files.out
    assert files.code == 0
    statistics = lint(root, "--statistics")
    assert "Findings by rule" in statistics.out
    assert "cr.execute" not in statistics.out
    assert "--min-grade" in lint("check", "--help").out


def test_shell_completion() -> None:
    words = {"_ODOO_DEBT_LINT_COMPLETE": "bash_source"}
    start = "import sys; sys.argv[0] = 'odoo-debt-lint'; from odoo_debt_lint.cli.program import main; main()"
    command = [sys.executable, "-c", start]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = subprocess.run(command, env={**environment, **words}, capture_output=True, text=True)
    assert "_odoo_debt_lint_completion" in script.stdout
    words = {
        "_ODOO_DEBT_LINT_COMPLETE": "bash_complete",
        "COMP_WORDS": "odoo-debt-lint explain sql-",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(command, env={**environment, **words}, capture_output=True, text=True)
    assert "plain,sql-injection" in done.stdout


# streams and outputs


def test_results_on_stdout_only(root: Path) -> None:
    done = lint(root, "-f", "json")
    assert done.found == [BAD]
    assert "\x1b" not in lint(root).out + lint(root).err


def test_colour(root: Path) -> None:
    assert "\x1b[" in lint(root, "--color", "always").out
    assert "\x1b[" in lint_outside(root, "--color", "always", NO_COLOR="1").out
    assert "\x1b[" not in lint(root, "--color", "never").out
    assert "\x1b]8" not in lint(root, "--color", "always").out
    assert "\x1b[" in lint_outside(root, FORCE_COLOR="1").out
    assert "\x1b[" not in lint_outside(root, "--color", "never", FORCE_COLOR="1").out
    assert "\x1b[" not in lint_outside(root, FORCE_COLOR="1", NO_COLOR="1").out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize(
    ("variables", "options", "coloured", "linked"),
    [
        ({}, [], True, True),
        ({"NO_COLOR": "1"}, [], False, True),
        ({"NO_COLOR": "1"}, ["--color", "always"], True, True),
        ({}, ["--color", "never"], False, False),
    ],
)
def test_terminal(
    root: Path, variables: dict[str, str], options: list[str], coloured: bool, linked: bool
) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "odoo_debt_lint", str(root), "--select", "sql-injection", *options],
        env={**environment, **variables},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(ours)
    assert (b"\x1b[35m" in shown or b"\x1b[1;31m" in shown) == coloured
    assert (b"\x1b]8;" in shown and b"sql_injection.py" in shown) == linked
    assert b"sql-injection" in shown


def test_many_outputs_of_one_run(root: Path, tmp_path: Path) -> None:
    done = lint(root, "-f", f"json:{tmp_path}/a.json", "-f", f"sarif:{tmp_path}/a.sarif", "-f", "text")
    assert "1 finding" in done.out
    assert json.loads((tmp_path / "a.json").read_text())["summary"]["findings"] == 1
    assert len(json.loads((tmp_path / "a.sarif").read_text())["runs"][0]["results"]) == 1
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.is_file()) == [".json", ".sarif"]


def test_output_that_cannot_be_written(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder.json"
    folder.mkdir()
    done = lint(root, "-f", f"json:{folder}", "-f", f"sarif:{tmp_path}/a.sarif", "-f", "text")
    assert done.code == 2
    assert f"{folder}: Is a directory" in done.err
    assert "1 finding" in done.out
    assert (tmp_path / "a.sarif").exists()


def test_output_to_a_device(root: Path) -> None:
    assert lint(root, "-f", "json:/dev/null").code == 1
    assert json.loads(lint_outside(root, "-f", "json:/dev/stdout").out)["schema"] == 1


def test_reader_that_stops_early(root: Path) -> None:
    script = f"{sys.executable} -m odoo_debt_lint {root} -f json | head -c 10"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(script, shell=True, env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_reader_that_has_had_enough_is_no_failure(root: Path) -> None:
    script = f"{sys.executable} -m odoo_debt_lint rules | head -n 1; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


def test_streams_that_are_closed_or_full(root: Path) -> None:
    closed = lint_outside(root, before=lambda: os.close(1))
    assert (closed.code, closed.err) == (2, "odoo-debt-lint: error: stdout: closed\n")
    silent = lint_outside(root, before=lambda: os.close(2))
    assert silent.code == 1
    assert "1 finding" in silent.out

    def full() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

    for command in (["rules"], ["--help"], ["inventory", root], [root], [root, "-f", "json"]):
        done = lint_outside(*command, before=full)
        assert done.code == 2
        assert "odoo-debt-lint: error: stdout: No space left on device\n" in done.err


def test_folder_that_is_gone(root: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    done = lint_outside(root, before=leave)
    assert (done.code, done.err) == (2, "odoo-debt-lint: error: the current folder does not exist any more\n")


def test_step_summary_out_of_reach(root: Path) -> None:
    done = lint_outside(root, "-f", "github", GITHUB_STEP_SUMMARY="/no/such/folder/summary.md")
    assert done.code == 1
    assert "warning: no summary of the step: /no/such/folder/summary.md: No such file" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs rights of files")
def test_output_file_in_a_folder_of_others(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    folder.mkdir()
    (folder / "a.json").write_text("old")
    folder.chmod(0o555)
    try:
        assert lint_outside(root, "-f", f"json:{folder}/a.json", before=without_privileges).code == 1
        assert json.loads((folder / "a.json").read_text())["summary"]["findings"] == 1
    finally:
        folder.chmod(0o755)


def test_sarif_options(root: Path) -> None:
    (root / "shop/models/sale.py").write_text(
        INJECTION.rstrip() + "  # odoo-debt-lint: ignore[sql-injection] ok\n"
    )
    assert json.loads(lint(root, "-f", "sarif").out)["runs"][0]["results"] == []
    (run,) = json.loads(lint(root, "-f", "sarif", "--include-suppressed", "--sarif-category", "odoo").out)[
        "runs"
    ]
    assert run["automationDetails"]["id"] == "odoo/"
    assert run["results"][0]["suppressions"][0]["justification"] == "ok"


# single files: editors and pre-commit


def test_only_given_files_are_reported(root: Path) -> None:
    (root / "shop/models/other.py").write_text(INJECTION)
    done = lint(root / "shop/models/other.py", root / "tidy/models/tidy.py", "-f", "json")
    assert done.found == ["shop/models/other.py:2 sql-injection"]
    assert done.data["summary"]["partial"] is True
    assert done.data["summary"]["grade"] is None
    text = lint(root / "shop/models/other.py")
    assert text.code == 1
    assert "grade" not in text.out
    assert "score" not in text.out
    assert lint(root / "tidy/models/tidy.py", "--min-grade", "A").code == 0
    every = [path for path in (root / "shop").rglob("*") if path.is_file()]
    assert lint(*every, "-f", "json").data["summary"]["grade"] is None
    assert json.loads(lint(*every, "-f", "sarif").out)["runs"][0]["properties"].keys() == {
        "debtMinutes",
        "linesOfCode",
    }


def test_accepted_findings_of_files_that_are_not_given(root: Path) -> None:
    accepted = INJECTION.replace("% x)", "% x)  # odoo-debt-lint: ignore[sql-injection] checked")
    (root / "shop/models/other.py").write_text(accepted)
    assert len(lint(root, "-f", "json").data["suppressed"]) == 1
    done = lint(root / "shop/models/sale.py", "-f", "json", "--select", f"{OLD_RULES},meta")
    assert (done.found, done.data["suppressed"], done.data["accepted"]) == ([BAD], [], [])
    done = lint(root, "-f", "json", "--exclude", "other.py")
    assert (done.data["suppressed"], done.data["summary"]["filtered"]) == ([], 1)


def test_files_of_no_addon(root: Path) -> None:
    (root / "setup.py").write_text("x = 1\n")
    done = lint(root / "setup.py")
    assert done.code == 2
    assert "belongs to no addon" in done.err
    assert lint(root / "setup.py", "--skip-foreign").code == 0
    assert lint(root / "setup.py", root / "shop/models/sale.py", "--skip-foreign", "-f", "json").found == [
        BAD
    ]


def test_content_from_an_editor(root: Path) -> None:
    sale, tidy = root / "shop/models/sale.py", root / "tidy/models/tidy.py"
    assert lint("--stdin-filename", sale, stdin="x = 1\n").code == 0
    done = lint("--stdin-filename", tidy, "-f", "json", stdin="\n" + INJECTION)
    assert done.found == ["tidy/models/tidy.py:3 sql-injection"]
    assert "cr.execute('select" in lint("--stdin-filename", tidy, "-", stdin=INJECTION).out
    assert lint(root, "-f", "json").found == [BAD], "nothing of it stays in the cache"
    assert lint("--stdin-filename", root / "none.py", stdin="").code == 2
    assert lint("--stdin-filename", root / "none.py", "--skip-foreign", stdin="").code == 0
    assert "a folder" in lint("--stdin-filename", root / "shop", stdin="").err
    assert "--stdin-filename" in lint("-", stdin=INJECTION).err


def test_content_of_a_file_beside_the_addons(root: Path) -> None:
    """Readers that take files alone read the editor's text, too."""
    server = "server {\n listen 80;\n server_name a.com;\n location / { proxy_pass http://odoo:8069; }\n}\n"
    place = root / "nginx/shop.conf"
    words = ("-f", "json", "--select", "proxy-headers-missing", "--stdin-filename", place)
    place.parent.mkdir()
    assert lint(*words, stdin=server).found == ["nginx/shop.conf:4 proxy-headers-missing"]
    place.write_text("server { listen 80; }\n")
    assert lint(*words, stdin=f"\n\n{server}").found == ["nginx/shop.conf:6 proxy-headers-missing"]
    place.write_text(server)
    assert lint(*words, stdin="server { listen 80; }\n").found == []


def test_content_of_a_file_that_is_not_yet_written(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.odoo-debt-lint]\nfail-on = 'never'\n")
    for name in ("shop/models/new.py", "shop/wizards/new.py"):
        done = lint("--stdin-filename", root / name, "-f", "json", stdin=INJECTION)
        assert done.found == [f"{name}:2 sql-injection"]
        assert done.code == 0, "the configuration counts"
    (root / ".gitignore").write_text("wizards/\n")
    assert lint("--stdin-filename", root / "shop/wizards/new.py", "-f", "json", stdin=INJECTION).found == []
    compose = "services:\n  odoo:\n    image: odoo:16\n    ports: ['8069:8069']\n"
    done = lint(
        "--stdin-filename", root / "new/compose.yml", "-f", "json", "--select", "deployment", stdin=compose
    )
    assert {finding["path"] for finding in done.data["findings"]} == {"new/compose.yml"}


def test_what_is_excluded_is_known_and_not_reported(tmp_path: Path) -> None:
    """Otherwise all that builds on it would be reported as missing."""
    model = "from odoo import models\n\n\nclass Shop(models.Model):\n    _name = 'shop.shop'\n"
    access = "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
    files = {
        "__manifest__.py": MANIFEST.replace("}", ", 'data': ['security/ir.model.access.csv']}"),
        "__init__.py": "from . import models\n",
        "models/__init__.py": "from . import shop\n",
        "models/shop.py": model + "\n    def f(self):\n        print(1)\n",
        "security/ir.model.access.csv": access + "a,a,model_shop_shop,base.group_user,1,0,0,0\n",
        "tests/__init__.py": "from . import test_shop\n",
        "tests/test_shop.py": "class TestShop:\n    def test_it(self):\n        pass\n",
    }
    make_addon(tmp_path, "shop", dict(files))
    select = ("--select", "access,references,addon-without-tests,debug-leftover", "-f", "json")
    assert lint(tmp_path, *select).found == ["shop/models/shop.py:8 debug-leftover"]
    for pattern in ("tests", "models", "security", "shop/", "*.py"):
        done = lint(tmp_path / "shop", "--exclude", pattern, *select)
        left = ["shop/models/shop.py:8 debug-leftover"] if pattern in ("tests", "security") else []
        assert done.found == left
        assert done.data["summary"]["partial"] is False
    done = lint(tmp_path / "shop", "--exclude", "**/models/shop.py", "--show-files")
    assert "models/shop.py" not in done.out
    lines = [
        lint(tmp_path / "shop", *exclude, *select).data["summary"]["linesOfCode"]
        for exclude in ((), ("--exclude", "models"))
    ]
    assert lines[0] - lines[1] == 6
    (tmp_path / "shop/__manifest__.py").write_text("{")
    options = ("--exclude", "__manifest__.py", "-f", "json", "--select", "structure")
    assert lint(tmp_path / "shop/models/shop.py", *options).found == []


def test_the_nearest_gitignore_has_the_say(root: Path) -> None:
    (root / ".gitignore").write_text("models/\n*.xml\n")
    assert lint(root, "-f", "json").found == []
    (root / "shop/.gitignore").write_text("!models/\n")
    assert lint(root, "-f", "json").found == [BAD]


# bad input: a clear line, everything else still reported


def check_bad(root: Path, line: str, problems: int = 1) -> Done:
    """The project's own finding is there, and so is the line about the bad input, in every format."""
    done = lint(root, "-f", "json", "--no-cache")
    assert done.code == 1, done.err
    assert BAD in done.found
    assert line in done.err
    assert len(done.data["problems"]) == problems
    text = lint(root, "--no-cache")
    assert line in text.out
    assert json.loads(lint(root, "-f", "sarif", "--no-cache").out)["runs"][0]["invocations"]
    return done


@pytest.mark.parametrize(
    ("path", "content", "line"),
    [
        ("models/odd.py", b"x = 'caf\xe9'\n", "shop/models/odd.py:1: encoding: line 1 is not valid utf-8"),
        ("models/odd.py", b"# coding: nope\n", "shop/models/odd.py:1: encoding: unknown encoding 'nope'"),
        ("views/odd.xml", b"<odoo>caf\xe9</odoo>", "shop/views/odd.xml:1: encoding: "),
        ("data/odd.csv", b"id,caf\xe9\n", "shop/data/odd.csv:1: encoding: line 1 is not valid utf-8"),
        (
            "models/big.py",
            b"#" * (50 << 20),
            "shop/models/big.py:1: too-large: 50 MB is over the limit",
        ),
        ("models/deep.py", b"x = " + b"(" * 5000 + b")" * 5000, "shop/models/deep.py:1: "),
    ],
)
def test_file_that_cannot_be_read(root: Path, path: str, content: bytes, line: str) -> None:
    make_addon(root, "shop", {"models/sale.py": INJECTION, path: content})
    found = lint(root, "-f", "json", "--no-cache")
    if any(item.startswith(f"shop/{path}") for item in found.found):
        assert line.split(":")[0] in "".join(found.found), "a rule says so already"
        return
    check_bad(root, line)


@pytest.mark.parametrize(
    ("path", "content", "rule"),
    [
        ("models/odd.py", b"def f(:\n", "syntax-error"),
        ("models/odd.py", b"print 'x'\n", "syntax-error"),
        ("models/odd.py", b"x = 1\0\n", "syntax-error"),
        ("views/odd.xml", b"<odoo><record></odoo>", "invalid-xml"),
        ("views/odd.xml", b"", "invalid-xml"),
    ],
)
def test_file_that_does_not_parse(root: Path, path: str, content: bytes, rule: str) -> None:
    make_addon(root, "shop", {"models/sale.py": INJECTION, path: content})
    done = lint(root, "-f", "json")
    assert done.code == 1
    assert {item.split()[1] for item in done.found} == {"sql-injection", rule}
    # without the rule that reports it, it is still named
    ignored = lint(root, "--ignore", rule)
    assert f"shop/{path}:1: " in ignored.out


@pytest.mark.parametrize("content", [b"{'name': ", b"x = 1\n", b"", b"{'name': 'caf\xe9'}"])
def test_broken_manifest(root: Path, content: bytes) -> None:
    make_addon(root, "broken", {"__manifest__.py": content, "models/b.py": INJECTION})
    done = lint(root, "-f", "json", "--no-cache")
    assert "broken/__manifest__.py:1: " in done.err
    assert done.found == ["broken/models/b.py:2 sql-injection", BAD]


def test_lone_surrogate_in_a_literal(root: Path) -> None:
    model = 'class Odd(models.Model):\n    _name = "odd"\n    _description = "\\udce9"\n'
    odd = {
        "models/odd.py": 'x = fields.Char("\\udce9")\n',
        "models/model.py": f"from odoo import models\n{model}",
    }
    make_addon(root, "shop", {"models/sale.py": INJECTION, **odd})
    done = lint(root, "-f", "json")
    assert BAD in done.found
    assert "shop/models/model.py:1: encoding: holds half a character (a lone surrogate)" in done.err
    make_addon(root, "odd", {"__manifest__.py": "{'name': '\\udce9', 'version': '16.0.1.0.0'}"})
    done = lint(root, "-f", "json")
    assert BAD in done.found
    assert "odd/__manifest__.py:1: manifest: holds half a character (a lone surrogate)" in done.err
    assert lint("inventory", root).code == 0


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names there are text")
def test_file_name_that_is_no_text(root: Path) -> None:
    odd = os.fsencode(root / "shop" / "models") + b"/caf\xe9.py"
    with open(odd, "wb") as binary:
        binary.write(INJECTION.encode())
    os.mkdir(os.fsencode(root) + b"/add\xe9n")
    with open(os.fsencode(root) + b"/add\xe9n/__manifest__.py", "w") as stream:
        stream.write(MANIFEST)
    done = lint(root)
    assert done.out.count("name is no UTF-8, not read") == 2
    assert lint(os.fsdecode(os.fsencode(root) + b"/add\xe9n")).code == 2
    assert BAD in lint(root, "-f", "json").found


def test_symbolic_links(root: Path) -> None:
    (root / "shop" / "loop").symlink_to(root)
    (root / "again").symlink_to(root / "shop")
    (root / "self").symlink_to(root / "self")
    (root / "up").symlink_to(root)
    (root / "gone").symlink_to(root / "nothing")
    assert lint(root, "-f", "json").found == [BAD], "an addon that is reached twice counts once"
    assert lint(root / "again", "-f", "json").found == [BAD]
    done = lint(root / "self")
    assert (done.code, "link that leads nowhere or to itself" in done.err) == (2, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_fifo_does_not_block(root: Path) -> None:
    os.mkfifo(root / "shop" / "models" / "pipe.py")
    check_bad(root, "shop/models/pipe.py:1: unreadable: not a regular file")
    assert lint(root / "shop/models/pipe.py").code == 0


def without_privileges() -> None:
    """Makes rights of files hold for root too, in a process to come."""
    if IS_ROOT:
        dac_override, dac_read_search, drop_bounding = 1, 2, 24
        for capability in (dac_override, dac_read_search):
            ctypes.CDLL(None).prctl(drop_bounding, capability, 0, 0, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="needs rights of files")
def test_unreadable_file_and_folder(root: Path) -> None:
    make_addon(root, "shop", {"models/sale.py": INJECTION, "models/secret.py": INJECTION, "wizard/w.py": ""})
    (root / "shop/models/secret.py").chmod(0)
    (root / "closed").mkdir(mode=0)
    try:
        done = lint_outside(root, "-f", "json", "--no-cache", before=without_privileges)
        assert "shop/models/secret.py:1: unreadable: Permission denied" in done.err
        assert done.found == [BAD]
        assert any("closed" in notice for notice in done.data["notices"])
    finally:
        (root / "closed").chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="needs rights of files")
def test_tree_that_cannot_be_written(root: Path) -> None:
    root.chmod(0o555)
    done = lint_outside(root, "-f", "json", before=without_privileges)
    root.chmod(0o755)
    assert done.found == [BAD]
    assert not (root / ".odoo-debt-lint-cache").exists()


@pytest.mark.parametrize("content", [b"", b"\x00garbage", b"\x81\xa1a\x92\xa1b\xc4\x01x"])
def test_broken_cache(root: Path, content: bytes) -> None:
    assert lint(root, "-f", "json").found == [BAD]
    packs = list((root / ".odoo-debt-lint-cache").glob("*.pack"))
    assert packs
    for pack in packs:
        pack.write_bytes(content)
    assert lint(root, "-f", "json").found == [BAD]


def test_internal_error_is_2(root: Path) -> None:
    script = (
        "import odoo_debt_lint.run as run, sys; sys.argv[1:] = [sys.argv[1]];"
        "run.run = lambda *args: 1 / 0; from odoo_debt_lint.cli.program import main; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "odoo-debt-lint: internal error: ZeroDivisionError" in done.stderr


def test_rule_that_crashes_is_named_and_2(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from odoo_debt_lint import registry
    from odoo_debt_lint.cli.program import _exit_code
    from odoo_debt_lint.rule import Block, OnAddon, Rule, Severity
    from odoo_debt_lint.run import run
    from odoo_debt_lint.settings import Settings

    def crash(scope: object) -> Any:
        raise ValueError("oops")

    rules = dict(registry.all_rules())
    rules["crashing"] = Rule(Severity.LOW, Block.CODE, 1, (OnAddon(crash),), name="crashing", family="x")
    everything: Callable[[], dict[str, Rule]] = lambda: rules  # noqa: E731
    monkeypatch.setattr(registry, "all_rules", everything)
    report = run([str(root)], Settings(select=("crashing", "sql-injection"), cache=False, jobs=1))
    assert [finding.rule for finding in report.findings] == ["sql-injection"]
    assert "rule crashing crashed: ValueError: oops" in report.problem_lines[0]
    assert _exit_code(report, exit_zero=True) == 2
