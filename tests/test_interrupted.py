"""Runs that are stopped, starved or killed: nothing half-written is left behind, and nothing goes on."""

from __future__ import annotations

import csv
import faulthandler
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree, html
from test_cli import BAD, INJECTION, ROOT, lint, lint_outside, make_addon, words_of

from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading import serving
from odoo_debt_lint.reading.worker import Worker
from odoo_debt_lint.report.output import FORMATS

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
MAPPINGS = "match x:\n    case " + "{1: " * 40 + "1" + "}" * 40 + ":\n        pass\n"
"""libcst needs years for it, in code that no signal interrupts."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    return tmp_path


def _listens() -> None:
    """A process started from the background ignores what a terminal sends, and so would its children."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _start(root: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "odoo_debt_lint", *words_of((str(root), *words))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_listens,
    )


def _group(number: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == number and fields[0] != "Z":
            found.append(int(place.parent.name))
    return found


def _over(number: int) -> bool:
    """Whether all processes of a session end before long."""
    last = time.monotonic() + 20
    while _group(number) and time.monotonic() < last:
        time.sleep(0.05)
    return not _group(number)


def _untouched_or_whole(report: Path) -> bool:
    """A run may be stopped after it has put its report in place, and before it has ended."""
    text = report.read_text()
    return text == "the last one" or json.loads(text)["summary"]["files"] == 65


@LINUX
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("moment", [0.4, 1.0])
def test_whole_group_at_any_moment(root: Path, jobs: str, number: int, moment: float) -> None:
    """Ctrl-C reaches workers too: they end without a word; the report is the last one or whole."""
    filler = "X = 'some text'  # a comment\n" * 2000
    make_addon(root, "large", {f"models/m{item}.py": filler + INJECTION for item in range(60)})
    target = root / "report.json"
    target.write_text("the last one")
    process = _start(root, "-f", f"json:{target}", "--jobs", jobs, "--no-cache", "--select", "all")
    time.sleep(moment)
    if number == signal.SIGKILL:
        process.kill()
    else:
        os.killpg(process.pid, number)
    err = process.communicate(timeout=60)[1]
    if process.returncode not in (0, 1):  # it was faster
        expected = {signal.SIGINT: (130, -2), signal.SIGTERM: (143, -15), signal.SIGHUP: (129, -1)}
        assert process.returncode in expected.get(signal.Signals(number), (-9,))
        assert _untouched_or_whole(target)
        assert moment < 1 or b"Traceback" not in err, err.decode()
    assert not list(root.glob(".*.tmp"))
    assert _over(process.pid)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("bad", ["models/b.py", "views/b.xml"])
def test_a_stack_that_overflows_costs_one_file(
    root: Path, monkeypatch: pytest.MonkeyPatch, jobs: str, large: bool, bad: str
) -> None:
    """Also without other processes to spare: in small runs and with one job."""
    real = Worker.run

    def deadly(self: Worker, job: Job, content: bytes | None = None) -> FileResult:
        if job.inside == bad:
            faulthandler.disable()  # it would say so in the output of the tests
            os.kill(os.getpid(), signal.SIGSEGV)
        return real(self, job, content)

    filler = "X = 'some text'  # a comment\n" * 2000
    make_addon(root, "shop", {bad: "x = 1\n", "models/z.py": INJECTION, "views/a.xml": "<odoo/>\n"})
    if large:
        make_addon(root, "large", {f"models/m{item}.py": filler for item in range(30)})
    monkeypatch.setattr(Worker, "run", deadly)
    done = lint(root, "-f", "json", "--jobs", jobs, "--no-cache")
    assert [(item["path"], item["kind"]) for item in done.data["problems"]] == [(f"shop/{bad}", "crash")]
    assert done.data["summary"]["files"] == (38 if large else 6)
    assert done.found == [BAD, "shop/models/z.py:2 sql-injection"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("alone", [False, True])
def test_code_that_is_parsed_for_ever(root: Path, monkeypatch: pytest.MonkeyPatch, alone: bool) -> None:
    body = f"def f(cr, x):\n    cr.execute('%s' % x)\n    {MAPPINGS.replace(chr(10), chr(10) + '    ')}\n"
    make_addon(root, "shop", {"models/b.py": body, "models/z.py": INJECTION})
    monkeypatch.setattr(serving, "FILE_SECONDS", 1)
    words = ("--stdin-filename", str(root / "shop/models/b.py")) if alone else (str(root),)
    start = time.monotonic()
    done = lint(*words, "-f", "json", "--no-cache", stdin=body)
    assert time.monotonic() - start < 60
    assert [(item["path"], item["kind"]) for item in done.data["problems"]] == [
        ("shop/models/b.py", "timeout")
    ]
    assert done.found == ([] if alone else [BAD, "shop/models/z.py:2 sql-injection"])


def _limited(kind: str, value: int) -> Callable[[], None]:
    import resource

    def before() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(getattr(resource, kind), (value, value))

    return before


@LINUX
def test_thousand_open_files(root: Path) -> None:
    """More addons than descriptors: none stays open."""
    for number in range(1100):
        folder = root / f"a{number}"
        folder.mkdir()
        (folder / "__manifest__.py").write_text("{'name': 'x', 'version': '16.0.1.0.0', 'depends': []}\n")
        (folder / "__init__.py").write_text(INJECTION * 20)
    words = (root, "-f", "json", "--jobs", "2", "--no-cache", "--select", "sql-injection")
    done = lint_outside(*words, before=_limited("RLIMIT_NOFILE", 1000))
    assert not done.data["problems"]
    assert len({item["path"] for item in done.data["findings"] if item["rule"] == "sql-injection"}) == 1101


@LINUX
@pytest.mark.parametrize("format", ["json", "html", "sarif"])
def test_full_disk_for_reports(root: Path, format: str) -> None:
    """The one that is too large fails with a line; the report before it, and the one behind, are whole."""
    target, other = root / "report", root / "badge"
    target.write_text("the last one")
    words = ("-f", f"badge:{other}", "-f", f"{format}:{target}", "--no-cache")
    done = lint_outside(root, *words, before=_limited("RLIMIT_FSIZE", 1000))
    assert (done.code, target.read_text()) == (2, "the last one")
    assert "report: File too large" in done.err
    assert other.read_text().rstrip().endswith("</svg>")
    assert not list(root.glob(".*.tmp"))


@LINUX
@pytest.mark.parametrize("format", FORMATS)
def test_full_device(root: Path, format: str) -> None:
    command = [sys.executable, "-m", "odoo_debt_lint", *words_of((str(root), "-f", format, "--no-cache"))]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert done.stderr.endswith(b"odoo-debt-lint: error: stdout: No space left on device\n")


@LINUX
def test_closed_stdout(root: Path) -> None:
    command = " ".join([sys.executable, "-m", "odoo_debt_lint", str(root), "-f", "json", "--no-cache", ">&-"])
    done = subprocess.run(
        ["sh", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


def test_warnings_of_parsed_code_are_not_ours(root: Path) -> None:
    code = "x = 1 is 1\ny = '\\d'\nz = (1)(2)\nassert (x, y)\n"
    view = "<odoo><record id='a' model='ir.actions.server'><field name='code'>%s</field></record></odoo>"
    make_addon(
        root, "shop", {"__manifest__.py": "{'name': '\\d'}", "models/a.py": code, "views/a.xml": view % code}
    )
    expected = lint_outside(root, "-f", "json", "--no-cache", "--select", "all")
    for wanted in ("error", "default", "ignore"):
        done = lint_outside(root, "-f", "json", "--no-cache", "--select", "all", PYTHONWARNINGS=wanted)
        assert "Warning" not in done.err
        assert done.out == expected.out


HOSTILE = (
    "a\nb", "%s%n", "[red]x[/red]", "<img src=x onerror=alert(1)>", "\x1b[31mred", "::error::x", "=1+1",
    "`x`", "|x|", "](javascript:x)", "{{ 7*7 }}", "a'\"b", "\u202egnp", "]]>", "&amp;", "x" * 200, "..",
    "C:\\x", "~", "$(x)",
)  # fmt: skip


@LINUX
def test_names_in_every_report(root: Path) -> None:
    """Names that look like markup, commands or paths are text wherever they appear."""
    for name in HOSTILE:
        make_addon(
            root,
            *(("...", {"a.py": INJECTION}) if name == ".." else (name, {f"models/{name}.py": INJECTION})),
        )
    words = [word for name in FORMATS for word in ("-f", f"{name}:{root / 'out'}.{name}")]
    done = lint(root, *words, "--no-cache", "--exit-zero", "--select", "sql-injection")
    assert done.code == 0
    text = {name: Path(f"{root / 'out'}.{name}").read_bytes().decode() for name in FORMATS}
    # GitHub compares its paths with those of files, and a page steers no terminal
    assert "\x1b" not in "".join(text[name] for name in FORMATS if name not in ("github", "html")) + done.err
    found = json.loads(text["json"])["findings"]
    assert len(found) == len(HOSTILE) + 1
    assert json.loads(text["sarif"])
    assert len(json.loads(text["gitlab"])) == len(found)
    page = html.fromstring(text["html"])
    assert not page.xpath("//img[@onerror] | //a[starts-with(@href, 'javascript')] | //*[@onclick]")
    assert etree.fromstring(text["junit"].encode()).xpath("//failure | //error")
    assert len(list(csv.reader(text["csv"].splitlines(keepends=True)))) == len(found) + 1
    commands = [line for line in text["github"].splitlines() if line.startswith("::")]
    assert len(commands) <= len(found) + 1, "one for the failure of the run"
    assert not any(line.startswith("::error::x") for line in text["github"].splitlines())
    outside = re.sub(r"(`+).+?\1", "", text["markdown"])
    assert not re.search(r"(?<!\\)<img|(?<!\\)\]\(javascript", outside)


HALF = """
import os, signal, struct, sys
from multiprocessing.queues import SimpleQueue
from multiprocessing.reduction import ForkingPickler
from odoo_debt_lint.reading import pool
from odoo_debt_lint.cli.program import main

def put(self, item):
    data = bytes(ForkingPickler.dumps(item))
    self._wlock.acquire()
    os.write(self._writer.fileno(), struct.pack("!i", len(data)) + data[: len(data) // 2])
    os.kill(os.getpid(), signal.SIGKILL)

SimpleQueue.put = put
pool.BATCH_SECONDS = 3
sys.argv[1:] = [".", "-f", "json", "--jobs", "2", "--no-cache", "--exit-zero", "-q"]
main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_workers_that_die_half_way_through_a_result(root: Path) -> None:
    """Nobody waits for the other half: all files are read by another process."""
    filler = "X = 'some text'  # a comment\n" * 2000
    make_addon(root, "large", {f"models/m{item}.py": filler + INJECTION for item in range(25)})
    done = subprocess.run(
        [sys.executable, "-c", HALF],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=100,
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["problems"]) == (0, [])
    assert sum(item["rule"] == "sql-injection" for item in report["findings"]) >= 25
