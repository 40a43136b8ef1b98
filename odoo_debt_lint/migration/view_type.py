"""Whether a node of an arch stands in a list, as far as its own file tells."""

from __future__ import annotations

import re
from typing import Any

_LIST = ("tree", "list")
_OTHER = frozenset(
    {"form", "kanban", "search", "calendar", "graph", "pivot", "activity", "gantt", "cohort", "map", "qweb"}
    | {"sheet", "group", "notebook", "page", "div", "header", "footer", "templates", "template"}
)
_STEP = re.compile(r"(?:^|/|::)\s*([a-z]+)")


def in_list(element: Any) -> bool | None:
    """True inside ``<tree>`` or ``<list>``, but not in its header; None where only the parent view knows."""
    for node in element.iterancestors():
        if node.tag == "header":
            return False
        if node.tag in _LIST:
            return not any(outer.tag == "header" for outer in node.iterancestors())
        if node.tag in _OTHER:
            return False
        if node.tag == "xpath":
            known = _of_path(node.get("expr") or "")
            if known is not None:
                return known
        if node.tag in ("record", "template", "odoo"):
            return _of_record(node) if node.tag == "record" else False
    return None


def _of_path(expression: str) -> bool | None:
    """What the last telling step of an XPath says."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)
    for step in reversed(_STEP.findall(re.sub(r"\[[^\]]*\]", "", bare))):
        if step in _LIST:
            return True
        if step in _OTHER:
            return False
    return None


def _of_record(record: Any) -> bool | None:
    """What the names of an inheriting view and of its parent say."""
    parent = record.find("field[@name='inherit_id']")
    texts = [parent.get("ref") or "" if parent is not None else "", record.get("id") or ""]
    for text in texts:
        words = set(re.split(r"[^a-z]+", text.lower()))
        if words & {"tree", "list"}:
            return None if words & {"form", "kanban", "search"} else True
        if words & {"form", "kanban", "search"}:
            return False
    return None
