"""What decides where a name alone does not: small questions about one place in a Python file.

A fact names one of these functions under ``check``. Those with ``wants`` look at every node of that kind by
themselves (``match: check``), the others judge a place which another match has found.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from odoo_debt_lint.migration.action_views import KINDS, trees
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.code import RECORDS
from odoo_debt_lint.python.literals import UNKNOWN, dotted, literal, resolve

_CAPITAL = re.compile(r"(?<=[^_])([A-Z])")
"""Before these Odoo puts a dot where it makes the name of a model from that of its class."""


class Check(NamedTuple):
    """``wants``: kinds of nodes it looks at by itself; ``test``: whether the place is a hit; ``where``: the
    part of the node that it is about."""

    test: Callable[[Place], bool]
    kinds: tuple[type[ast.AST], ...] = ()
    where: Callable[[Any], ast.expr | ast.stmt] = lambda node: node

    def wants(self, node: ast.AST) -> bool:
        return isinstance(node, self.kinds)


def _receiver(place: Place) -> ast.expr | None:
    function = place.node.func
    return function.value if isinstance(function, ast.Attribute) else None


def _on_records(place: Place) -> bool:
    receiver = _receiver(place)
    if receiver is None or place.root is None:
        return False
    return place.python.code(place.root, place.klass).kind(receiver) == RECORDS


def _of_records(place: Place) -> bool:
    """An attribute of records other than ``self``."""
    receiver = place.node.value
    if place.root is None or (isinstance(receiver, ast.Name) and receiver.id == "self"):
        return False
    return place.python.code(place.root, place.klass).kind(receiver) == RECORDS


def _on_model(place: Place) -> bool:
    """``self`` is a recordset."""
    klass = place.python.klass(place.klass)
    return klass is not None and klass.kind in ("model", "transient", "abstract")


def _sudo_of_user(place: Place) -> bool:
    """``sudo(user)``, not ``sudo(True)``: before 13.0 whatever it was given is a user."""
    node = place.node
    given = [*node.args, *(word.value for word in node.keywords if word.arg == "user")]
    if len(given) != 1 or _receiver(place) is None:
        return False
    value = given[0]
    return not isinstance(value, ast.Constant | ast.Starred) or (
        isinstance(value, ast.Constant) and isinstance(value.value, int) and not isinstance(value.value, bool)
    )


def _text_argument(place: Place) -> bool:
    return bool(place.node.args) and isinstance(literal(place.node.args[0]), str)


def _without_arguments(place: Place) -> bool:
    return not place.node.args and not place.node.keywords


def _cache_of_method(place: Place) -> bool:
    """``self.method.clear_cache(self)`` and not that of the registry."""
    args = place.node.args
    return bool(args) and isinstance(args[0], ast.Name) and "registry" not in dotted(place.node.func)


def _on_ref(place: Place) -> bool:
    """A view got by its XML id."""
    receiver = _receiver(place)
    return isinstance(receiver, ast.Call) and dotted(receiver.func).endswith("env.ref")


def _without_report_ref(place: Place) -> bool:
    """Called on a report itself: from 16.0 the report is the first argument."""
    receiver = _receiver(place)
    if receiver is None or dotted(receiver) == "super()":
        return False
    bare = isinstance(receiver, ast.Subscript) or dotted(receiver).endswith("env[].sudo()")
    return not bare and len(place.node.args) < 2


def _old_read_group(place: Place) -> bool:
    """The arguments of the time when it returned dictionaries."""
    node = place.node
    if {word.arg for word in node.keywords} & {"fields", "lazy", "orderby"}:
        return True
    second = literal(node.args[1]) if len(node.args) > 2 else UNKNOWN
    third = node.args[2] if len(node.args) > 2 else None
    plain = literal(third) if third is not None else UNKNOWN
    names = plain if isinstance(plain, list) else [plain]
    aggregates = any(isinstance(name, str) and (":" in name or name.startswith("__")) for name in names)
    return isinstance(second, list) and plain is not UNKNOWN and bool(names) and not aggregates


def _single_create(place: Place) -> bool:
    """An override of ``create`` which takes one dictionary."""
    method = place.method
    if method is None or method.decorated("model_create_multi"):
        return False
    names = [param.name for param in method.params]
    return len(names) == 2 and not names[1].endswith(("list", "s_lst", "vals_s"))


def _single_copy(place: Place) -> bool:
    """An override of ``copy`` that works on one record, or of ``copy_data`` that returns one dictionary."""
    node = place.node
    for call in _calls(node):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "ensure_one":
            return dotted(call.func.value) == "self"
    if node.name == "copy_data":
        return any(
            isinstance(item, ast.Subscript) and dotted(item.value).startswith("super()")
            for item in ast.walk(node)
        )
    return any(
        isinstance(item, ast.Attribute) and dotted(item).startswith("self.name") for item in ast.walk(node)
    )


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (item for item in ast.walk(node) if isinstance(item, ast.Call))


def _raises_user_error(place: Place) -> bool:
    for item in ast.walk(place.node):
        if isinstance(item, ast.Raise) and item.exc is not None:
            if dotted(item.exc).removesuffix("()").endswith(("UserError", "ValidationError")):
                return True
    return False


def _creates_index(place: Place) -> bool:
    texts = (item.value for item in ast.walk(place.node) if isinstance(item, ast.Constant))
    return any(isinstance(text, str) and "CREATE INDEX" in text.upper() for text in texts)


def _product_values(place: Place) -> bool:
    """Values for a product in a file that deals with products."""
    return "product.product" in place.text.text or "product.template" in place.text.text


def _list_value(place: Place) -> bool:
    values = place.python.skeleton.values.get((place.klass, place.match.value), ())
    return any(isinstance(value, ast.List) for value in values)


def _selection_add_required(place: Place) -> bool:
    words = {word.arg: word.value for word in place.node.keywords}
    required = literal(words.get("required")) is True
    return "selection_add" in words and required and "ondelete" not in words


def _action_read(place: Place) -> bool:
    """``env.ref("x.action").read()[0]`` and ``env["ir.actions.act_window"].browse(number).read()[0]``"""
    node = place.node
    if literal(node.slice) != 0 or not isinstance(node.value, ast.Call):
        return False
    written = dotted(node.value.func)
    if not written.endswith(".read") or "sudo" in written:
        return False
    return "env.ref()" in written or any(
        isinstance(item, ast.Subscript) and str(literal(item.slice)).startswith("ir.actions.")
        for item in ast.walk(node.value.func)
    )


def _group_expand_order(place: Place) -> bool:
    """A method that a field names under ``group_expand`` and that still takes the order."""
    method = place.method
    klass = place.python.klass(place.klass)
    if method is None or klass is None or len(method.params) != 4 or method.params[3].default:
        return False
    named = {field.kwargs.get("group_expand") for field in klass.fields}
    return method.name in named or (
        method.name.startswith("_read_group_") and method.params[3].name == "order"
    )


def _translation_in_method(place: Place) -> bool:
    function = place.node.func
    if not isinstance(function, ast.Name) or function.id != "_" or not _on_model(place):
        return False
    return isinstance(place.root, ast.FunctionDef) and resolve("_", place.python.names) in (
        "odoo._",
        "odoo.tools.translate._",
    )


def _views_tree(place: Place) -> bool:
    """``"views": [(view.id, "tree")]``"""
    return bool(trees(place.node))


def _tree_of_views(node: ast.AST) -> ast.expr:
    """The first word ``tree`` among the views of an action."""
    return trees(node)[0]


def _named_after_class(place: Place) -> bool:
    """A list in ``_inherit`` without a ``_name``, where the class is not called like its one parent: what was
    an extension becomes a model, and a model has another name."""
    return _by_class(place) is False


def _called_like_parent(place: Place) -> bool:
    """The same where the class happens to be called like its parent."""
    return _by_class(place) is True


def _by_class(place: Place) -> bool | None:
    """Whether a class whose name is asked for has the one of its model; None where it is not asked for."""
    klass = place.python.klass(place.klass)
    values = place.python.skeleton.values.get((place.klass, "_inherit"), ())
    if klass is None or klass.named or klass.attrs.get("_register") is False or len(values) != 1:
        return None
    given = values[0]
    if not isinstance(given, ast.List | ast.Tuple) or len(given.elts) != len(klass.inherit):
        return None
    name = klass.name.partition(":")[0]
    before = klass.inherit[0] if len(klass.inherit) == 1 else name
    return before == _CAPITAL.sub(r".\1", name).lower()


def _env_assignment(place: Place) -> bool:
    """``self.env.x = ...``"""
    targets = (item for item in place.node.targets if isinstance(item, ast.Attribute))
    return any(dotted(target.value).endswith("self.env") for target in targets)


def _user_timezone(place: Place) -> bool:
    written = resolve(dotted(place.node.func), place.python.names)
    if written not in ("pytz.timezone", "timezone", "zoneinfo.ZoneInfo") or not place.node.args:
        return False
    return any(
        isinstance(item, ast.Attribute) and dotted(item).endswith("env.user.tz")
        for item in ast.walk(place.node)
    )


CHECKS: dict[str, Check] = {
    "on-records": Check(_on_records),
    "on-model": Check(_on_model),
    "of-records": Check(_of_records),
    "sudo-of-user": Check(_sudo_of_user),
    "text-argument": Check(_text_argument),
    "without-arguments": Check(_without_arguments),
    "cache-of-method": Check(_cache_of_method),
    "on-ref": Check(_on_ref),
    "without-report-ref": Check(_without_report_ref),
    "old-read-group": Check(_old_read_group),
    "single-create": Check(_single_create),
    "single-copy": Check(_single_copy),
    "raises-user-error": Check(_raises_user_error),
    "creates-index": Check(_creates_index),
    "product-values": Check(_product_values),
    "named-after-class": Check(_named_after_class),
    "called-like-parent": Check(_called_like_parent),
    "list-value": Check(_list_value),
    "selection-add-required": Check(_selection_add_required, (ast.Call,)),
    "action-read": Check(_action_read, (ast.Subscript,)),
    "group-expand-order": Check(_group_expand_order, (ast.FunctionDef,)),
    "translation-in-method": Check(_translation_in_method, (ast.Call,)),
    "views-tree": Check(_views_tree, KINDS, _tree_of_views),
    "env-assignment": Check(_env_assignment, (ast.Assign,)),
    "user-timezone": Check(_user_timezone, (ast.Call,)),
}
