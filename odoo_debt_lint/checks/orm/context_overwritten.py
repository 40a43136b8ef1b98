"""Context replaced instead of extended.

## What it does
Reports `with_context({...})` with a dictionary that does not contain the present context, and
`self.env(context={...})`.

## Why is this bad
A positional dictionary replaces the whole context: language, time zone and the flags that callers rely on
are gone, so texts come out in English, and whatever a caller has switched off is on again. `with_context`
keeps the allowed companies since 13.0; `env(context=...)` does not, so records of other companies appear.

## How to fix
Keyword arguments extend it: `with_context(active_test=False)`, `with_context(**values)`; for an environment
`self.env(context=dict(self.env.context, active_test=False))`.

## Not reported
Keywords; dictionaries made from `self.env.context`; contexts of actions and views; hooks of an installation,
which begin without a context. An empty dictionary,
which clears the context on purpose, has low confidence.
"""

from __future__ import annotations

import ast

from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_CONTEXT = 2
"""Its place in ``env(cr, user, context)``."""
_TEXTS = {
    "with_context": (
        "the context is replaced, so language, time zone and all other keys are lost; "
        "extend it with keyword arguments"
    ),
    "env": (
        "the context is replaced, so language, companies and all other keys are lost; "
        "extend it: context=dict(self.env.context, ...)"
    ),
}


def check(file: PythonFile) -> Hits:
    for name in ("with_context", "env"):
        for event in file.skeleton.events.get(name, ()):
            given = _context(event.node, name)
            if given is None:
                continue
            code = file.code(event.root, event.klass)
            if _replaces(code, given) and not _is_hook(code):
                yield Hit(
                    file.skeleton.span(event.node),
                    _TEXTS[name],
                    confidence=Confidence.LOW if _is_empty(given) else None,
                    entity=code.entity,
                )


def _context(call: ast.Call, name: str) -> ast.expr | None:
    if not isinstance(call.func, ast.Attribute):
        return None
    if name == "with_context":
        return call.args[0] if call.args else None
    named = next((word.value for word in call.keywords if word.arg == "context"), None)
    return call.args[_CONTEXT] if len(call.args) > _CONTEXT else named


def _is_hook(code: Code) -> bool:
    """Code of an installation, whose environment is new and has no context to lose."""
    top = not code.klass and code.file.path.endswith("__init__.py")
    return top or code.file.role == "hook"


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and not node.keys


def _replaces(code: Code, node: ast.expr) -> bool:
    """Whether the context is a dictionary written there and nothing else went into it."""
    if isinstance(node, ast.Dict):
        return None not in node.keys
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return not node.args and all(word.arg for word in node.keywords)
    if not isinstance(node, ast.Name):
        return False
    bound = code.bindings.get(node.id, [])
    if not bound or any(how != "value" or value is None for how, value in bound):
        return False
    if any(isinstance(value, ast.Name) or value is None or not _replaces(code, value) for _, value in bound):
        return False
    return not _is_updated(code, node.id)


def _is_updated(code: Code, name: str) -> bool:
    for node in code.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            same = isinstance(node.func.value, ast.Name) and node.func.value.id == name
            if same and not (
                node.args and isinstance(node.args[0], ast.Dict) and _replaces(code, node.args[0])
            ):
                return True
    return False


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=10,
    listeners=(OnModule(check),),
)
