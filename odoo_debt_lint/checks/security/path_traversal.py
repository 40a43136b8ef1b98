"""File path that a request decides.

## What it does
Reports request values which reach `open`, `os.path.join`, `send_file`, `file_open`, `Path`, functions of `os`
and `shutil` that take a path, the name under which an upload is saved, and `extractall` of an uploaded
archive.

## Why is this bad
`../../etc/odoo.conf` reads or overwrites any file of the server.

## How to fix
Keep files in `ir.attachment`. Where it must be a file, take `os.path.basename` or `secure_filename` of the
name, or check the real path against the folder. Give `extractall` `filter="data"`.

## Not reported
Numbers, `os.path.basename`, `secure_filename`, values compared with constants or matched by an expression,
code that checks the real path by `startswith`, `commonpath` or `is_relative_to`, and what a `Path` tells of
itself without a look at the disk (`.suffix`, `.parents`).
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import arriving_request, requested
from odoo_debt_lint.checks.security._given import ELSEWHERE, handed, may_be_given
from odoo_debt_lint.checks.security._glance import calls, module_of, uses_module
from odoo_debt_lint.checks.security._web import mentions, resolved, tested, word
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Hit, Marks, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_MESSAGE = "the request decides which file this is; take only the base name, or check the real path"
_FUNCTIONS = frozenset(
    (
        "open io.open codecs.open gzip.open bz2.open os.open os.remove os.unlink os.rename "
        "os.replace os.listdir os.scandir os.makedirs os.mkdir os.rmdir os.walk os.path.join "
        "os.startfile os.chmod shutil.copy shutil.copyfile shutil.copy2 shutil.move shutil.rmtree "
        "pathlib.Path pathlib.PurePath pathlib.PosixPath werkzeug.utils.send_file "
        "werkzeug.send_file flask.send_file werkzeug.utils.send_from_directory odoo.http.send_file "
        "http.send_file odoo.tools.file_open odoo.tools.misc.file_open odoo.tools.file_path "
        "odoo.tools.misc.file_path odoo.http.Stream.from_path http.Stream.from_path tools.file_open "
        "tools.file_path odoo.tools.file_open_temporary_directory zipfile.ZipFile tarfile.open "
        "odoo.modules.get_module_resource odoo.modules.module.get_module_resource "
        "odoo.modules.module.get_resource_path odoo.modules.get_resource_path"
    ).split()
)
_ALL_ARGUMENTS = frozenset(
    (
        "os.path.join shutil.copy shutil.copyfile shutil.copy2 shutil.move pathlib.Path pathlib.PurePath "
        "pathlib.PosixPath"
    ).split()
)
_PATH_METHODS = frozenset({"read_text", "read_bytes", "write_text", "write_bytes"})
_OF_PATHS = _PATH_METHODS | {"open", "unlink", "touch", "rename", "replace", "iterdir", "rmdir"}
"""What is done with a path that ``/`` has joined."""
_ASKED = frozenset(
    {"anchor", "is_absolute", "match", "name", "parents", "parts", "root", "stem", "suffix", "suffixes"}
)
"""What a path tells of itself."""
_EXTRACTS = frozenset({"extractall", "extract"})
_ARCHIVES = frozenset({"zipfile.ZipFile", "tarfile.open"})
_CONTAINED = re.compile(r"\.startswith\(|commonpath|commonprefix|is_relative_to|relative_to\(")
_REAL = re.compile(r"realpath|abspath|\.resolve\(|normpath|safe_join")
_TESTED = re.compile(r"\bre\.(full)?match|\.(full)?match\(|['\"]\.\.['\"]|['\"]/['\"]|\bin [A-Z_]{3,}")


def check(call: Any, body: Body) -> Marks:
    node = _path(call, body)
    if node is None or _contained(body) or tested(body, node, _TESTED):
        return
    value = body.flow.value(node)
    if body.last_name(call) in _EXTRACTS:
        yield Hit(call, _MESSAGE, flow=lambda: body.flow_locations(value))
    else:
        yield from requested(body, call, value, _MESSAGE)


def _path(call: Any, body: Body) -> Any:
    """The node of a path that comes with the request."""
    symbol = body.callee(call)
    last = symbol.rpartition(".")[2]
    if last in _EXTRACTS:
        return _archive(call, body)
    if last == "save" and isinstance(call.func, cst.Attribute):
        receiver = body.flow.value(call.func.value)
        return _tainted(call, body, 1) if _may_be_sent(receiver) else None
    if symbol not in _FUNCTIONS:
        if last in _OF_PATHS and isinstance(call.func, cst.Attribute):
            return _joined_path(call.func.value, body)
        return _tainted(call, body, len(call.args)) if last == "joinpath" else None
    if symbol in _ARCHIVES and not _is_text(call, body):
        return None
    if symbol.startswith("pathlib.") and _is_only_asked(call, body):
        return None
    count = len(call.args) if symbol in _ALL_ARGUMENTS or "resource" in symbol else 1
    return _tainted(call, body, count)


def _is_only_asked(call: Any, body: Body) -> bool:
    """``Path(name).suffix``: what a path is called, without a look at the disk."""
    asked = (node for node in body.by_kind[cst.Attribute] if node.value is call)
    return any(node.attr.value in _ASKED for node in asked)


def _joined_path(node: Any, body: Body) -> Any:
    """The node of ``Path(folder) / name``, when the name comes with the request."""
    made = resolved(body, node)
    divided = isinstance(made, cst.BinaryOperation) and isinstance(made.operator, cst.Divide)
    return made if divided and _may_be_sent(body.flow.value(made)) else None


def _tainted(call: Any, body: Body, count: int) -> Any:
    for arg in call.args[:count]:
        if _may_be_sent(body.flow.value(arg.value)) and not _is_upload(arg.value, body):
            return arg.value
    return None


def _may_be_sent(value: Value) -> bool:
    """Whether a value comes with the request, here or in a file that passes it."""
    return value.level is Level.USER or bool(value.via)


def _is_upload(node: Any, body: Body) -> bool:
    """The stream of an upload, and not its name."""
    symbol = body.flow.value(node).symbol
    return symbol.endswith((".stream", ".read()", ".file")) or "BytesIO" in body.code(node)


def _is_text(call: Any, body: Body) -> bool:
    value = body.flow.value(call.args[0].value) if call.args else None
    return value is not None and value.built


def _archive(call: Any, body: Body) -> Any:
    """The archive of ``extractall`` when it was uploaded."""
    if not isinstance(call.func, cst.Attribute) or word(call, "filter").strip("'\"") in ("data", "tar"):
        return None
    archive = resolved(body, call.func.value)
    name = body.callee(archive) if isinstance(archive, cst.Call) else ""
    if not name.startswith(("zipfile.", "tarfile.")) or not mentions(body, archive, Level.USER):
        return None
    return call.func.value


def _contained(body: Body) -> bool:
    """Whether the real path is compared with a folder somewhere in the body."""
    text = body.code(body.node)
    return bool(_CONTAINED.search(text) and _REAL.search(text)) or "safe_join(" in text


_ON_ANYTHING = frozenset({*_PATH_METHODS, *_EXTRACTS, "save", "joinpath"})
_MODULES: dict[str, set[str]] = {}
"""The modules that have a function, by its last name."""
for _function in _FUNCTIONS:
    _MODULES.setdefault(_function.rpartition(".")[2], set()).add(_function.partition(".")[0])


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether something is called that takes a path, and a request value can get there."""
    found = [call for call in calls(unit) if _may_take_path(call.func, unit, file)]
    if any(_is_function(node, file) for node in handed(unit)):
        found.append(ELSEWHERE)
    return may_be_given(unit, file, found)


def _is_function(node: ast.Name | ast.Attribute, file: PythonFile) -> bool:
    """Whether a function that takes a path is handed on, as in ``opener = open``."""
    if isinstance(node, ast.Name):
        return file.names.get(node.id, node.id) in _FUNCTIONS
    return node.attr in _MODULES and module_of(node, file).partition(".")[0] in _MODULES[node.attr]


def _may_take_path(function: ast.expr, unit: Unit, file: PythonFile) -> bool:
    """Whether it may be a function of a module, and is no method of the same name."""
    if isinstance(function, ast.Name):
        name = file.names.get(function.id, function.id)
        return name in _FUNCTIONS or name.rpartition(".")[2] in _ON_ANYTHING
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in _ON_ANYTHING:
        return True
    if function.attr not in _MODULES or isinstance(function.value, ast.Constant | ast.JoinedStr):
        return False
    return uses_module(unit, file, _MODULES[function.attr]) or "athlib" in file.text.text


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=45,
    listeners=(OnNode(("Call",), check), arriving_request("path-traversal", _MESSAGE)),
    triggers=(
        b"open",
        b"send_f",
        b"path",
        b"Path",
        b"read_text",
        b"read_bytes",
        b"write_text",
        b"write_bytes",
        b"extract",
        b"os.",
        b"shutil",
        b".save(",
        b"get_module_resource",
        b"get_resource",
    ),
    glance=glance,
    tags=("controller", "data-flow"),
)
