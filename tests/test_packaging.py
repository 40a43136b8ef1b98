"""What others call: the scripts of the GitHub Action and the entries of the pre-commit hooks, really run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

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
        self.project, self.api = ROOT, "http://127.0.0.1:9"

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
            "BASELINE": "",
            "NEW_ONLY": "false",
            "MAX_NEW_DEBT": "",
            "CATEGORY": "odoo",
            "COMMENT": str(self.folder / "comment.md"),
            "TOKEN": "secret",
            "NUMBER": "7",
            "BASE": "",
            **inputs,
        }
        assert set(self.steps[name]["env"]) <= set(values)
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", self.steps[name]["run"]],
            env=environment(
                RUNNER_TEMP=str(self.folder),
                GITHUB_OUTPUT=str(self.output),
                GITHUB_STEP_SUMMARY=str(self.summary),
                GITHUB_API_URL=self.api,
                GITHUB_REPOSITORY="shop/addons",
                **values,
            ),
            cwd=self.project,
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
    assert outputs["new"] == outputs["findings"]
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


@needs_command
def test_action_with_a_baseline(action: Action) -> None:
    baseline = str(action.folder / "baseline.json")
    assert (
        action.run("Lint", ARGS=f"--no-cache --select sql-injection --write-baseline {baseline}").returncode
        == 0
    )
    options = {"BASELINE": baseline, "MAX_NEW_DEBT": "0", "NEW_ONLY": "true"}
    assert action.run("Lint", **options).returncode == 0
    assert action.run("Figures").returncode == 0
    outputs = dict(line.split("=") for line in action.output.read_text().splitlines())
    assert (outputs["findings"], outputs["new"]) == ("0", "0")
    assert action.run("Limits").returncode == 0


class GitHub(BaseHTTPRequestHandler):
    """The comments of a pull request, as the API of GitHub keeps them."""

    comments: ClassVar[list[dict[str, Any]]] = []
    writable: ClassVar[bool] = True

    def _answer(self, data: object, status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def do_GET(self) -> None:
        assert self.headers["Authorization"] == "Bearer secret"
        path, _, query = self.path.partition("?")
        assert path == "/repos/shop/addons/issues/7/comments"
        page = int(parse_qs(query)["page"][0])
        self._answer(self.comments[(page - 1) * 100 : page * 100])

    def _body(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def do_POST(self) -> None:
        assert self.path == "/repos/shop/addons/issues/7/comments"
        if not self.writable:
            self._answer({"message": "Resource not accessible by integration"}, 403)
            return
        self.comments.append({"id": 1000 + len(self.comments), "body": self._body()})
        self._answer({}, 201)

    def do_PATCH(self) -> None:
        number = int(self.path.removeprefix("/repos/shop/addons/issues/comments/"))
        (comment,) = (item for item in self.comments if item["id"] == number)
        comment["body"] = self._body()
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def pull_request(action: Action, tmp_path: Path) -> Iterator[tuple[Action, str]]:
    """An action in a project of which the working tree mends a finding and brings another; and the commit
    before it."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "testdata" / "addons", project / "addons")
    git = [
        "git",
        "-C",
        str(project),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.c",
        "-c",
        "commit.gpgsign=false",
    ]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "before"]):
        subprocess.run([*git, *words], check=True)
    base = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    shutil.rmtree(project / "addons" / "crm_import_legacy")
    source = project / "addons" / "partner_tier" / "models" / "added.py"
    source.write_text("def f(self, name):\n    self.env.cr.execute('SELECT 1 FROM x WHERE n = %s' % name)\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    action.project, action.api = project, f"http://127.0.0.1:{server.server_port}"
    GitHub.comments, GitHub.writable = [{"id": number, "body": None} for number in range(100)], True
    yield action, base
    server.shutdown()
    server.server_close()


@needs_command
def test_comment_on_a_pull_request(pull_request: tuple[Action, str]) -> None:
    action, base = pull_request
    for _ in range(2):  # the second run writes the same comment anew
        assert action.run("Lint", PATHS="addons").returncode == 0
        assert action.run("Figures").returncode == 0
        compared = action.run("Compare", PATHS="addons", BASE=base)
        assert compared.returncode == 0, compared.stderr
        posted = action.run("Comment")
        assert (posted.returncode, posted.stdout) == (0, ""), posted.stderr
    assert len(GitHub.comments) == 101
    body = GitHub.comments[-1]["body"]
    assert body.startswith("<!-- odoo-debt-lint odoo -->\n### odoo-debt-lint\n")
    assert "#### 1 new finding" in body
    assert "`addons/partner_tier/models/added.py:2`" in body
    assert "crm_import_legacy" in body
    assert not (action.folder / "odoo-debt-lint-base").exists()


@needs_command
def test_comment_without_the_commit_before(pull_request: tuple[Action, str]) -> None:
    action, _ = pull_request
    assert action.run("Lint", PATHS="addons").returncode == 0
    assert action.run("Figures").returncode == 0
    compared = action.run("Compare", PATHS="addons", BASE="0" * 40)
    assert compared.returncode == 0
    assert "::warning title=odoo-debt-lint::the commit before" in compared.stdout
    assert action.run("Comment").returncode == 0
    assert "| `sql-injection` |" in GitHub.comments[-1]["body"]


@needs_command
def test_comment_that_is_not_allowed(pull_request: tuple[Action, str]) -> None:
    action, _ = pull_request
    GitHub.writable = False
    (action.folder / "comment.md").write_text("text")
    done = action.run("Comment")
    assert done.returncode == 0
    assert "::warning title=odoo-debt-lint::no comment on the pull request: HTTP Error 403" in done.stdout
    assert "secret" not in done.stdout + done.stderr


def test_action_declares_what_it_uses() -> None:
    text = (ROOT / "action.yml").read_text()
    declared = yaml.safe_load(text)
    for name in declared["inputs"]:
        assert f"inputs.{name}" in text
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(declared["inputs"])
    assert all("default" in item and item["description"] for item in declared["inputs"].values())


def test_action_is_a_composite_action() -> None:
    """What GitHub asks of one: a shell for each script, versions for each action, values for all outputs that
    come from steps which exist, and no input within a script (it would be run as code)."""
    declared = yaml.safe_load((ROOT / "action.yml").read_text())
    assert set(declared) == {"name", "description", "branding", "inputs", "outputs", "runs"}
    assert set(declared["runs"]) == {"using", "steps"}
    assert declared["runs"]["using"] == "composite"
    ids = {step.get("id") for step in declared["runs"]["steps"]}
    for step in declared["runs"]["steps"]:
        assert set(step) <= {"name", "id", "if", "shell", "env", "run", "uses", "with"}
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]
        else:
            assert re.fullmatch(r"[\w-]+(/[\w-]+)+@v\d+", step["uses"])
    for output in declared["outputs"].values():
        assert output["description"]
        assert set(re.findall(r"steps\.([\w-]+)\.outputs", output["value"])) <= ids
    assert all(isinstance(item["default"], str) for item in declared["inputs"].values())


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
