"""Method of a model or module of Odoo replaced by assignment.

## What it does
Reports assignments onto classes and modules imported from Odoo or other addons (`SaleOrder.write = ...`,
`setattr`), onto the class of a model taken from the registry, and `_patch_method()`.

## Why is this bad
A patch is there for every database of the server, whether the addon is installed or not. It passes by
inheritance, so no other addon can see or extend it, and it breaks without notice at the next upgrade.

## How to fix
Extend the model with `_inherit` and call `super()`. Where that cannot be done, patch in `_register_hook()`
and revert in `_unregister_hook()`.

## Not reported
Attributes of records, requests and other objects; flags set on a class of the registry; classes of the addon
itself; tests. A patch that the class takes back with `_revert_method` is medium.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_WORDS = ("setattr(", "_patch_method", "registry[", "pool[", "type(self.env", "type(env", "registry(")
_SET = re.compile(r"[\w.]+[ \t]*=(?!=)")
_REGISTRY = re.compile(r"(^|\.)(pool|registry|_registry)\[\]$")
_RECORDS = re.compile(r"(^|\.)(env|pool|registry)(\(\))?\[\]$")
_OBJECTS = re.compile(r"^odoo\.(http\.(request|root)|tools\.config|_)\b|^odoo\.(release|conf)\b")


def _may_patch(file: PythonFile) -> bool:
    """A quick look: something is set on a name imported from Odoo, or on a class of the registry."""
    text = file.text.text
    if any(word in text for word in _WORDS):
        return True
    for name, target in file.skeleton.names.items():
        if not target.startswith(("odoo", "openerp")):
            continue
        start = text.find(f"{name}.")
        while start >= 0:
            if _SET.match(text, start) and not text[text.rfind("\n", 0, start) + 1 : start].strip():
                return True
            start = text.find(f"{name}.", start + 1)
    return False


def check(file: PythonFile) -> Hits:
    if not _may_patch(file) or not any(map(_may_be_patch, _candidates(file))):
        return
    for node, function in _nodes(file.tree, None):
        target = _patched(file, node, function)
        if target:
            reverts = "_revert_method" in file.text.text and _is_patch_method(node)
            yield Hit(
                file.skeleton.span(node),
                f"{target} is patched: for every database of the server, past all inheritance",
                severity=Severity.MEDIUM if reverts else None,
            )


def _candidates(file: PythonFile) -> Iterator[ast.AST]:
    yield from file.skeleton.statements
    yield from file.skeleton.kinds[ast.Call]


def _may_be_patch(node: ast.AST) -> bool:
    """A look without the function around: attributes of ``self`` are nobody else's."""
    if isinstance(node, ast.Assign):
        return any(
            isinstance(target, ast.Attribute)
            and not (isinstance(target.value, ast.Name) and target.value.id in ("self", "cls"))
            for target in node.targets
        )
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("_patch_method", "setattr")


def _nodes(
    tree: ast.AST, function: ast.FunctionDef | None
) -> Iterator[tuple[ast.Assign | ast.Call, ast.FunctionDef | None]]:
    """Assignments and calls with the function around them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Assign | ast.Call):
            yield node, function
        if not isinstance(node, ast.expr_context | ast.Name | ast.Constant):
            yield from _nodes(node, node if isinstance(node, ast.FunctionDef) else function)


def _patched(file: PythonFile, node: ast.Assign | ast.Call, function: ast.FunctionDef | None) -> str:
    """What the statement replaces, in words; empty when it is no patch."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if not isinstance(target, ast.Attribute) or target.attr in ("__bases__", "__doc__"):
                continue
            if isinstance(node.value, ast.Constant) and _of_registry(target.value, function):
                continue
            if _is_foreign(file, target.value, function):
                return f"{_shown(target.value)}.{target.attr}"
        return ""
    name = node.func
    if _is_patch_method(node) and len(node.args) == 2:
        method = node.args[0]
        return f"{method.value!s}()" if isinstance(method, ast.Constant) else "a method"
    if isinstance(name, ast.Name) and name.id == "setattr" and len(node.args) == 3:
        owner, method = node.args[0], node.args[1]
        if _is_foreign(file, owner, function):
            return f"{_shown(owner)}.{str(method.value) if isinstance(method, ast.Constant) else '...'}"
    return ""


def _is_patch_method(node: ast.Assign | ast.Call) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_patch_method"


def _shown(node: ast.expr) -> str:
    return dotted(node) if "?" not in dotted(node) else "a class of the registry"


def _is_foreign(file: PythonFile, owner: ast.expr, function: ast.FunctionDef | None) -> bool:
    """Whether the owner is a class or module that belongs to Odoo or to another addon."""
    if _of_registry(owner, function):
        return True
    name = dotted(owner)
    head = name.partition(".")[0]
    if not re.fullmatch(r"[\w.]+", name) or head in ("self", "cls") or _is_local(head, function):
        return False
    target = resolve(name, file.skeleton.names)
    if not target.startswith(("odoo.", "openerp.")) or head not in file.skeleton.names:
        return False
    own = target.startswith((f"odoo.addons.{file.addon}.", f"openerp.addons.{file.addon}."))
    return not own and not _OBJECTS.match(target.replace("openerp.", "odoo.", 1))


def _is_local(name: str, function: ast.FunctionDef | None) -> bool:
    """Whether the function has a parameter or variable of the name, which hides the import."""
    if function is None:
        return False
    arguments = function.args
    if any(item.arg == name for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)):
        return True
    return any(
        isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Store)
        for item in nodes_of(function)
    )


def _of_registry(owner: ast.expr, function: ast.FunctionDef | None) -> bool:
    """``type(self.env[...])``, ``self.pool[...]``, or a variable that was set to one of them."""
    if isinstance(owner, ast.Call):
        typed = isinstance(owner.func, ast.Name) and owner.func.id == "type" and len(owner.args) == 1
        return typed and _RECORDS.search(dotted(owner.args[0])) is not None
    if isinstance(owner, ast.Subscript):
        return _REGISTRY.search(dotted(owner)) is not None
    if function is None or not isinstance(owner, ast.Name):
        return False
    return any(
        isinstance(item, ast.Assign)
        and not isinstance(item.value, ast.Name)
        and any(isinstance(target, ast.Name) and target.id == owner.id for target in item.targets)
        and _of_registry(item.value, None)
        for item in nodes_of(function)
    )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=120,
    listeners=(OnModule(check),),
    tags=("upgrade",),
)
