"""Traces of debugging: print, pdb, breakpoint.

## What it does
Reports `print(...)`, `pprint(...)`, `breakpoint()`, `set_trace()` of `pdb`, `ipdb`, `pudb` and their like,
and an import of such a debugger.

## Why is this bad
A breakpoint stops the worker for ever. What is printed is in no log, has no level, no database and no time,
and often shows data which no log should hold.

## How to fix
Remove it, or write `_logger.debug("...", value)`.

## Not reported
Tests and scripts: files with `if __name__ == "__main__":`, in a folder `scripts`, or which print while they
are imported and declare no class; those for `odoo-bin shell`, with its global `env`; commands of `odoo-bin`;
output into a `file=`.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from odoo_debt_lint.python.imported import is_for_shell, outside
from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_DEBUGGERS = frozenset(
    "pdb ipdb pudb wdb rpdb bpdb epdb web_pdb remote_pdb pydevd debugpy ptvsd IPython".split()
)
_FOLDERS = re.compile(r"/(scripts?|bin|tools?/scripts)/")
_SCRIPT = re.compile(r"^if __name__ ==", re.M)
_STOPS = re.compile(
    r"(^|\.)(set_trace|post_mortem|breakpoint|embed|settrace|wait_for_client|RemotePdb)(\(\))?$"
)
_PRINTS = frozenset({"print", "pprint.pprint", "pprint.pp", "builtins.print"})
_STREAMS = frozenset({"sys.stderr", "sys.stdout"})
_HEADS = _DEBUGGERS | {"print", "pprint", "builtins", "breakpoint", "__import__"}
"""What the names of the calls begin with, and what a file must hold one of."""


def check(file: PythonFile) -> Hits:
    if _HEADS.isdisjoint(file.words) or _is_script(file):
        return
    heads = _HEADS.union(name for name, target in file.names.items() if target.partition(".")[0] in _HEADS)
    stops = False
    for node in file.skeleton.kinds[ast.Call]:
        if _head(node.func) not in heads:
            continue
        name = resolve(dotted(node.func), file.names)
        if _stops(name, file):
            stops = True
            yield Hit(
                file.skeleton.span(node), f"{name}() stops the worker until somebody attaches a debugger"
            )
        elif _prints(node, name, file):
            yield Hit(file.skeleton.span(node), f"{name}() writes past the log: use _logger or remove it")
    if not stops:
        yield from _imports(file)


def _head(function: ast.expr) -> str:
    """The name with which a dotted name begins."""
    while isinstance(function, ast.Attribute | ast.Call | ast.Subscript):
        function = function.func if isinstance(function, ast.Call) else function.value
    return function.id if isinstance(function, ast.Name) else ""


def _stops(name: str, file: PythonFile) -> bool:
    if name == "breakpoint":
        return name not in file.defined
    head = name.partition(".")[0]
    return (head in _DEBUGGERS or head == "__import__()") and bool(_STOPS.search(name))


def _prints(node: ast.Call, name: str, file: PythonFile) -> bool:
    if name not in _PRINTS or name in file.defined:
        return False
    into = (word.value for word in node.keywords if word.arg in ("file", "stream"))
    return all(resolve(dotted(stream), file.names) in _STREAMS for stream in into)


def _imports(file: PythonFile) -> Hits:
    for item in file.facts.imports:
        if item.level == 0 and item.target.partition(".")[0] in _DEBUGGERS:
            yield Hit(item.span, f"import of the debugger {item.target.partition('.')[0]}")


def _is_script(file: PythonFile) -> bool:
    """Something that is run by hand, or a subcommand of ``odoo-bin``: printing is what it is for."""
    if file.embedded:
        return False
    if _SCRIPT.search(file.text.text) or _FOLDERS.search(f"/{file.inside}"):
        return True
    classes = file.facts.classes
    if any(base.endswith("Command") for item in classes for base in item.bases):
        return True
    if is_for_shell(file):
        return True
    # a module that prints while it is imported and declares nothing
    return not classes and any(_is_print(node, file) for root in file.tree.body for node in outside(root))


def _is_print(node: ast.AST, file: PythonFile) -> bool:
    return isinstance(node, ast.Call) and resolve(dotted(node.func), file.names) in _PRINTS


RULE = Rule(
    severity=Severity.LOW,
    block=Block.SECURITY,
    minutes=5,
    listeners=(OnModule(check, embedded=True),),
    roles=frozenset({"code", "hook", "data"}),
)
