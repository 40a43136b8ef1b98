"""Code that nobody vetted: whatever it holds, the run ends, names what it cannot read, and runs nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from test_cli import BAD, INJECTION, MANIFEST, ROOT, Done, lint, lint_outside, make_addon

from odoo_debt_lint import cache, source
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading import serving
from odoo_debt_lint.reading.pool import run_jobs
from odoo_debt_lint.reading.serving import encode
from odoo_debt_lint.reading.worker import Worker
from odoo_debt_lint.registry import all_rules

HEAD = """from odoo import fields, models
class A(models.Model):
    _name = 'a.b'
    def f(self, cr, x):
        cr.execute('select %s' % x)
        eval(x)
        """
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker(all_rules().values())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    return tmp_path


def read(worker: Worker, inside: str, content: str | bytes, role: str = "") -> FileResult:
    """What a file of this content gives, with all rules; never an internal error, never long."""
    role = role or ("code" if inside.endswith(".py") else "data")
    data = content if isinstance(content, bytes) else content.encode()
    start = time.monotonic()
    result = worker.run(Job("", f"shop/{inside}", inside, role, "shop", "16.0"), data)
    encode(result)
    assert time.monotonic() - start < 30
    assert not [item for item in result.problems if item.kind == "internal-error"], result.problems
    return result


# depth and size


@pytest.mark.parametrize("count", [900, 10_000])
@pytest.mark.parametrize(
    "code",
    [
        lambda n: "x = " + "[" * n + "]" * n,
        lambda n: "x = eval(" + "-" * n + "1)",
        lambda n: "x = eval(" + "not " * n + "1)",
        lambda n: "cr.execute(a" + ".b" * n + " % x)",
        lambda n: "cr.execute(a" + "()" * n + " % x)",
        lambda n: "cr.execute(" + "a + " * n + "x)",
        lambda n: "cr.execute(" + "'a' + " * n + "x)",
        lambda n: "cr.execute(" + "a and " * n + "x)",
        lambda n: "cr.execute(" + "a or " * n + "x)",
        lambda n: "cr.execute(" + "a ** " * n + "x)",
        lambda n: "cr.execute(" + "lambda: " * n + "x)",
        lambda n: "cr.execute(" + "1 if x else " * n + "x)",
        lambda n: "cr.execute(" + "'a' " * n + "% x)",
        lambda n: "cr.execute(f'" + "{x}" * n + "')",
        lambda n: "if x: pass\n" + "        elif x: cr.execute('%s' % x)\n" * n,
        lambda n: "x = 1;" * min(n, 3000),
        lambda n: "x = " + "y = " * n + "cr.execute('%s' % x)",
    ],
)
def test_depth_in_python(worker: Worker, count: int, code: Any) -> None:
    child = os.fork() if hasattr(os, "fork") else 0  # a stack that overflows must not end the tests
    if child:
        assert os.waitpid(child, 0)[1] == 0
        return
    failed = 1
    try:
        read(worker, "models/a.py", HEAD + code(count) + "\n")
        failed = 0
    finally:
        if hasattr(os, "fork"):
            os._exit(failed)


@pytest.mark.parametrize(
    "field",
    [
        "<field name='arch' type='xml'>" + "<a>" * 10_000 + "</a>" * 10_000 + "</field>",
        "<field name='arch' type='xml'><form><field name='a' attrs=\""
        + "[" * 50_000
        + "]" * 50_000
        + '" context="'
        + "not " * 9_000
        + '1" invisible="'
        + "a or " * 30_000
        + 'b"/></form></field>',
        "<field name='state'>code</field><field name='code'>eval(" + "a and " * 20_000 + "x)</field>",
        "<field name='x' eval='" + "1+" * 20_000 + "1'/>",
        "<field name='domain_force'>" + "('a', '=', 1)," * 100_000 + "</field>",
        "<field name='arch' type='xml'><xpath expr='" + "(" * 50_000 + "a" + ")" * 50_000 + "'/></field>",
        "<field name='arch' type='xml'><a b='" + " " * 50_000 + "x'/>" + "<!" * 50_000 + "</field>",
        "<!--" * 100_000,
    ],
)
@pytest.mark.parametrize("model", ["ir.ui.view", "ir.actions.server"])
def test_depth_in_xml(worker: Worker, model: str, field: str) -> None:
    read(worker, "views/a.xml", f"<odoo><record id='a' model='{model}'>{field}</record></odoo>")


@pytest.mark.parametrize(
    ("inside", "content"),
    [
        ("models/a.py", HEAD + "x = '" + "a" * 3_000_000 + "'\n"),
        ("models/a.py", HEAD + "cr.execute('" + "%s" * 1_500_000 + "' % x)\n"),
        ("models/a.py", "#" + " odoo-debt-lint: disable=" * 120_000 + "\n" + HEAD + "x = 1\n"),
        ("models/a.py", "# " + "password = " * 30_000 + "\n" + HEAD + "x = 1\n" + "# a = b(\n" * 20_000),
        ("views/a.xml", "<odoo><a b='" + "c" * 3_000_000 + "'/></odoo>"),
        ("data/a.csv", 'id,name\na,"' + "b" * 3_000_000 + '"\n'),
        ("security/ir.model.access.csv", "id," + "a," * 500_000 + "\nx," + "x," * 500_000),
        ("static/src/a.js", "/*" * 1_500_000),
    ],
)
def test_long_lines(worker: Worker, inside: str, content: str) -> None:
    read(worker, inside, content)


@pytest.mark.parametrize(
    "content", [b"x = [" + b"1," * 1_500_000 + b"]", b"x = [" + b"[]," * 3_000_000 + b"]"]
)
@pytest.mark.parametrize("inside", ["models/a.py", "__manifest__.py"])
def test_syntax_tree_that_would_fill_the_memory(worker: Worker, inside: str, content: bytes) -> None:
    role = "manifest" if inside.startswith("__") else "code"
    assert [problem.kind for problem in read(worker, inside, content, role).problems] == ["too-large"]


def test_long_text_is_no_long_code(worker: Worker) -> None:
    assert not read(worker, "models/a.py", "X = '" + "QUJD" * 600_000 + "'\n").problems


@pytest.mark.parametrize("number", ["9" * 1_000_000, "0x" + "f" * 40, "-0x" + "f" * 1_000_000, "1e999"])
def test_huge_numbers(worker: Worker, number: str) -> None:
    code = f"    x = fields.Char(size={number}, default={number}, states={{'a': {number}}})\n"
    read(worker, "models/a.py", HEAD.partition("    def")[0] + code)
    read(
        worker,
        "__manifest__.py",
        f"{{'name': 'x', 'installable': {number}, 'depends': [{number}]}}",
        "manifest",
    )


def test_nothing_is_computed(worker: Worker) -> None:
    read(worker, "__manifest__.py", "{'name': 'x' * 10 ** 10, 'a': 10 ** 10 ** 10}", "manifest")
    huge = "cr.execute('%1000000000d' % 3)\n        cr.execute('{:>1000000000}'.format(1))\n"
    doubled = "X0 = 'a' * 10 ** 10\n" + "".join(f"X{i + 1} = X{i} + X{i}\n" for i in range(60))
    read(worker, "models/a.py", f"{doubled}Y = 9 ** 9 ** 9 ** 9\n{HEAD}{huge}        eval(X60)\n")


# XML that reaches out

_LOL = "".join(f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(12))


@pytest.mark.parametrize(
    "content",
    [
        f"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>{_LOL}]><odoo><data>&m;</data></odoo>",
        f"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>{_LOL}]><odoo><data x='&m;'/></odoo>",
        f"<!DOCTYPE l [<!ENTITY a '{'a' * 100_000}'>]><odoo><data x='{'&a;' * 50_000}'/></odoo>",
        "<!DOCTYPE l [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><odoo x='&a;'>&a;</odoo>",
        "<!DOCTYPE odoo SYSTEM 'file:///dev/zero'><odoo><data/></odoo>",
        "<!DOCTYPE l [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x.dtd'>%p;]><odoo><data x='&a;'/></odoo>",
    ],
)
def test_entities_that_grow_or_reach_out(worker: Worker, content: str) -> None:
    read(worker, "views/a.xml", content)


def test_entities_bring_no_file(root: Path) -> None:
    secret = root / "secret.txt"
    secret.write_text("eval(password_of_the_host)")
    record = "<record id='x' model='ir.actions.server'><field name='code'>%s</field></record>"
    for number, (kind, inside) in enumerate(
        [
            (f"<!DOCTYPE l [<!ENTITY a SYSTEM 'file://{secret}'>]>", "&a;"),
            (f"<!DOCTYPE l [<!ENTITY % p SYSTEM 'file://{secret}'>%p;]>", "&p;"),
            ("", f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{secret}' parse='text'/>"),
        ]
    ):
        make_addon(root, "shop", {f"views/{number}.xml": f"{kind}<odoo>{record % inside}</odoo>"})
    done = lint(root, "-f", "json", "--no-cache", "--select", "security")
    assert "password_of_the_host" not in done.out + done.err


# bytes that are not what they say


@pytest.mark.parametrize(
    "codec", "rot13 hex idna punycode unicode_escape undefined mbcs bz2 utf-7 ..-os.path utf-32".split()
)
@pytest.mark.parametrize("extension", ["py", "xml"])
def test_lying_declarations(worker: Worker, codec: str, extension: str) -> None:
    for tail in (b"", b"\xe9", b"+2AA-", b"\\x", b"a..b" * 2000, b"\0"):
        text = b"# coding: " + codec.encode() + b"\nx = 1" + tail
        if extension == "xml":
            text = b"<?xml version='1.0' encoding='" + codec.encode() + b"'?><odoo>" + tail + b"</odoo>"
        for start in (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
            read(worker, f"models/a.{extension}", start + text)
            read(worker, f"models/a.{extension}", start + text.decode("latin-1").encode("utf-16"))


# names


@POSIX
def test_names_that_mean_something_elsewhere(root: Path) -> None:
    names = [
        "a\nb",
        "%s%n",
        "[red]x[/red]",
        "<img src=x onerror=alert(1)>",
        "\x1b[31mred",
        "\x07",
        "::error::x",
        "-rf",
        "--select",
        "{0}",
        "$(touch mark)",
        "`touch mark`",
        "a;touch mark",
        "\u202egnp",
        "a'\"b",
    ]
    for name in names:
        make_addon(root, name, {f"models/{name}.py": INJECTION, f"models/x{name}.py": "def f(:\n"})
    for format in ("text", "json", "sarif"):
        done = lint(root, "--no-cache", "-f", format, "--exit-zero")
        assert done.code == 0
        assert not {"\x1b", "\x07"} & set(done.out + done.err), format
        if format != "text":
            assert len(json.loads(done.out)) > 2
    found = json.loads(lint(root, "--no-cache", "-f", "json").out)["findings"]
    assert len([item for item in found if item["rule"] == "sql-injection"]) == len(names) + 1
    assert not list(root.rglob("mark"))


# files that are none


@POSIX
def test_links_and_devices(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.py").write_text("def password_of_the_host(:\n")
    make_addon(root, "linked", {"models/a.py": ""})
    (root / "linked" / "__manifest__.py").unlink()
    (root / "linked" / "__manifest__.py").symlink_to(outside / "secret.py")
    for name, target in {"zero.py": "/dev/zero", "own.py": "own.py", "out.py": outside / "secret.py"}.items():
        (root / "shop" / "models" / name).symlink_to(target)
    (root / "shop" / "views").symlink_to(outside)
    for folder in (root, root / "shop"):
        os.mkfifo(folder / ".gitignore")
    os.mkfifo(root / "odoo.conf")
    os.mkfifo(root / "shop" / "models" / "pipe.py")
    (root / "zero").mkdir()
    (root / "zero" / "__manifest__.py").symlink_to("/dev/zero")
    (root / "folder" / "__manifest__.py").mkdir(parents=True)
    done = lint_outside(root, "-f", "json", "--no-cache")
    assert BAD in done.found
    assert "password_of_the_host" not in done.out + done.err
    assert "linked/__manifest__.py:1: " in done.err


def test_patterns_that_would_take_for_ever(root: Path) -> None:
    (root / ".gitignore").write_text("*a" * 30 + "b\n" + "**/" * 30 + "x\n" + "[" * 5000 + "\n!\n\\\n")
    make_addon(root, "shop", {"models/" + "a" * 200 + ".py": INJECTION})
    start = time.monotonic()
    assert BAD in lint(root, "-f", "json", "--no-cache").found
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("after", [None, b"def f(:\n", b"\xff"])
def test_file_that_changes_in_mid_run(
    root: Path, monkeypatch: pytest.MonkeyPatch, after: bytes | None
) -> None:
    """The second reading of a file finds it gone or changed; so do reports, which show its code."""
    victim = root / "shop/models/other.py"
    victim.write_text(INJECTION)
    seen = root.parent / f"{root.name}-seen"
    real = source.read_bytes

    def racing(path: str) -> bytes:
        content = real(path)
        if path.endswith("other.py"):
            seen.touch()
            victim.unlink(missing_ok=True)
            if after is not None:
                victim.write_bytes(after)
        return content

    for module in (
        "odoo_debt_lint.reading.worker",
        "odoo_debt_lint.reading.stage",
        "odoo_debt_lint.report.model",
    ):
        monkeypatch.setattr(f"{module}.read_bytes", racing)
    for format in ("text", "json", "sarif"):
        assert lint(root, "-f", format, "--exit-zero").code == 0
    assert seen.exists()
    monkeypatch.undo()
    found = lint(root, "-f", "json").found
    assert BAD in found
    assert "shop/models/other.py:2 sql-injection" not in found, (
        "the cache keeps what was read, by its content"
    )


# no space, no rights, no files


def test_full_disk(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache.os, "replace", _full)
    assert lint(root, "-f", "json").found == [BAD]
    assert not list((root / ".odoo-debt-lint-cache").glob("*.pack"))
    assert not list((root / ".odoo-debt-lint-cache").glob("*.tmp"))


def _full(*args: Any) -> None:
    raise OSError(28, "No space left on device")


@POSIX
def test_full_disk_for_reports(root: Path, tmp_path: Path) -> None:
    import resource

    target = tmp_path / "report.json"
    target.write_text("the last one")

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = lint_outside(root, "-f", f"json:{target}", before=small)
    assert (done.code, target.read_text()) == (2, "the last one")
    assert "report.json: File too large" in done.err
    assert not list(tmp_path.glob(".*.tmp"))


@POSIX
def test_few_open_files(root: Path) -> None:
    import resource

    _many(root, 120)
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))  # noqa: E731
    done = lint_outside(root, "-f", "json", "--jobs", "2", "--no-cache", before=limit)
    assert BAD in done.found
    assert not done.data["problems"]


def _many(root: Path, count: int, size: int = 12_000) -> None:
    """Enough code for worker processes."""
    filler = "X = 'some text'  # a comment\n" * (size // 29)
    make_addon(root, "large", {f"models/m{number}.py": filler for number in range(count)})


# signals and workers


def _listens() -> None:
    """A process started from the background ignores what a terminal sends, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _slow_run(root: Path, target: Path) -> subprocess.Popen[bytes]:
    """A run in worker processes in which one file takes very long."""
    script = (
        "import sys, time, odoo_debt_lint.reading.worker as w; real = w.Worker.run\n"
        "def run(self, job, content=None):\n"
        "    if job.path.endswith('m0.py'): print('slow', file=sys.stderr, flush=True); time.sleep(60)\n"
        "    return real(self, job, content)\n"
        "w.Worker.run = run\n"
        "from odoo_debt_lint.cli.program import main; main()\n"
    )
    words = [str(root), "-f", f"json:{target}", "--no-cache", "--jobs", "2", "--select", "sql-injection"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        env=environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_listens,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == b"slow\n"
    return process


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(word) for word in text.split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_stopped_run(root: Path, tmp_path: Path, number: int, code: int) -> None:
    _many(root, 120)
    target = tmp_path / "report.json"
    target.write_text("the last one")
    process = _slow_run(root, target)
    workers = _children(process)
    start = time.monotonic()
    process.send_signal(number)
    err = process.stderr.read() if process.stderr is not None else b""
    assert process.wait(30) == code
    assert time.monotonic() - start < 30
    assert b"Traceback" not in err, err.decode()
    assert target.read_text() == "the last one"
    assert not list(tmp_path.glob(".*.tmp"))
    last = time.monotonic() + 20
    while any(map(_alive, workers)) and time.monotonic() < last:
        time.sleep(0.05)
    assert not [pid for pid in workers if _alive(pid)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs fork")
def test_a_killed_worker_costs_one_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Worker.run

    def deadly(self: Worker, job: Job, content: bytes | None = None) -> FileResult:
        if job.path.endswith("m7.py"):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, job, content)

    monkeypatch.setattr(Worker, "run", deadly)
    _many(root, 120)
    done = lint(root, "-f", "json", "--jobs", "2", "--no-cache")
    assert [item["path"] for item in done.data["problems"]] == ["large/models/m7.py"]
    assert done.found == [BAD]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs limits of memory")
def test_a_greedy_worker_costs_one_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Worker.run

    def greedy(self: Worker, job: Job, content: bytes | None = None) -> FileResult:
        return real(self, job, bytes(8 << 30) if job.path.endswith("m7.py") else content)

    monkeypatch.setattr(serving, "WORKER_BYTES", 1 << 30)
    monkeypatch.setattr(Worker, "run", greedy)
    _many(root, 120)
    done = lint(root, "-f", "json", "--jobs", "2", "--no-cache")
    assert [item["path"] for item in done.data["problems"]] == ["large/models/m7.py"]
    assert done.found == [BAD]


def test_a_reader_that_raises_costs_its_file_and_is_2(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("odoo_debt_lint.reading.worker.python_suppressions", lambda *args: 1 / 0)
    make_addon(root, "shop", {"views/a.xml": "<odoo/>"})
    done = lint(root, "-f", "json", "--no-cache")
    assert done.code == 2
    assert {item["kind"] for item in done.data["problems"]} == {"internal-error"}
    assert "the reader crashed: ZeroDivisionError" in done.err


# nothing of the linted tree runs


def _trap(root: Path) -> Path:
    """An addon and a project around it that leave a mark when anything of them is executed."""
    mark = root / "MARK"
    call = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    shell = f"touch {mark}"
    code = f"import pathlib\n{call}\n"
    manifest = MANIFEST.rstrip()[:-1] + f", 'data': [{call}], 'summary': f'{{{call}}}'}}\n"
    make_addon(
        root,
        "trap",
        {
            "__manifest__.py": manifest,
            **dict.fromkeys(["__init__.py", "models/a.py", "hooks.py", "setup.py", "tests/test_a.py"], code),
            "static/src/a.js": "require('x')",
            "views/a.xml": f"<odoo><field name='x' eval='{call!r}'/></odoo>",
        },
    )
    for name in (
        "setup.py",
        "conftest.py",
        "sitecustomize.py",
        "usercustomize.py",
        "evil.py",
        "odoo_debt_lint.py",
        "libcst.py",
        "lxml.py",
        "msgspec.py",
        "ast.py",
        "pylint_odoo.py",
    ):
        (root / name).write_text(code)
        (root / "trap" / name).write_text(code)
    (root / "evil.pth").write_text(f"import pathlib; {call}\n")
    (root / ".pylintrc").write_text(f"[MAIN]\nload-plugins=evil\ninit-hook={call}\n")
    (root / ".semgrep.yml").write_text("rules: []\n")
    (root / "odoo.conf").write_text("[options]\naddons_path = /dev/fd, ~, /, .., \0, evil, $(touch MARK)\n")
    (root / ".git" / "hooks").mkdir(parents=True, exist_ok=True)
    for hook in ("post-checkout", "pre-commit", "post-index-change"):
        (root / ".git" / "hooks" / hook).write_text(f"#!/bin/sh\n{shell}\n")
        (root / ".git" / "hooks" / hook).chmod(0o755)
    with (root / ".git" / "config").open("a") as stream:
        stream.write(
            f"[core]\nfsmonitor = {shell}\npager = {shell}\nsshCommand = {shell}\n"
            f"[diff]\nexternal = {shell}\n"
            f'[diff "x"]\ntextconv = {shell}\n[filter "x"]\nclean = {shell}\nprocess = {shell}\n'
            f"[log]\nshowSignature = true\n[gpg]\nprogram = {shell}\n[alias]\nlog = !{shell}\n"
            f'[protocol "ext"]\nallow = always\n[remote "o"]\nurl = ext::sh -c "{shell}"\npromisor = true\n'
        )
    (root / ".gitattributes").write_text("* diff=x filter=x\n")
    return mark


@POSIX
def test_nothing_of_the_linted_tree_runs(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q", str(tmp_path)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], cwd=tmp_path, check=True)
    mark = _trap(tmp_path)
    done = _inside(tmp_path, "-f", "json", "--no-cache")
    assert done.code in (0, 1), done.err
    assert json.loads(done.out)["findings"]
    assert not mark.exists()
    _inside(tmp_path, "-f", "json", "--engine", "pylint")
    _inside(tmp_path, "inventory", ".")
    assert not mark.exists()


def _inside(folder: Path, *words: str) -> Done:
    """The command as its console script runs it, in the linted folder."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from odoo_debt_lint.cli.program import main; main()"
    )
    command = [sys.executable, "-I", "-c", script, *(words if "inventory" in words else [".", *words])]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_configuration_cannot_name_code(root: Path) -> None:
    for text in ('plugins = ["evil"]\n', 'load-plugins = "evil"\n', 'rules = ["./evil.py"]\n'):
        (root / "odoo-debt-lint.toml").write_text(text)
        done = lint(root, "--config", root / "odoo-debt-lint.toml")
        assert (done.code, "unknown key" in done.err) == (2, True)


# an index that is a bomb


def test_index_that_is_a_bomb(root: Path, tmp_path: Path) -> None:
    import zipfile

    bomb = tmp_path / "core.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.json", b" " * (600 << 20))
    done = lint_outside(root, "--odoo-path", bomb, "--select", "inheritance", before=_little_memory)
    assert done.code == 2
    assert "odoo-debt-lint: error: " in done.err


def _little_memory() -> None:
    if sys.platform.startswith("linux"):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def test_jobs_of_every_kind_come_back(worker: Worker, tmp_path: Path) -> None:
    jobs = [
        (Job(str(tmp_path / name), name, name, "code", "a", "16.0"), 0)
        for name in ("gone.py", "gone.xml", "x.csv")
    ]
    problems = [json.loads(json.dumps(result.decode("latin-1"))) for _, result in run_jobs(worker, jobs, 1)]
    assert len(problems) == 3
