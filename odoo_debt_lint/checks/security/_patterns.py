"""What the pattern rules share: places where a rule does not hold, and who owns a cursor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from odoo_debt_lint.python.imported import is_for_shell

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_HOOK = re.compile(r"(^|_)(hook|pre_init|post_init|uninstall|post_load|pre_install|post_install)(_|$|s$)")
_SCHEMA_METHODS = frozenset({"init", "_auto_init", "_auto_end", "_register_hook", "_init_column"})
_CURSOR_CALL = re.compile(r"cursor\w*\(\)|(^|[._])new_(?:env|cr)(?![a-z])", re.I)
_ODOO_CURSOR = re.compile(r"registry|pool|db_connect|sql_db|\benv\b", re.I)


def in_shell(body: Body) -> bool:
    """Whether it stands outside of functions in a script for ``odoo shell``, which gives it an ``env``."""
    file = body.file
    if file.role != "code" or body.method is not None or body.unit.klass or not file.path.endswith(".py"):
        return False
    return "env." in body.code(body.node) and is_for_shell(file)


def in_hook(body: Body) -> bool:
    """Whether the code runs when the addon is installed or updated and not in the daily work."""
    path, unit = body.file.inside, body.unit
    if body.file.role == "hook":
        return True
    if unit.klass:
        return unit.name in _SCHEMA_METHODS
    if _HOOK.search(unit.name) or "hook" in path.rpartition("/")[2]:
        return True
    # the manifest names hooks freely, but they lie beside it or in an __init__ and get a cursor or an env
    first = body.method.params[0].name if body.method is not None and body.method.params else ""
    beside = "/" not in path or path.endswith("/__init__.py")
    return beside and first in ("cr", "env", "registry")


def foreign_connection(owner: str, body: Body) -> bool:
    """Whether a cursor belongs to a connection which the code made itself, past Odoo's registry."""
    origins = [owner]
    if owner.endswith("closing()"):
        calls = body.flow.helped.met.values()
        origins = [called.args[0].symbol for called in calls if called.name == "closing" and called.args]
    return any(re.search(r"cursor\w*\(\)", item, re.I) and not _ODOO_CURSOR.search(item) for item in origins)


def opened_here(owner: str, body: Body, depth: int = 0) -> bool:
    """Whether a cursor or environment, by its dotted origin, comes from a cursor the code opened itself."""
    if _CURSOR_CALL.search(owner) or _is_own(owner, body):
        return True
    if depth > 3:
        return False
    # the symbol of a call does not hold its arguments: look at the calls that it can stand for
    for called in body.flow.helped.met.values():
        # ``env["x"]`` has the same origin whether ``env`` was made from another cursor or not
        made = (f"{called.symbol}()", f"{called.symbol}[]")
        if called.name in ("Environment", "env", "with_env") and owner.startswith(made):
            given = called.kwargs.get("cr", called.args[0] if called.args else None)
            if given is not None and opened_here(given.symbol, body, depth + 1):
                return True
    return False


def _is_own(owner: str, body: Body) -> bool:
    """Whether another method of the file puts a cursor that it has opened into the attribute."""
    if not owner.startswith("self.") or not body.unit.klass:
        return False
    return re.search(rf"\b{re.escape(owner)}\s*=[^\n=]*\bcursor\(", body.file.text.text) is not None
