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
Attributes of records, requests and other objects; what a function kept and puts back; flags set on a class
of the registry, and what a model keeps on its own (`self.env.registry[self._name]`); new kinds of fields
put into `odoo.fields`; classes of the addon itself and of a registry of its own; tests. A patch that the
class takes back with `_revert_method` is medium.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_CALLS = frozenset({"setattr", "_patch_method"})
_REGISTRIES = frozenset({"registry", "_registry", "pool"})
_CLASS = re.compile(r"type\((?:self\.)?env")
_SET = re.compile(r"[\w.]+[ \t]*=(?!=)")
_REGISTRY = re.compile(r"(^|\.)(pool|registry|_registry)\[\]$")
_RECORDS = re.compile(r"(^|\.)(env|pool|registry)(\(\))?\[\]$")
_OWN_REGISTRY = re.compile(r"^\s+self\.registry\b[^=\n(\[]*=(?!=)", re.MULTILINE)
_FIELDS = frozenset(
    (
        "Field Boolean Integer Float Monetary Char Text Html Date Datetime Binary Image Selection Reference "
        "Many2one Many2oneReference One2many Many2many Json Properties PropertiesDefinition Id Command "
        "Domain Serialized"
    ).split()
)
"""What Odoo has under ``odoo.fields``; another class there is a new kind of field and replaces nothing."""
_OBJECTS = re.compile(r"^odoo\.(http\.(request|root)|tools\.config|_)\b|^odoo\.(release|conf)\b")


def check(file: PythonFile) -> Hits:
    assigned = _assigned(file)
    called = [] if _CALLS.isdisjoint(file.words) else list(filter(_is_call, file.skeleton.kinds[ast.Call]))
    if not (called or any(map(_of_others, assigned))) or not _may_patch(file, assigned):
        return
    own = _OWN_REGISTRY.search(file.text.text) is not None
    functions = [
        _Function(node, own) for node in file.skeleton.statements if isinstance(node, ast.FunctionDef)
    ]
    for node in (*assigned, *called):
        inside = [item for item in functions if item.first <= node.lineno <= item.last]
        target = _patched(file, node, inside[-1] if inside else None)
        if target:
            reverts = "_revert_method" in file.text.text and _is_patch_method(node)
            yield Hit(
                file.skeleton.span(node),
                f"{target} is patched: for every database of the server, past all inheritance",
                severity=Severity.MEDIUM if reverts else None,
            )


def _assigned(file: PythonFile) -> list[ast.Assign]:
    """The statements that set an attribute."""
    return [
        node
        for node in file.skeleton.statements
        if isinstance(node, ast.Assign) and any(isinstance(item, ast.Attribute) for item in node.targets)
    ]


def _may_patch(file: PythonFile, assigned: list[ast.Assign]) -> bool:
    """A quick look: something is set on a name imported from Odoo, or on a class of the registry."""
    text, words = file.text.text, file.words
    if not _CALLS.isdisjoint(words):
        return True
    if not _REGISTRIES.isdisjoint(words) and any(
        word in text for word in ("registry[", "registry(", "pool[")
    ):
        return True
    if "type" in words and _CLASS.search(text):
        return True
    heads = {dotted(target).partition(".")[0] for node in assigned for target in node.targets}
    return any(
        _is_set(text, name)
        for name, target in file.skeleton.names.items()
        if name in heads and target.startswith(("odoo", "openerp"))
    )


def _is_set(text: str, name: str) -> bool:
    """Whether a line begins with an assignment to an attribute of the name."""
    start = text.find(f"{name}.")
    while start >= 0:
        if _SET.match(text, start) and not text[text.rfind("\n", 0, start) + 1 : start].strip():
            return True
        start = text.find(f"{name}.", start + 1)
    return False


def _of_others(node: ast.Assign) -> bool:
    """A look without the function around: attributes of ``self`` are nobody else's."""
    return any(
        isinstance(target, ast.Attribute)
        and not (isinstance(target.value, ast.Name) and target.value.id in ("self", "cls"))
        for target in node.targets
    )


def _is_call(node: ast.Call) -> bool:
    """Whether a function is called that replaces an attribute."""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _CALLS


def _patched(file: PythonFile, node: ast.Assign | ast.Call, function: _Function | None) -> str:
    """What the statement replaces, in words; empty when it is no patch."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if not isinstance(target, ast.Attribute) or target.attr in ("__bases__", "__doc__"):
                continue
            if isinstance(node.value, ast.Constant) and _of_registry(target.value, function):
                continue
            if _is_new_field(file, node.value, target):
                continue
            if _is_foreign(file, target.value, function) and not _puts_back(node.value, target, function):
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


def _is_new_field(file: PythonFile, value: ast.expr, target: ast.Attribute) -> bool:
    """``fields.GeoPoint = GeoPoint``, a class of the file, as Odoo's own ``base_sparse_field`` does."""
    owner = resolve(dotted(target.value), file.skeleton.names)
    if owner not in ("odoo.fields", "openerp.fields") or target.attr in _FIELDS:
        return False
    return isinstance(value, ast.Name) and file.klass(value.id) is not None


def _puts_back(value: ast.expr, target: ast.Attribute, function: _Function | None) -> bool:
    """``module.name = previous``, where the function kept it: the patch is what stands before that."""
    return (
        function is not None
        and isinstance(value, ast.Name)
        and any(
            isinstance(node, ast.Assign)
            and dotted(node.value) == dotted(target)
            and dotted(node.targets[0]) == value.id
            for node in function.nodes
        )
    )


def _is_patch_method(node: ast.Assign | ast.Call) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_patch_method"


def _shown(node: ast.expr) -> str:
    return dotted(node) if "?" not in dotted(node) else "a class of the registry"


def _is_foreign(file: PythonFile, owner: ast.expr, function: _Function | None) -> bool:
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


def _is_local(name: str, function: _Function | None) -> bool:
    """Whether the function has a parameter or variable of the name, which hides the import."""
    return function is not None and name in function.local


def _of_registry(owner: ast.expr, function: _Function | None) -> bool:
    """``type(self.env[...])``, ``self.pool[...]``, or a variable that was set to one of them."""
    if isinstance(owner, ast.Call):
        typed = isinstance(owner.func, ast.Name) and owner.func.id == "type" and len(owner.args) == 1
        return typed and _RECORDS.search(dotted(owner.args[0])) is not None
    if isinstance(owner, ast.Subscript):
        if dotted(owner.slice) in ("self._name", "cls._name"):
            return False
        own = function is not None and function.own_registry and dotted(owner) == "self.registry[]"
        return not own and _REGISTRY.search(dotted(owner)) is not None
    return function is not None and isinstance(owner, ast.Name) and owner.id in function.of_registry


class _Function:
    """A function, and what its names stand for. ``own_registry``: ``self.registry`` is set by the file itself
    and need not be Odoo's."""

    def __init__(self, node: ast.FunctionDef, own_registry: bool) -> None:
        self.node, self.first, self.last = node, node.lineno, node.end_lineno or node.lineno
        self.own_registry = own_registry

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return nodes_of(self.node)

    @cached_property
    def local(self) -> set[str]:
        """Parameters and variables."""
        arguments = self.node.args
        found = {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        stored = (
            node for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )
        return found.union(node.id for node in stored)

    @cached_property
    def of_registry(self) -> set[str]:
        """Variables that are set to a class of the registry."""
        return {
            target.id
            for node in self.nodes
            if isinstance(node, ast.Assign)
            and not isinstance(node.value, ast.Name)
            and _of_registry(node.value, self)
            for target in node.targets
            if isinstance(target, ast.Name)
        }


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=120,
    listeners=(OnModule(check),),
    tags=("upgrade",),
)
