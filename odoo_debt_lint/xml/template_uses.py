"""Fields which the template of a report uses of its documents (``docs``, ``o``, ``doc``) and what is in them.

The expressions are Python, so they are followed as Python is. Of which model the documents are, the report's
action says, often in another file: a chain begins with ``#`` and the id of the template.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from odoo_debt_lint.facts import UseFact
from odoo_debt_lint.python.records.chains import Records, Sink, Value, element
from odoo_debt_lint.python.records.following import Expressions
from odoo_debt_lint.python.records.scopes import Scope
from odoo_debt_lint.source import Text
from odoo_debt_lint.xml.use_sink import Source, XmlSink

DOCUMENTS = ("docs", "doc", "o")
"""What Odoo, and by custom its templates, call the records of a report."""
_EXPRESSIONS = frozenset(
    "t-esc t-out t-raw t-field t-if t-elif t-value t-foreach t-att t-options t-set-options".split()
)
_USED = re.compile(r"\b(docs?|o)\b")
_MAX_DEEP = 100


class TemplateUses:
    """One template."""

    def __init__(self, sink: XmlSink, xmlid: str) -> None:
        self.sink = sink
        self.documents = Records(f"#{xmlid}")

    def template(self, nodes: list[Any]) -> None:
        """The nodes of the template, or of what extends it."""
        scope: Scope = dict.fromkeys(DOCUMENTS, self.documents)
        for node in nodes:
            if isinstance(node.tag, str):
                self._element(node, scope, 0)

    def _element(self, node: Any, scope: Scope, depth: int) -> None:
        inner = scope
        if node.get("t-foreach"):
            value = element(self._expression(node, "t-foreach", scope))
            inner = {**scope, node.get("t-as") or "": value}
        for name in node.attrib:
            attribute = str(name)
            if attribute == "t-foreach":
                continue
            if attribute in _EXPRESSIONS or attribute.startswith(("t-att-", "t-options-")):
                found = self._expression(node, attribute, inner)
                if attribute == "t-value" and node.get("t-set"):
                    scope[node.get("t-set")] = found
        if depth < _MAX_DEEP:
            for child in node:
                if isinstance(child.tag, str):
                    self._element(child, inner, depth + 1)

    def _expression(self, node: Any, attribute: str, scope: Scope) -> Value:
        """Follows one expression and notes what it uses."""
        source = Source(self.sink.file, node, attribute)
        text = source.text.strip()
        try:
            tree = ast.parse(text, mode="eval")
            follower = Expressions(Sink(Text(text)))
            follower.scope = dict(scope)
            value = follower.value(tree.body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        start = source.text.find(text)
        for use in follower.sink.found:
            self._note(use, source, start)
        return value

    def _note(self, use: UseFact, source: Source, start: int) -> None:
        span = use.span
        if not use.path or span.start_line != 1 or span.end_line != 1:
            return
        place = source.span(start + span.start_column, start + span.end_column)
        owner = Records(use.model, use.path[:-1])
        self.sink.add(owner, use.path[-1], place, use.kind, use.value)


def is_report(node: Any) -> bool:
    """Whether a template can be one of a report: it names the documents."""
    values = (
        str(value) for child in node.iter() if isinstance(child.tag, str) for value in child.attrib.values()
    )
    return any(_USED.search(value) for value in values)
