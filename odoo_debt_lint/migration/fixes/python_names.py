"""Fixes that rename, drop or replace one name: arguments of fields, decorators, calls, attributes."""

from __future__ import annotations

import ast

from odoo_debt_lint.finding import Edit, Fix, Span
from odoo_debt_lint.migration.action_views import trees
from odoo_debt_lint.migration.fixes.python_edits import Editor
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.literals import dotted


def rename(place: Place) -> Fix | None:
    """The name at the place becomes ``to``."""
    new = place.match.to
    return Fix(f"Rename to {new}", (Edit(place.span, new),), _safe(place)) if new else None


def _safe(place: Place) -> bool:
    return place.fact.autofix == "safe"


def rename_argument(place: Place) -> Fix | None:
    """``old=x`` becomes ``new=x``."""
    word, new = place.node, place.match.to
    if not new:
        return None
    span = place.span
    end = span.start_column + len(word.arg)
    edit = Edit(Span(span.start_line, span.start_column, span.start_line, end), new)
    return Fix(f"Rename the argument to {new}", (edit,), _safe(place))


def drop_argument(place: Place) -> Fix | None:
    """The argument goes, with its comma."""
    editor = Editor(place)
    call = editor.call_around(place.root, place.node)
    edit = editor.without_argument(call, place.node) if call is not None else None
    return Fix(f"Remove {place.node.arg}=", (edit,), _safe(place)) if edit is not None else None


def track_visibility(place: Place) -> Fix | None:
    """``track_visibility="onchange"`` becomes ``tracking=True``."""
    value = place.node.value
    if not isinstance(value, ast.Constant):
        return None
    if value.value in (False, None, ""):
        return drop_argument(place)
    return Fix("Use tracking=True", (Edit(place.span, "tracking=True"),))


def inherit_as_text(place: Place) -> Fix | None:
    """``_inherit = ["sale.order"]`` becomes ``_inherit = "sale.order"``, which extends in all series."""
    editor = Editor(place)
    value = place.python.skeleton.values[(place.klass, "_inherit")][0]
    if not isinstance(value, ast.List | ast.Tuple) or len(value.elts) != 1 or "#" in editor.source(value):
        return None
    name = value.elts[0]
    return Fix("Write the model as a text", (editor.replace(value, editor.source(name)),), _safe(place))


def drop_decorator(place: Place) -> Fix | None:
    """The decorator's lines go."""
    editor, span = Editor(place), place.span
    if not editor.alone(span.start_line, span.end_line, span):
        return None
    edit = editor.lines(span.start_line, span.end_line)
    return Fix("Remove the decorator", (edit,), _safe(place))


def drop_attribute(place: Place) -> Fix | None:
    """A class attribute goes."""
    editor, span = Editor(place), place.span
    if not editor.alone(span.start_line, span.end_line, span):
        return None
    return Fix(f"Remove {place.match.value}", (editor.lines(span.start_line, span.end_line),), _safe(place))


def through_env(place: Place) -> Fix | None:
    """``self._cr`` and ``request.cr`` become ``self.env.cr`` and ``request.env.cr``."""
    node = place.node
    editor = Editor(place)
    name = node.attr.removeprefix("_")
    return Fix("Ask the environment", (editor.replace(node, f"{editor.source(node.value)}.env.{name}"),))


def route_type(place: Place) -> Fix | None:
    """``type="json"`` of a route becomes ``type="jsonrpc"``."""
    editor = Editor(place)
    for node in ast.walk(place.python.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and decorator.lineno == place.span.start_line:
                    return _with_type(editor, decorator)
    return None


def _with_type(editor: Editor, call: ast.Call) -> Fix | None:
    for word in call.keywords:
        if word.arg == "type" and isinstance(word.value, ast.Constant):
            quote = editor.source(word.value)[0]
            return Fix('Use type="jsonrpc"', (editor.replace(word.value, f"{quote}jsonrpc{quote}"),))
    return None


def operator(place: Place) -> Fix | None:
    """An operator of a domain in Python becomes the one that is left."""
    value = getattr(place.node, "value", None)
    if not isinstance(value, str):
        return None
    new = {"<>": "!=", "==": "="}.get(value, value.lower())
    quote = Editor(place).source(place.node)[0]
    return Fix(f"Use {new}", (Edit(place.span, f"{quote}{new}{quote}"),))


def tree_text(place: Place) -> Fix | None:
    """``tree`` in a literal such as ``"tree,form"`` becomes ``list``."""
    written = Editor(place).source(place.node)
    new = ",".join(part.replace("tree", "list") for part in written.split(","))
    return Fix("Use list", (Edit(place.span, new),))


def tree_in_views(place: Place) -> Fix | None:
    """``(view, "tree")`` in ``views`` becomes ``(view, "list")``."""
    editor = Editor(place)
    edits = [editor.replace(word, editor.source(word).replace("tree", "list")) for word in trees(place.node)]
    return Fix("Use list", tuple(edits)) if edits else None


def list_view_ref(place: Place) -> Fix | None:
    """A context key renamed, wherever in the text it stands."""
    written = Editor(place).between(place.span)
    return Fix("Use list_view_ref", (Edit(place.span, written.replace("tree_view_ref", "list_view_ref")),))


def tuple_value(place: Place) -> Fix | None:
    """``_rec_names_search = ["a"]`` becomes a tuple."""
    editor = Editor(place)
    for value in place.python.skeleton.values.get((place.klass, place.match.value), ()):
        if isinstance(value, ast.List):
            inner = ", ".join(editor.source(item) for item in value.elts)
            comma = "," if len(value.elts) == 1 else ""
            return Fix("Use a tuple", (editor.replace(value, f"({inner}{comma})"),))
    return None


def storable(place: Place) -> Fix | None:
    """``"type": "product"`` becomes ``"type": "consu", "is_storable": True``."""
    editor = Editor(place)
    quote = editor.source(place.node)[0]
    new = f"{quote}consu{quote}, {quote}is_storable{quote}: True"
    edits = [editor.replace(place.node, new)]
    if place.match.value == "detailed_type":
        edits += [editor.replace(key, f"{quote}type{quote}") for key in _keys(place) if key is not None]
    return Fix("Use is_storable", tuple(edits))


def _keys(place: Place) -> list[ast.expr | None]:
    """The key of the item at the place."""
    for node in ast.walk(place.root):
        if isinstance(node, ast.Dict) and any(value is place.node for value in node.values):
            return [key for key, value in zip(node.keys, node.values, strict=True) if value is place.node]
    return []


def precision(place: Place) -> Fix | None:
    """``dp.get_precision("Account")`` becomes ``"Account"``; the import is another finding."""
    editor = Editor(place)
    for node in ast.walk(place.root):
        if isinstance(node, ast.Call) and node.func is place.node and len(node.args) == 1:
            return Fix("Give the name of the precision", (editor.replace(node, editor.source(node.args[0])),))
    return None


def clear_cache(place: Place) -> Fix | None:
    """``self.clear_caches()`` and ``self.method.clear_cache(self)``: the registry has the one cache."""
    node = place.node
    if not isinstance(node.func, ast.Attribute) or not dotted(node.func).startswith("self"):
        return None
    return Fix(
        "Clear through the registry", (Editor(place).replace(node, "self.env.registry.clear_cache()"),)
    )


FIXES = {
    "rename": rename,
    "rename-argument": rename_argument,
    "drop-argument": drop_argument,
    "track-visibility": track_visibility,
    "drop-decorator": drop_decorator,
    "inherit-as-text": inherit_as_text,
    "drop-class-attribute": drop_attribute,
    "through-env": through_env,
    "route-type": route_type,
    "domain-operator": operator,
    "tree-text": tree_text,
    "tree-in-views": tree_in_views,
    "list-view-ref": list_view_ref,
    "tuple-value": tuple_value,
    "storable": storable,
    "precision": precision,
    "clear-cache": clear_cache,
}
