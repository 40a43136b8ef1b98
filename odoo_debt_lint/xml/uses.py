"""Which fields, methods and models a data file uses: records, views, domains, templates of mails, code.

As in ``python.uses`` these are chains of names from a model. Where a record names its model by an XML id
(``model_id``), the chain begins with ``@`` and that id.
"""

from __future__ import annotations

import ast
import csv
import io
import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from odoo_debt_lint.facts import UseFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.embedded import MODELS, Places, padded
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.problems import SYNTAX_ERRORS
from odoo_debt_lint.python.records.chains import Records
from odoo_debt_lint.python.records.uses import uses_of as python_uses
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.records import ROOTS
from odoo_debt_lint.xml.refs import full_id
from odoo_debt_lint.xml.template_uses import TemplateUses, is_report
from odoo_debt_lint.xml.use_sink import Source, XmlSink
from odoo_debt_lint.xml.view_uses import ViewUses

_MODEL_FIELDS = frozenset(
    {"res_model", "model", "model_id", "relation", "src_model", "binding_model", "res_model_name"}
)
"""Fields of records that hold the name of a model."""
_DOMAINS = frozenset({"domain", "domain_force", "filter_domain", "filter_pre_domain"})
_OBJECT = re.compile(r"(?<![\w.'\"])object((?:\.[A-Za-z_]\w*)+)\b\s*(\()?")
_KEYS = re.compile(r"['\"]default_(\w+)['\"]\s*:|['\"]group_by['\"]\s*:\s*\[?\s*['\"](\w+)[:\w]*['\"]")
_MODEL_NAME = re.compile(r"[a-z]\w*(\.\w+)*")


def uses_of(file: XmlFile) -> tuple[UseFact, ...]:
    """All uses in an XML data file."""
    if file.root.tag not in ROOTS:
        return ()
    uses = _Uses(file)
    for element in file.elements:
        if element.tag == "record":
            uses.record(element)
        elif element.tag in ("act_window", "report", "function", "delete"):
            uses.shortcut(element)
        elif element.tag == "template":
            uses.template(element)
    return tuple(uses.sink.found)


def csv_uses(path: str, text: str) -> tuple[UseFact, ...]:
    """The columns of a csv file, as chains from the model of which it has the name. Raises csv.Error."""
    model = posixpath.basename(path)[: -len(".csv")].partition("-")[0]
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    first = text.partition("\n")[0]
    found = [UseFact(model, (), Span(1, 0, 1, len(first.rstrip())), "model")]
    place = 0
    for column in header:
        start = max(first.find(column, place), 0)
        place = start + len(column)
        chain: tuple[str, ...] = ()
        for name in re.split(r"[/:]", column.strip()):
            if not re.fullmatch(r"[A-Za-z_]\w*", name) or name == "id":
                break
            chain += (name,)
            at = first.find(name, start)
            found.append(UseFact(model, chain, Span(1, max(at, 0), 1, max(at, 0) + len(name)), "values"))
    return tuple(found)


class _Uses:
    """The records of one file."""

    def __init__(self, file: XmlFile) -> None:
        self.file, self.sink = file, XmlSink(file)

    def record(self, element: Any) -> None:
        model = element.get("model") or ""
        self.sink.entity = full_id(element.get("id") or "", self.file.addon)
        self.sink.model(element, "model")
        if not _MODEL_NAME.fullmatch(model):
            return
        fields = {child.get("name"): child for child in element if child.tag == "field" and child.get("name")}
        own = Records(model)
        for name, field in fields.items():
            self.sink.attribute(own, field, "name", "values", (field.text or "").strip()[:80] or None)
            self._value(own.step(name), field)
            if name in _MODEL_FIELDS and _MODEL_NAME.fullmatch((field.text or "").strip()):
                self.sink.model(field)
        target = self._target(fields)
        if model == "ir.ui.view":
            self._view(fields)
        elif target is not None:
            self._about(target, model, fields)

    def _target(self, fields: dict[str, Any]) -> Records | None:
        """The model which a record is about: of an action, a rule, a template."""
        for name in ("res_model", "model", "model_id"):
            field = fields.get(name)
            if field is None:
                continue
            ref, text = field.get("ref"), (field.text or "").strip()
            if ref:
                return Records("@" + full_id(ref, self.file.addon))
            if _MODEL_NAME.fullmatch(text):
                return Records(text)
        return None

    def _view(self, fields: dict[str, Any]) -> None:
        arch = next((fields[name] for name in ("arch", "arch_db", "arch_base") if name in fields), None)
        model = fields.get("model")
        name = (model.text or "").strip() if model is not None else ""
        parent = fields["inherit_id"].get("ref") if "inherit_id" in fields else ""
        if arch is None or not (name or parent):
            return
        owner = name or "@" + full_id(parent, self.file.addon)
        ViewUses(self.sink, owner, "inherit_id" in fields).arch(list(arch))

    def _value(self, owner: Records | None, field: Any) -> None:
        """Values inside of values, and searches for other records."""
        if field.get("search"):
            other = field.get("model")
            self.sink.domain(Records(other) if other else owner, Source(self.file, field, "search"))
        text = field.get("eval") or ""
        if "{" in text and owner is not None:
            try:
                tree = ast.parse(text.strip(), mode="eval")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return
            self._commands(owner, tree.body, Source(self.file, field, "eval"))

    def _commands(self, owner: Records, node: ast.expr, source: Source) -> None:
        """The dicts of ``[(0, 0, {...}), Command.create({...})]``."""
        for item in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
            parts = item.elts if isinstance(item, ast.Tuple | ast.List) else []
            if isinstance(item, ast.Call):
                parts = item.args
            inner = parts[-1] if parts else None
            for key, value in (
                zip(inner.keys, inner.values, strict=True) if isinstance(inner, ast.Dict) else ()
            ):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    start = source.text.find(key.value)
                    self.sink.path(owner, source, max(start, 0), key.value, "values")
                    step = owner.step(key.value)
                    if step is not None:
                        self._commands(step, value, source)

    def _about(self, target: Records, model: str, fields: dict[str, Any]) -> None:
        """Domains, contexts, mails and code of a record that is about a model."""
        for name, field in fields.items():
            source = Source(self.file, field, "eval" if field.get("eval") else "")
            if name in _DOMAINS:
                self.sink.domain(target, source)
            elif name == "context":
                self._context(target, source)
            elif name == "code" and model in MODELS and not len(field) and (field.text or "").strip():
                self._code(target, field)
            else:
                self._templates(target, field)

    def _context(self, target: Records, source: Source) -> None:
        for match in _KEYS.finditer(source.text):
            number = 1 if match[1] else 2
            kind = "values" if match[1] else "path"
            self.sink.path(target, source, match.start(number), match[number], kind)

    def _code(self, target: Records, field: Any) -> None:
        text = padded(field.text, self.file.content_start(field)[0])
        try:
            code = PythonFile(self.file.path, text, addon=self.file.addon, embedded="ir.actions.server")
        except SYNTAX_ERRORS:
            return
        places = Places(self.file, code)
        for use in python_uses(code, target.model):
            self.sink.found.append(msgspec.structs.replace(use, span=places.span(use.span)))

    def _templates(self, target: Records, field: Any) -> None:
        """``object.field`` in the texts of a mail."""
        for source in self._sources(field):
            for match in _OBJECT.finditer(source.text):
                path = match[1][1:]
                if not match[2]:
                    self.sink.path(target, source, match.start(1) + 1, path, "read")
                elif "." in path:
                    self.sink.path(target, source, match.start(1) + 1, path.rpartition(".")[0], "read")

    def _sources(self, field: Any) -> Iterator[Source]:
        for element in field.iter():
            if not isinstance(element.tag, str):
                continue
            if "object" in (element.text or ""):
                yield Source(self.file, element)
            for name, value in element.attrib.items():
                if "object" in value and element is not field:
                    yield Source(self.file, element, str(name))

    def template(self, element: Any) -> None:
        """A template of a report, or what extends one."""
        own = full_id(element.get("id") or element.get("t-name") or "", self.file.addon)
        self.sink.entity = own
        parent = full_id(element.get("inherit_id") or "", self.file.addon)
        if is_report(element):
            TemplateUses(self.sink, parent or own).template(list(element))

    def shortcut(self, element: Any) -> None:
        """``<act_window>``, ``<report>``, ``<function>``, ``<delete>``."""
        self.sink.entity = full_id(element.get("id") or "", self.file.addon)
        for name in ("res_model", "model", "binding_model", "src_model"):
            if element.get(name):
                self.sink.model(element, name)
        model = element.get("res_model") or element.get("model") or ""
        if not _MODEL_NAME.fullmatch(model):
            return
        target = Records(model)
        for name in ("domain", "search"):
            self.sink.domain(target, Source(self.file, element, name))
        self._context(target, Source(self.file, element, "context"))
        if element.tag == "function" and element.get("name"):
            self.sink.attribute(target, element, "name", "call")
