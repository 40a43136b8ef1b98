"""Facts of manifests and of XML and csv data files."""

from __future__ import annotations

from odoo_debt_lint.facts.base import Fact
from odoo_debt_lint.facts.python import UseFact
from odoo_debt_lint.finding import FIRST_LINE, Span


class ManifestFact(Fact, frozen=True):
    """``__manifest__.py`` or ``__openerp__.py``. ``keys`` maps each key to its span, ``lists`` each list
    of strings (``depends``, ``data``, ``demo``, ``qweb``, ``python``, ``bin``) to items with spans.
    ``repeated`` are keys given twice, ``multiline`` those whose text has several lines, ``problem`` says why
    Odoo cannot read it."""

    path: str
    name: str = ""
    version: str = ""
    license: str = ""
    author: str = ""
    website: str = ""
    installable: bool = True
    application: bool = False
    auto_install: bool = False
    keys: dict[str, Span] = {}
    lists: dict[str, tuple[tuple[str, Span], ...]] = {}
    hooks: tuple[str, ...] = ()
    assets: tuple[tuple[str, str, Span], ...] = ()
    repeated: tuple[tuple[str, Span], ...] = ()
    problem: str = ""
    problem_line: int = 1
    multiline: tuple[str, ...] = ()

    def items(self, key: str) -> tuple[str, ...]:
        return tuple(value for value, _ in self.lists.get(key, ()))


class SpecFact(Fact, frozen=True):
    """One inheritance spec of a view, in document order.

    ``expr`` is the XPath (a short form such as ``<field name="x" position="after">`` has its equivalent),
    ``keeps`` tells how a replacement puts the node back (see ``xml.views``).
    """

    span: Span = FIRST_LINE
    tag: str = ""
    expr: str = ""
    position: str = "inside"
    short: bool = False
    keeps: str = ""


STATIC = "@static"
"""Ends the ids of templates which the browser gets: they have names of their own, apart from XML ids."""


class ViewFact(Fact, frozen=True):
    """A view or QWeb template. ``arch`` is the XML text of the arch, or of its specs for an extension.

    The arch of a ``bare`` view (core index) has all nodes, but no texts: see ``core.arch``. ``given`` names
    the fields which the record sets (one that only completes a view has no ``arch``), and ``places`` holds
    the start tags of the elements of the arch that name fields or methods (``xml.views.naming``), in document
    order.
    """

    xmlid: str
    span: Span = FIRST_LINE
    model: str = ""
    inherit: str = ""
    mode: str = ""
    priority: int = 16
    type: str = ""
    arch: str = ""
    specs: tuple[SpecFact, ...] = ()
    active: bool = True
    record: str = ""
    bare: bool = False
    given: tuple[str, ...] = ()
    places: tuple[Span, ...] = ()


class ValueFact(Fact, frozen=True):
    """One ``<field>`` of a record: ``text``, ``ref``, ``eval`` or ``search`` and its text."""

    name: str
    span: Span = FIRST_LINE
    kind: str = "text"
    value: str = ""


class RecordFact(Fact, frozen=True):
    """A record of a data file, csv rows included. ``xmlid`` has the addon's name in front."""

    xmlid: str
    model: str
    span: Span = FIRST_LINE
    values: tuple[ValueFact, ...] = ()
    noupdate: bool = False
    tag: str = "record"

    def value(self, name: str) -> ValueFact | None:
        return next((value for value in self.values if value.name == name), None)


class RefFact(Fact, frozen=True):
    """A reference to an XML id from Python or XML."""

    xmlid: str
    span: Span = FIRST_LINE
    context: str = ""


class DataFacts(Fact, frozen=True):
    """What an XML or csv data file declares."""

    records: tuple[RecordFact, ...] = ()
    views: tuple[ViewFact, ...] = ()
    refs: tuple[RefFact, ...] = ()
    uses: tuple[UseFact, ...] = ()

    def parent_span(self, view: ViewFact) -> Span:
        """Where a view of the file names its parent: the ``inherit_id`` of its record, else the view."""
        for record in self.records:
            if record.span == view.span:
                value = record.value("inherit_id")
                return value.span if value is not None else view.span
        return view.span
