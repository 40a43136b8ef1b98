"""Shell command put together from values.

## What it does
Reports commands which a shell reads and which are not written in the source: `os.system`, `os.popen`,
`subprocess.getoutput`, any `subprocess` function with `shell=True`, GitPython's `repo.git.execute` with it,
and `["sh", "-c", command]`.

## Why is this bad
A `;`, `|` or `$()` in a value runs any program with the rights of the Odoo server.

## How to fix
Pass a list without a shell: `subprocess.run(["convert", path, target], check=True)`.

## Not reported
List arguments, constant commands, numbers, parts that go through `shlex.quote`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import Arrival, Judged, arriving, noted
from odoo_debt_lint.checks.security._glance import calls, is_named
from odoo_debt_lint.checks.security._web import argument, matches, resolved, word
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Confidence, Hit, Marks, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_SHELL = frozenset(
    (
        "os.system os.popen os.popen2 os.popen3 os.popen4 subprocess.getoutput subprocess.getstatusoutput "
        "commands.getoutput commands.getstatusoutput popen2.popen2 popen2.popen3 "
        "asyncio.create_subprocess_shell asyncio.subprocess.create_subprocess_shell"
    ).split()
)
_PROGRAM = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
_SHELLS = ("sh", "bash", "zsh", "dash", "/bin/sh", "/bin/bash", "cmd", "cmd.exe", "powershell")


def check(call: Any, body: Body) -> Marks:
    node = _command(call, body.callee(call), body)
    if node is None:
        return
    value = body.flow.value(node)
    if value.level <= Level.NUMBER or _quoted(body, value):
        return
    yield from noted(body, call, value)
    message, severity, confidence = judge(value)
    yield Hit(call, message, severity, confidence, flow=lambda: body.flow_locations(value))


def judge(value: Value | Arrival) -> Judged:
    """What to say of a command with this value."""
    text = f"a shell reads this command, put together {_origin(value)}; pass a list and no shell"
    return text, None, Confidence.MEDIUM if value.level is Level.VAGUE else None


def _command(call: Any, symbol: str, body: Body) -> Any:
    """The node of the text which a shell reads; None when no shell does."""
    if symbol in _SHELL:
        return argument(call, 0, "cmd", "command")
    if not matches(symbol, _PROGRAM) and not symbol.endswith(".git.execute"):
        return None
    node = argument(call, 0, "args", "command")
    if node is None:
        return None
    form = resolved(body, node)
    if isinstance(form, cst.List | cst.Tuple):
        return _shell_item(form, body)
    return node if _has_shell(call, body) else None


def _has_shell(call: Any, body: Body) -> bool:
    """Whether the call asks for a shell: in its words, by a constant, or in ``**options``."""
    if word(call, "shell") in ("True", "1"):
        return True
    called = body.flow.call(call)
    named = called.kwargs.get("shell") if called is not None else None
    if named is not None:
        return named.symbol == "True"
    starred = called.kwargs.get("**") if called is not None else None
    shell = (starred.items or {}).get("shell") if starred is not None else None
    return shell is not None and shell.symbol == "True"


def _shell_item(form: Any, body: Body) -> Any:
    """The command in ``["sh", "-c", command]``."""
    items = [element.value for element in form.elements]
    if len(items) < 3 or body.flow.value(items[0]).text not in _SHELLS:
        return None
    flag = body.flow.value(items[1]).text or ""
    return items[2] if flag.lower() in ("-c", "-lc", "-ec", "/c", "-command") else None


def _quoted(body: Body, value: Value) -> bool:
    """Whether all that is not known in the text may have gone through ``shlex.quote``."""
    return value.level is Level.VAGUE and any(
        called.symbol in ("shlex.quote", "shlex.join", "pipes.quote", "subprocess.list2cmdline")
        for called in body.flow.met.values()
    )


def _origin(value: Value | Arrival) -> str:
    if value.level is Level.USER:
        return "from a request value"
    if value.level is Level.ARGUMENT:
        return "from an argument that any user can send through RPC"
    return "from values"


_FLAG = re.compile(r"[\"'](?:-c|-lc|-ec|/c|-command)[\"']", re.I)
_LAST = frozenset(name.rpartition(".")[2] for name in _SHELL)


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether a shell may be run: by a function that does nothing else, or by what is given to others."""
    if is_named(unit, file, _LAST) or _FLAG.search(file.text.text):
        return True
    starred = "shell" in file.words
    return any(
        word.arg == "shell" or (starred and word.arg is None)
        for call in calls(unit)
        for word in call.keywords
    )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=45,
    listeners=(OnNode(("Call",), check), arriving("command-injection", judge)),
    roles=frozenset({"code", "hook", "migration"}),
    glance=glance,
    tags=("data-flow",),
    triggers=(
        b"os.system",
        b"system(",
        b"popen",
        b"Popen",
        b"subprocess",
        b"getoutput",
        b"getstatusoutput",
        b"check_output",
        b"check_call",
        b"shell",
        b'"-c"',
        b"'-c'",
    ),
)
