"""Texts of facts that are the same again and again: kept once, they take a fifth of the memory."""

from __future__ import annotations

from msgspec.structs import force_setattr

from odoo_debt_lint.facts.data import DataFacts
from odoo_debt_lint.facts.python import PythonFacts
from odoo_debt_lint.facts.result import FileResult

_SHORT = 40
"""Longer values are hardly the same as another."""


class Words:
    """The texts of the facts of a run, each once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def shared(self, result: FileResult) -> FileResult:
        """The same result; what it has in common with others it shares."""
        if result.data is not None:
            self._share(result.data)
        if result.python is not None:
            self._share_python(result.python)
        return result

    def _share_python(self, python: PythonFacts) -> None:
        """The names which most files have: those of imports, of what is called, and where."""
        known = self._known.setdefault
        for item in python.imports:
            force_setattr(item, "name", known(item.name, item.name))
            force_setattr(item, "target", known(item.target, item.target))
        for call in python.calls:
            force_setattr(call, "callee", known(call.callee, call.callee))
            force_setattr(call, "method", known(call.method, call.method))
            force_setattr(call, "klass", known(call.klass, call.klass))
        for klass in python.classes:
            for field in klass.fields:
                force_setattr(field, "type", known(field.type, field.type))

    def _share(self, data: DataFacts) -> None:
        known = self._known.setdefault
        for record in data.records:
            force_setattr(record, "model", known(record.model, record.model))
            force_setattr(record, "tag", known(record.tag, record.tag))
            span = record.span
            for value in record.values:
                if value.span == span:  # a row of a csv file is the place of all its values
                    force_setattr(value, "span", span)
                force_setattr(value, "name", known(value.name, value.name))
                force_setattr(value, "kind", known(value.kind, value.kind))
                if len(value.value) < _SHORT:
                    force_setattr(value, "value", known(value.value, value.value))
        for ref in data.refs:
            force_setattr(ref, "xmlid", known(ref.xmlid, ref.xmlid))
            force_setattr(ref, "context", known(ref.context, ref.context))
