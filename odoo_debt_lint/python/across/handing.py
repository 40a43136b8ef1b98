"""What a function hands on besides values: a dict as it came, records with superuser rights.

Told from the ``ast`` alone, as ``names`` does: for the calls that lead into other files, and for a look at a
function before it is parsed exactly.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.python.flow.knowledge import ELEVATING, RECORD_CALLS
from odoo_debt_lint.python.literals import dotted

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

REQUEST = "*"
"""What ``Wholes`` says of the request's own dict."""
_MAX_HOPS = 6
_COPIES = frozenset("dict copy deepcopy loads OrderedDict decode to_dict".split())
_NESTED = frozenset({"get", "pop"})
_OWN = re.compile(
    r"^(odoo\.http\.|http\.)?request\.(params|jsonrequest|get_json_data\(\)|get_http_params\(\)"
    r"|httprequest\.(form|args|values|json|data|get_data\(\)|stream\.read\(\)))$"
)
_CHECKS = (
    "access",
    "consteq",
    "compare_digest",
    "has_group",
    "_is_",
    "token",
    "signature",
    "hmac",
    "secret",
    "api_key",
    "apikey",
    "verif",
    "authenticate",
    "current_user",
    "AccessError",
    "Forbidden",
    "request.uid",
    "partner_id ==",
    "partner_id !=",
    "user_id ==",
    "user_id !=",
)
"""Words of functions that look at who asks, or whether the record is theirs."""
_USER = re.compile(r"(\bif\b|[!=]=|\bin\b|=.,)[^\n]*env\.(user|uid)\b|env\.(user|uid)\b[^\n]*[!=]=")


def checks_caller(text: str) -> bool:
    """Whether a function may look at who asks, by its text: said too often rather than too rarely."""
    text = text.replace("csrf_token", "")
    if any(word in text for word in _CHECKS):
        return True
    return "env.u" in text and bool(_USER.search(text))


class Wholes:
    """Which expressions of a function are the request's dict, or a parameter, untouched."""

    def __init__(self, unit: Unit, file: PythonFile, handles: bool) -> None:
        self.file, self.handles = file, handles
        self.params = parameters(unit)
        self.set: dict[str, list[ast.expr | None]] = {}
        self.grown: dict[str, list[ast.expr]] = {}
        for node in unit.nodes:
            if node.__class__ in _SETTERS:
                for name, value in _settings(node):
                    self.set.setdefault(name, []).append(value)
            elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
                if node.func.attr == "update" and isinstance(node.func.value, ast.Name):
                    self.grown.setdefault(node.func.value.id, []).append(node.args[0])

    def of(self, node: ast.expr | None, seen: frozenset[str] = frozenset()) -> str:
        """``REQUEST``, the name of a parameter, or nothing."""
        if node is None or len(seen) > _MAX_HOPS:
            return ""
        if isinstance(node, ast.Name):
            return self._name(node.id, seen)
        if isinstance(node, ast.Call):
            return self._call(node, seen)
        if isinstance(node, ast.Attribute):
            return REQUEST if self._of_request(node) else ""
        if isinstance(node, ast.Subscript):
            return self.of(node.value, seen)
        return self._first(_parts(node), seen)

    def _first(self, nodes: Iterator[ast.expr], seen: frozenset[str]) -> str:
        return next((found for node in nodes if (found := self.of(node, seen))), "")

    def _name(self, name: str, seen: frozenset[str]) -> str:
        values = self.set.get(name, [])
        if name in seen or not values:
            return (REQUEST if self.handles else name) if name in self.params else ""
        seen = seen | {name}
        return self._first(iter(self.grown.get(name, ())), seen) or (
            self.of(values[0], seen) if len(values) == 1 else ""
        )

    def _call(self, node: ast.Call, seen: frozenset[str]) -> str:
        if self._of_request(node):
            return REQUEST
        func = node.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name in _COPIES:
            spread = (word.value for word in node.keywords if word.arg is None)
            return self._first(iter([*node.args[:1], *spread, *_receiver(func)]), seen)
        return self._first(iter(_receiver(func)), seen) if name in _NESTED else ""

    def _of_request(self, node: ast.expr) -> bool:
        name = dotted(node)
        if "request" not in name:
            return False
        root, _, rest = name.partition(".")
        return bool(_OWN.match(f"{self.file.names.get(root, root)}.{rest}"))


def parameters(unit: Unit) -> set[str]:
    """The names of a function's parameters, without ``self`` and those of ``*args``."""
    given: ast.arguments | None = getattr(unit.node, "args", None)
    if given is None:
        return set()
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *([given.kwarg] if given.kwarg else [])]
    return {item.arg for item in every} - {"self", "cls"}


_SETTERS = frozenset({ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.comprehension})


def _settings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names which a statement sets, with the value if it is theirs alone."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple | ast.List):
                yield from ((item.id, None) for item in target.elts if isinstance(item, ast.Name))
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name):
        yield node.target.id, node.value
    elif isinstance(node, ast.For | ast.comprehension):
        yield from ((item.id, None) for item in ast.walk(node.target) if isinstance(item, ast.Name))


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """Those of which one being a whole makes the expression one: ``{**post}``, ``[post]``, ``post or {}``."""
    if isinstance(node, ast.Dict):
        yield from (value for key, value in zip(node.keys, node.values, strict=True) if key is None)
    elif isinstance(node, ast.List | ast.Tuple):
        yield from node.elts
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.DictComp) and not any(item.ifs for item in node.generators):
        yield from _receiver(getattr(node.generators[0].iter, "func", None))


def _receiver(func: Any) -> list[ast.expr]:
    return [func.value] if isinstance(func, ast.Attribute) else []


def may_elevate(text: str) -> bool:
    """A look that is cheap: may there be superuser rights in a text?"""
    return any(word in text for word in ELEVATING)


class Rights:
    """Which records of a function have superuser rights."""

    def __init__(self, unit: Unit) -> None:
        self.returned: list[ast.expr] = []
        self.set: dict[str, list[ast.expr | None]] = {}
        for node in unit.nodes:
            if node.__class__ in _SETTERS:
                for name, value in _settings(node):
                    self.set.setdefault(name, []).append(value)
            elif isinstance(node, ast.Return) and node.value is not None:
                self.returned.append(node.value)

    @property
    def lends(self) -> bool:
        """Whether the function returns such records: ``return self.env["sale.order"].sudo()``."""
        return any(map(self.of, self.returned))

    def chosen(self, params: set[str]) -> list[str]:
        """The parameters which choose the record that is returned: ``return self.browse(int(order_id))``."""
        found: set[str] = set()
        for node in self.returned:
            values = self.set.get(node.id, []) if isinstance(node, ast.Name) else [node]
            browse = _browse(values[0]) if len(values) == 1 else None
            if browse is not None:
                found.update(item.id for item in ast.walk(browse) if isinstance(item, ast.Name))
        return sorted(found & params)

    def of(self, node: ast.expr | None, hops: int = 0) -> bool:
        if node is None or hops > _MAX_HOPS:
            return False
        if isinstance(node, ast.Name):
            return any(self.of(value, hops + 1) for value in self.set.get(node.id, ()))
        if isinstance(node, ast.Subscript):
            return self.of(node.value, hops + 1)
        if isinstance(node, ast.BoolOp | ast.IfExp):
            return any(self.of(part, hops + 1) for part in _parts(node))
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return False
        if node.func.attr in _ELEVATING:
            return elevates(node)
        return node.func.attr in RECORD_CALLS and self.of(node.func.value, hops + 1)


def _browse(node: ast.expr | None) -> ast.expr | None:
    """The id in ``self.browse(order_id).exists()``."""
    while (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RECORD_CALLS
    ):
        if node.func.attr == "browse":
            return node.args[0] if node.args else None
        node = node.func.value
    return None


def elevates(call: ast.Call) -> bool:
    """Whether a call takes superuser rights."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = [*call.args, *(word.value for word in call.keywords)]
    if name == "sudo":
        return not any(isinstance(item, ast.Constant) and not item.value for item in given)
    return any(map(_superuser, given)) or any(
        word.arg == "su" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in call.keywords
    )


_ELEVATING = frozenset({"sudo", "with_user", "env", "Environment"})


def _superuser(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == 1 and node.value is not True
    return dotted(node).rpartition(".")[2] == "SUPERUSER_ID"
