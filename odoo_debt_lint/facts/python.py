"""Facts of a Python file: its skeleton, and how it uses fields and methods."""

from __future__ import annotations

from typing import Any

from odoo_debt_lint.facts.base import Fact
from odoo_debt_lint.finding import FIRST_LINE, Span


class ImportFact(Fact, frozen=True):
    """``name`` is the local name; ``target`` what it stands for, dotted (``odoo.http.request``).

    ``guarded``: inside a ``try``, ``needed``: of the module and whose handlers only log, so that nothing
    stands in for what is missing.
    """

    name: str
    target: str
    span: Span = FIRST_LINE
    level: int = 0
    guarded: bool = False
    local: bool = False
    needed: bool = False


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
    at, but neither), ``dropped``, ``used`` (argument or operand). ``count`` positional arguments and those
    of ``names`` are given; below 0: not known.
    """

    method: str
    span: Span = FIRST_LINE
    use: str = "used"
    nested: bool = False
    count: int = -1
    names: tuple[str, ...] = ()


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
    constants put into a computed field), ``default`` (the same by ``update``), ``raises`` (every path
    raises), ``code``. ``returns`` tells whether it returns a value, ``result`` which: nothing, ``constant``,
    ``super`` (what the parent returned) or ``value``. ``skips`` is the span of a return that leaves without
    having called super() on its way (first one), if any; ``guard`` says what the condition before it looks at
    (see ``python.results.guard``).
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
    is named; the path is empty), ``table`` (SQL names that of the model). ``value`` is the text with which it
    is compared or which it gets, and of a call the number of its arguments.

    A model that begins with ``@`` is the one which the record with this XML id stands for or is about, with
    ``=`` that of the record itself, with ``#`` that of the report whose template it is; a name that begins
    with ``?`` is a field beside which the chain begins (see ``xml.view_uses``). Only there when a migration
    is asked for.
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
