"""Search for all records of a model.

## What it does
Reports `search([])`, `search_read([])` and `search_fetch([])` without `limit`, on any recordset, also with
a domain that always holds (`[(1, "=", 1)]`, `Domain.TRUE`) or a variable that stays empty, and
`search_read()` without a domain.

## Why is this bad
It returns the whole table. With the few records of a development database that works; in production it
fills the memory of the worker, and so does whatever is done with the result.

## How to fix
Say in the domain which records are needed; use `search_count`, `read_group` or a `limit` where the records
are not needed themselves; work in batches where all of them are.

## Not reported
A `limit`, also as the third positional argument; what is only counted (`len-of-search`); `search` of what
is no recordset; tests and migration scripts. Models which stay small by their nature (companies, languages,
currencies, groups, modules, ...), those of which nothing tells that they grow, and wizards have low
confidence.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm.len_of_search import is_counted
from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.code import RECORDS, Code
from odoo_debt_lint.python.literals import dotted, literal
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_NAMES = ("search", "search_read", "search_fetch")
SMALL = re.compile(
    r"^(res\.(company|lang|currency|groups|country(\.\w+)?|bank|users\.role)|ir\.(?!attachment|logging|translation).*"
    r"|uom\.\w+|website|fetchmail\.server|decimal\.precision|pos\.config|resource\.calendar|stock\.(warehouse|location)"
    r"|account\.(account|journal|fiscal\.position|tax|payment\.(term|mode|method)|chart\.template|incoterms)"
    r"|(?!product\.template).*[._](types?|config|configuration|settings?|categ|category|categories|stages?|backends?|provider|tags?"
    r"|templates?|rules?|reason|levels?|status|channel|department|job|team|storage|validator|policy|policies|area"
    r"|branch|group|groups|program|plan|server|source|zone|journal|warehouse|format|mapping|matrix|profile|report"
    r"|host|connection|connector|instance|model|method|class|unit|role|section|shift|carrier|plugin|scheme"
    r"|endpoint|index|medium|process|range|organization|tax|workflow|definition|layout|theme|language|calendar))$"
)
"""Models of set-up, of which a database holds a handful."""
_LARGE = re.compile(
    r"^(res\.(partner|users)|product\.(product|template)|account\.\w+|stock\.\w+|mail\.\w+|ir\.\w+|hr\.\w+|project\.\w+"
    r"|crm\.lead|calendar\.event|mrp\.\w+|pos\.order)$"
    r"|[._](order|line|move|picking|quant|lot|invoice|payment|transaction|history|log|entry|ticket|task|request"
    r"|record|message|subscription|contract|lead|document|attachment|employee|customer|partner|product|event"
    r"|settlement|application|candidate|attendance|booking|student|patient|vehicle|property|asset|book"
    r"|loan|rental|reservation|appointment|visit|delivery|shipment|claim|expense|sale|purchase|comment|post|answer"
    r"|inspection|repair|session|enrollment|registration|member|timesheet|measurement|note|item)s?$"
)
"""Models that grow with the business; of others nobody can tell, so they are low."""
_PARTIES = frozenset({"res.partner", "product.product", "product.template", "sale.order", "account.move"})
_ALL_WANTED = re.compile(
    r"^(_default|default_|_get_default|_register_hook|init$|_auto_init|_read_group_|_group_expand)|uninstall"
)
_TRUE = ([[1, "=", 1]], [["id", "!=", False]], [["id", ">", 0]])
_DOMAIN, _LIMIT, _READ_LIMIT = 0, 2, 3


def check(file: PythonFile) -> Hits:
    for name in _NAMES:
        for event in file.skeleton.events.get(name, ()):
            domain = _domain(event.node, name)
            if domain is None or _is_limited(event.node, name):
                continue
            if isinstance(domain, ast.List | ast.Tuple | ast.Name) or _matches_all(domain):
                code = file.code(event.root, event.klass)
                if _matches_all(domain) or _is_empty_name(code, domain):
                    yield from _judge(code, event.node, name)


def _domain(call: ast.Call, name: str) -> ast.expr | None:
    """The domain; ``search_read`` can do without one."""
    for word in call.keywords:
        if word.arg in ("args", "domain"):
            return word.value
    if call.args:
        return call.args[_DOMAIN]
    return ast.List([], ast.Load()) if name == "search_read" else None


def _matches_all(domain: ast.expr) -> bool:
    """``[]``, ``[(1, "=", 1)]``, ``Domain.TRUE`` and what else holds for every record."""
    if isinstance(domain, ast.Attribute):
        return dotted(domain).endswith(("Domain.TRUE", "expression.TRUE_DOMAIN"))
    if isinstance(domain, ast.Call) and dotted(domain.func).rpartition(".")[2] == "Domain":
        return not domain.keywords and len(domain.args) < 2 and all(map(_matches_all, domain.args))
    if isinstance(domain, ast.List | ast.Tuple) and not domain.elts:
        return True
    return literal(domain) in _TRUE


def _is_empty_name(code: Code, domain: ast.expr) -> bool:
    """A variable that is an empty list and stays one."""
    if not isinstance(domain, ast.Name):
        return False
    bound = code.bindings.get(domain.id, [])
    if len(bound) != 1 or bound[0][0] != "value" or bound[0][1] is None or not _matches_all(bound[0][1]):
        return False
    uses = [node for node in code.nodes if isinstance(node, ast.Name) and node.id == domain.id]
    owners = [code.parent(node) for node in uses]
    return not any(isinstance(owner, ast.Attribute | ast.Subscript | ast.Return) for owner in owners)


def _is_limited(call: ast.Call, name: str) -> bool:
    position = _LIMIT if name == "search" else _READ_LIMIT
    words = {word.arg for word in call.keywords if not _is_none(word.value)}
    given = call.args[position:]
    return (bool(given) and not _is_none(given[0])) or not words.isdisjoint({"limit", "count", None})


def _is_none(value: ast.expr) -> bool:
    """``limit=None``, ``limit=False``: no limit at all."""
    return isinstance(value, ast.Constant) and value.value in (None, False)


def _judge(code: Code, call: ast.Call, name: str) -> Iterator[Hit]:
    function = call.func
    if not isinstance(function, ast.Attribute) or code.kind(function.value) != RECORDS:
        return
    if isinstance(function.value, ast.Call) and ast.unparse(function.value).startswith("super("):
        return
    model = model_of(code, function.value)
    what = f"all records of {model}" if model else "all records of the model"
    if is_counted(code, call):
        return
    yield Hit(
        code.file.skeleton.span(call),
        f"{name}([]) without a limit loads {what}",
        severity=None if not model or _LARGE.search(model) else Severity.LOW,
        confidence=Confidence.LOW if _is_small(code, call, model) else None,
        entity=code.entity,
    )


def _is_small(code: Code, call: ast.Call, model: str) -> bool:
    if SMALL.match(model) or _ALL_WANTED.search(code.name) or _runs_once(code):
        return True
    if model and not _LARGE.search(model) and not _grows(code, model):
        return True
    if any(word.arg == "order" and "sequence" in ast.unparse(word.value) for word in call.keywords):
        return True
    return any(fact.model == model and fact.kind == "transient" for fact in code.file.facts.classes)


def _runs_once(code: Code) -> bool:
    """Code of an installation, an update or an uninstallation."""
    name = posixpath.basename(code.file.path)
    return code.file.role == "hook" or name in ("__init__.py", "uninstall.py", "hooks.py")


def _grows(code: Code, model: str) -> bool:
    """Whether a model of the same file looks like documents: with a state, dates, amounts, partners or
    products."""
    for klass in code.file.facts.classes:
        for field in klass.fields if klass.model == model and klass.kind == "model" else ():
            if field.type in ("Date", "Datetime", "Monetary") or field.comodel in _PARTIES:
                return True
            if field.type == "Selection" and field.name in ("state", "status"):
                return True
    return False


def model_of(code: Code, node: ast.expr, depth: int = 0) -> str:
    """The model of a recordset when it is written there: ``self.env["x"]``, a variable of it, ``self``, and
    ``self.env[self._name]``."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if isinstance(node, ast.Subscript) and dotted(node.slice) == "self._name":
        return code.fact.model if code.fact is not None and code.fact.kind != "abstract" else ""
    if not isinstance(node, ast.Name):
        return ""
    if node.id == "self":
        return code.fact.model if code.fact is not None else ""
    bound = code.bindings.get(node.id, ())
    values = [
        value for how, value in bound if value is not None and how == "value" and not _names(value, node.id)
    ]
    return model_of(code, values[0], depth + 1) if len(values) == 1 and depth < 5 else ""


def _names(node: ast.expr, name: str) -> bool:
    """Whether a value is made from the variable itself, as in ``orders |= orders.search(…)``."""
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in nodes_of(node))


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=30,
    listeners=(OnModule(check),),
    confidence=Confidence.MEDIUM,
)
