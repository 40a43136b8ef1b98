"""Data read by a format that can run code.

## What it does
Reports `pickle`, `dill`, `marshal`, `shelve`, `jsonpickle`, `joblib`, and `yaml.load` without a safe loader,
on data that is not written in the source.

## Why is this bad
Whoever can write the data (an attachment, a cache, an answer of another server) runs code on this server.

## How to fix
`json` for data; `yaml.safe_load` for YAML.

## Not reported
Constant data, `yaml.safe_load`, `Loader=SafeLoader`, a copy by `pickle.loads(pickle.dumps(x))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import is_named, uses_module
from odoo_debt_lint.checks.security._web import argument, word
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_PICKLES = ("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "six.moves.cPickle", "odoo.tools.pickle")
_CALLS = frozenset(
    [f"{module}.{name}" for module in _PICKLES for name in ("load", "loads", "Unpickler", "Unpickler().load")]
    + (
        "marshal.load marshal.loads shelve.open shelve.Shelf jsonpickle.decode jsonpickle.loads "
        "jsonpickle.unpickler.decode joblib.load pandas.read_pickle odoo.tools.misc.pickle.load "
        "odoo.tools.misc.pickle.loads"
    ).split()
)
_YAML = frozenset(
    f"{module}.{name}"
    for module in ("yaml", "ruamel.yaml")
    for name in ("load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all")
)
_MODULES = (
    *_PICKLES,
    *(
        "odoo.tools.misc.pickle",
        "six",
        "marshal",
        "shelve",
        "jsonpickle",
        "joblib",
        "pandas",
        "yaml",
        "ruamel",
    ),
    *("numpy", "np"),
)
_SAFE_LOADERS = ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader")


def check(call: Any, body: Body) -> Hits:
    symbol = body.callee(call)
    if symbol in _YAML:
        if _safe_yaml(call, symbol, body):
            return
    elif symbol not in _CALLS and not _numpy_pickle(call, symbol):
        return
    node = argument(call, 0, "file", "stream", "data", "filename", "string")
    if node is None:
        return
    value = body.flow.value(node)
    if value.level is Level.CONST or value.symbol.endswith(".dumps()") or symbol.endswith("Unpickler().load"):
        return
    name = symbol.replace("()", "")
    yield Hit(
        call,
        f"{name}() runs code that is hidden in the data; use json"
        + (" or yaml.safe_load" if symbol in _YAML else ""),
        confidence=Confidence.MEDIUM if "full_load" in symbol else None,
        flow=lambda: body.flow_locations(value),
    )


def _safe_yaml(call: Any, symbol: str, body: Body) -> bool:
    """Whether ``yaml.load`` has a loader that makes plain data only, or one of the addon's own."""
    if not symbol.endswith((".load", ".load_all")):
        return False
    loader = argument(call, 1, "Loader")
    if loader is None:
        return False
    name = body.flow.symbol(loader) or (loader.value if isinstance(loader, cst.Name) else "")
    last = str(name).rpartition(".")[2]
    return last in _SAFE_LOADERS or last in body.file.defined or last.startswith("Safe")


def _numpy_pickle(call: Any, symbol: str) -> bool:
    return symbol in ("numpy.load", "np.load") and word(call, "allow_pickle") == "True"


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether a module that can load objects is used; most of what is called ``loads`` is of ``json``."""
    return uses_module(unit, file, _MODULES) or is_named(unit, file, frozenset({"pickle"}))


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnNode(("Call",), check),),
    roles=frozenset({"code", "hook", "migration"}),
    glance=glance,
    triggers=(
        b"pickle",
        b"marshal",
        b"shelve",
        b"yaml",
        b"joblib",
        b"loads(",
        b" load(",
        b"allow_pickle",
        b"Unpickler",
    ),
)
