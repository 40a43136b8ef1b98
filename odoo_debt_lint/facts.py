"""What the linter knows of a file after its tree is gone.

Workers fill these types, the cache stores them, the index joins them, and index rules judge them. A rule
that needs to know more adds a field here; it never opens the file again. Every fact on which a rule may
report carries the span of the report.
"""

from __future__ import annotations

from typing import Any

import msgspec

from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem, Span


class Fact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Base of all facts: frozen, small, encoded without what has its default.

    Facts of the core index have no places: their spans are the default.
    """


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


class ImportFact(Fact, frozen=True):
    """``name`` is the local name; ``target`` what it stands for, dotted (``odoo.http.request``)."""

    name: str
    target: str
    span: Span = FIRST_LINE
    level: int = 0
    guarded: bool = False
    local: bool = False


class DecoratorFact(Fact, frozen=True):
    """``name`` is dotted with imports resolved; arguments are literals, ``...`` texts stay source."""

    name: str
    span: Span = FIRST_LINE
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    called: bool = True


class ParamFact(Fact, frozen=True):
    """``kind``: ``p`` positional, ``k`` keyword-only, ``*`` and ``**``."""

    name: str
    kind: str = "p"
    default: bool = False


class SuperFact(Fact, frozen=True):
    """One call of ``super().method(...)`` (or an alias of it). ``method`` is ``*`` where the name is
    computed or asked for first.

    ``use``: ``returned``, ``bound`` (to a variable which reaches a return or a decision), ``read`` (looked
    at, but neither), ``dropped``, ``used`` (argument or operand).
    """

    method: str
    span: Span = FIRST_LINE
    use: str = "used"
    nested: bool = False


class RouteFact(Fact, frozen=True):
    """``@http.route``. What the decorator does not say is ``None`` and is inherited or has Odoo's default.

    ``unknown`` are the arguments whose values are no literals."""

    span: Span = FIRST_LINE
    paths: tuple[str, ...] = ()
    auth: str | None = None
    type: str | None = None
    csrf: bool | None = None
    cors: str | None = None
    methods: tuple[str, ...] | None = None
    website: bool | None = None
    dynamic: bool = False
    unknown: tuple[str, ...] = ()


class CallFact(Fact, frozen=True):
    """An interesting call: ``callee`` dotted with imports resolved, literal first argument, loop depth.

    ``guarded``: inside a ``try``. The second argument of ``ref`` is ``raise_if_not_found``."""

    callee: str
    span: Span = FIRST_LINE
    literal: Any = None
    kwargs: dict[str, Any] = {}
    loop: int = 0
    method: str = ""
    klass: str = ""
    guarded: bool = False


class MethodFact(Fact, frozen=True):
    """A function or method. ``span`` is the tight ``def`` line, ``end_line`` its last line.

    ``body``: ``pass``, ``raise`` (nothing but a raise), ``return`` (a constant or something empty, or
    constants put into a computed field), ``raises`` (every path raises), ``code``. ``returns`` tells whether
    it returns a value, ``result`` which: nothing, ``constant``, ``super`` (what the parent returned) or
    ``value``. ``skips`` is the span of a return that leaves without having called super() on its way (first
    one), if any; ``guard`` says what the condition before it looks at (see ``python.results.guard``).
    ``sketch`` is the fingerprint of a longer body (see ``core.shingles``).
    """

    name: str
    span: Span = FIRST_LINE
    end_line: int = 0
    params: tuple[ParamFact, ...] = ()
    decorators: tuple[DecoratorFact, ...] = ()
    supers: tuple[SuperFact, ...] = ()
    body: str = "code"
    returns: bool = False
    result: str = ""
    skips: Span | None = None
    guard: str = ""
    route: RouteFact | None = None
    delegates: tuple[str, ...] = ()
    complexity: int = 0
    sketch: bytes = b""

    def decorated(self, *names: str) -> bool:
        return any(decorator.name.rpartition(".")[2] in names for decorator in self.decorators)


class FieldFact(Fact, frozen=True):
    """``kwargs`` holds literal arguments; a non-literal one is there as ``None`` in ``dynamic``."""

    name: str
    type: str
    span: Span = FIRST_LINE
    comodel: str = ""
    kwargs: dict[str, Any] = {}
    dynamic: tuple[str, ...] = ()


class ClassFact(Fact, frozen=True):
    """A class. ``kind``: ``model``, ``transient``, ``abstract``, ``controller``, ``test``, ``other``.

    ``model`` is the model it defines or extends, ``inherit`` the literal ``_inherit`` as a list. ``attrs``
    are the other literal class attributes. ``module`` is the dotted place inside the addon, for classes of
    the core index, whose path is empty. ``unread`` are names set to calls which may be fields of a custom
    type.
    """

    name: str
    span: Span = FIRST_LINE
    end_line: int = 0
    kind: str = "other"
    bases: tuple[str, ...] = ()
    model: str = ""
    named: bool = False
    inherit: tuple[str, ...] = ()
    inherits: dict[str, str] = {}
    fields: tuple[FieldFact, ...] = ()
    methods: tuple[MethodFact, ...] = ()
    attrs: dict[str, Any] = {}
    attr_spans: dict[str, Span] = {}
    decorators: tuple[str, ...] = ()
    module: str = ""
    unread: tuple[str, ...] = ()

    @property
    def is_model(self) -> bool:
        return self.kind in ("model", "transient", "abstract") and bool(self.model)

    @property
    def defines(self) -> bool:
        """Whether the class brings a new model into being and does not extend one."""
        return self.named and self.model not in self.inherit

    def method(self, name: str) -> MethodFact | None:
        return next((method for method in self.methods if method.name == name), None)


class UseFact(Fact, frozen=True):
    """Use of a field or method of records, as far as one file tells.

    ``model`` is where the chain begins (the model of ``self``, ``env["..."]``), ``path`` the names from
    there; ``span`` is the place of the last one. ``kind``: ``read``, ``write``, ``call``, ``values`` (a key
    of what ``create`` or ``write`` get), ``domain``, ``compare``, ``path`` (a string of ``depends``,
    ``related``, ``mapped`` ...), ``view`` (an element of a view), ``model`` and ``inherit`` (the model itself
    is named; the path is empty). ``value`` is the text with which it is compared or which it gets, and of a
    call the number of its arguments.

    A model that begins with ``@`` is that of the record with this XML id, one with ``#`` that of the report
    whose template it is, and a name that begins with ``?`` a field beside which the chain begins (see
    ``xml.view_uses``). Only there when a migration is asked for.
    """

    model: str
    path: tuple[str, ...] = ()
    span: Span = FIRST_LINE
    kind: str = "read"
    entity: str = ""
    value: Any = None


class PythonFacts(Fact, frozen=True):
    """Skeleton of a Python file."""

    imports: tuple[ImportFact, ...] = ()
    classes: tuple[ClassFact, ...] = ()
    functions: tuple[MethodFact, ...] = ()
    calls: tuple[CallFact, ...] = ()
    uses: tuple[UseFact, ...] = ()


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


class ViewFact(Fact, frozen=True):
    """A view or QWeb template. ``arch`` is the XML text of the arch, or of its specs for an extension.

    The arch of a ``bare`` view (core index) has all nodes, but no texts: see ``core.arch``. ``given`` names
    the fields which the record sets (one that only completes a view has no ``arch``), and ``places`` holds
    the start tags of all ``field`` and ``button`` elements of the arch in document order.
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


class SuppressionFact(Fact, frozen=True):
    """A comment that accepts findings on ``first`` to ``last`` line. No rules: all of them."""

    span: Span
    first: int
    last: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    source: str = "own"


class MarkFact(Fact, frozen=True):
    """What a rule noted in a file for its own index stage (``rule.Mark``)."""

    rule: str
    span: Span
    data: dict[str, Any]
    entity: str = ""
    flow: tuple[Location, ...] = ()


class Carried(Fact, frozen=True):
    """A value where it enters or leaves a file: its level, that of its source, whether it is a text that was
    put together, and where it may come from (``python.values.Origin``) as the text and as the choice of
    something. ``flow`` are its stations in the file."""

    level: int = 0
    origin: int = 0
    built: bool = False
    via: tuple[tuple[Any, ...], ...] = ()
    chosen: tuple[tuple[Any, ...], ...] = ()
    flow: tuple[Location, ...] = ()


class PassFact(Fact, frozen=True):
    """A call which may lead into another file, with the arguments that matter by position or name.

    ``line`` and ``number`` name it inside its file; ``kind``, ``owner`` and ``name`` are those of
    ``python.exits.target``."""

    line: int
    number: int
    span: Span
    klass: str
    function: str
    kind: str
    owner: str
    name: str
    args: dict[str, Carried] = {}


class ReturnFact(Fact, frozen=True):
    """What a function of a file returns, as far as it matters to its callers."""

    klass: str
    function: str
    value: Carried


class FlowFacts(Fact, frozen=True):
    """Values that leave a file."""

    passes: tuple[PassFact, ...] = ()
    returns: tuple[ReturnFact, ...] = ()


class FileResult(msgspec.Struct, frozen=True):
    """All that a worker says of one file. ``loc`` is the number of lines of code by Odoo's cloc rules,
    ``lines`` that of Python code lines whether cloc counts the file or not."""

    path: str
    role: str
    digest: str = ""
    loc: int = 0
    lines: int = 0
    manifest: ManifestFact | None = None
    python: PythonFacts | None = None
    data: DataFacts | None = None
    findings: tuple[Finding, ...] = ()
    suppressions: tuple[SuppressionFact, ...] = ()
    marks: tuple[MarkFact, ...] = ()
    flows: FlowFacts | None = None
    problems: tuple[Problem, ...] = ()
