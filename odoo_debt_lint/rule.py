"""What a rule is: metadata and the listeners through which it sees code, XML, facts or files.

A rule is one module in ``checks/<family>/`` that defines ``RULE``; its module docstring is the
documentation. Name and family come from the file's place, so nothing has to be registered anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from odoo_debt_lint.finding import Confidence, Fix, Location, Problem, Severity, Span

if TYPE_CHECKING:
    from odoo_debt_lint.deployment.instance import Instance
    from odoo_debt_lint.facts import ClassFact, MethodFact, SuppressionFact
    from odoo_debt_lint.index import Scope
    from odoo_debt_lint.migration.facts import Fact
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit
    from odoo_debt_lint.xml.document import XmlFile


_CODE = frozenset({"code", "hook"})
Reach: TypeAlias = Literal["none", "closure", "all"]


class Block(str, Enum):
    """The part of an audit report to which a rule belongs."""

    SECURITY = "security"
    CODE = "code"
    PERFORMANCE = "performance"
    INFRASTRUCTURE = "infrastructure"
    BACKUPS = "backups"
    OBSERVABILITY = "observability"
    MIGRATION = "migration"


class Hit(msgspec.Struct, frozen=True):
    """What a listener yields: a place and what to say of it. The dispatcher makes the finding.

    ``where`` is a libcst node of the body at hand, an element of the XML file at hand, a span of the
    file at hand, or a full location (index rules). What is ``None`` is taken from the rule.
    """

    where: Any
    message: str
    severity: Severity | None = None
    confidence: Confidence | None = None
    minutes: int | None = None
    related: tuple[Location, ...] = ()
    flow: tuple[Location, ...] | Callable[[], tuple[Location, ...]] = ()
    fix: Fix | Callable[[], Fix | None] | None = None
    entity: str = ""


class Mark(msgspec.Struct, frozen=True):
    """What a listener on one file yields for the index: a place and plain data, kept as a fact.

    The rule's ``OnAddon`` listener finds it through ``Scope.marks`` and judges it with what other files say.
    """

    where: Any
    data: dict[str, Any]
    flow: tuple[Location, ...] | Callable[[], tuple[Location, ...]] = ()
    entity: str = ""


Hits: TypeAlias = Iterable[Hit]
Marks: TypeAlias = Iterable["Hit | Mark"]


class OnNode(msgspec.Struct, frozen=True):
    """Called for each libcst node of the named classes in bodies that hold one of the rule's triggers."""

    types: tuple[str, ...]
    check: Callable[[Any, Body], Marks]


class OnModule(msgspec.Struct, frozen=True):
    """Called once per Python file with its skeleton facts; ``embedded``: also for Python in data files."""

    check: Callable[[PythonFile], Marks]
    embedded: bool = False


class OnElement(msgspec.Struct, frozen=True):
    """Called for each XML element with one of the tags (``*`` for all)."""

    tags: tuple[str, ...]
    check: Callable[[Any, XmlFile], Marks]


class OnProblem(msgspec.Struct, frozen=True):
    """Called for a file that could not be read as what it should be (kinds as in ``Problem``)."""

    kinds: tuple[str, ...]
    check: Callable[[Problem], Hits]


class OnAddon(msgspec.Struct, frozen=True):
    """Called once per addon with the index as this addon's dependencies see it.

    ``bodies``: of which Python files it looks at more than their interface (see ``facts.interface``): of
    ``none``, of those of the ``closure`` (the addon and what it depends on) or of ``all``. ``data``: at whose
    data files it looks. Where nothing has changed that it looks at, it is not asked again.
    """

    check: Callable[[Scope], Hits]
    bodies: Reach = "all"
    data: Reach = "all"


class Comment(msgspec.Struct, frozen=True):
    """One of our own comments that accept findings, and what became of it.

    ``idle`` are rules it names which were run and found nothing there, ``useless`` that it accepts nothing
    at all, ``unknown`` are names that no rule has, each with the nearest that one has
    (empty for none).
    """

    fact: SuppressionFact
    useless: bool = False
    idle: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()


class OnComment(msgspec.Struct, frozen=True):
    """Called for each of our own comments once all findings are known."""

    check: Callable[[Comment], Hits]


class OnDeployment(msgspec.Struct, frozen=True):
    """Called for each deployment file of the kinds: odoo, compose, dockerfile, nginx, env, postgresql,
    pg_hba, redis, sshd, fail2ban, schedule, script."""

    kinds: tuple[str, ...]
    check: Callable[[Any], Hits]


class OnInstance(msgspec.Struct, frozen=True):
    """Called once per run that has deployment files, with all of them joined."""

    check: Callable[[Instance], Hits]


Listener: TypeAlias = (
    OnNode | OnModule | OnElement | OnProblem | OnAddon | OnComment | OnDeployment | OnInstance
)


class Rule(msgspec.Struct, frozen=True):
    """Metadata of one rule.

    ``minutes`` is the coefficient per finding and ``offset`` what the first finding of an addon costs on
    top. ``since``/``until`` are Odoo series, both inclusive. ``roles`` are the file roles in which the
    rule listens (see ``discovery``). ``triggers`` are byte strings of which a body must hold one (for a
    listener to all elements: the file), ``needs`` such which the file must hold, all of them, before any body
    is looked at, ``also`` such of which the body must hold one besides a trigger. ``when`` says by its facts
    whether a body is worth parsing, ``glance`` by its ``ast``. ``fact`` is there for rules of the migration
    engine, which has the listeners.
    """

    severity: Severity
    block: Block
    minutes: int
    listeners: tuple[Listener, ...]
    confidence: Confidence = Confidence.HIGH
    offset: int = 0
    since: str = ""
    until: str = ""
    tags: tuple[str, ...] = ()
    roles: frozenset[str] = _CODE
    triggers: tuple[bytes, ...] = ()
    needs: tuple[bytes, ...] = ()
    also: tuple[bytes, ...] = ()
    when: Callable[[ClassFact | None, MethodFact | None], bool] | None = None
    glance: Callable[[Unit, PythonFile], bool] | None = None
    name: str = ""
    family: str = ""
    doc: str = ""
    fact: Fact | None = None

    @property
    def summary(self) -> str:
        return self.doc.strip().splitlines()[0].rstrip(".") if self.doc.strip() else self.name

    @property
    def sight(self) -> tuple[Reach, Reach]:
        """At whose bodies and whose data files its listeners for addons look, at the most."""
        joining = [item for item in self.listeners if isinstance(item, OnAddon)]
        return _farthest(item.bodies for item in joining), _farthest(item.data for item in joining)

    def holds_for(self, series: str) -> bool:
        """Whether the rule applies to an addon of this series; an unknown series passes."""
        if not series:
            return True
        number = series_number(series)
        if self.since and number < series_number(self.since):
            return False
        return not (self.until and number > series_number(self.until))


def _farthest(reaches: Iterable[Reach]) -> Reach:
    known = set(reaches)
    return "all" if "all" in known else "closure" if "closure" in known else "none"


def series_number(series: str) -> float:
    """``"16.0"`` → ``16.0``; 0 for what is no series."""
    try:
        return float(series)
    except ValueError:
        return 0.0


__all__ = [
    "Block",
    "Comment",
    "Confidence",
    "Fix",
    "Hit",
    "Hits",
    "Listener",
    "Location",
    "Mark",
    "Marks",
    "OnAddon",
    "OnComment",
    "OnDeployment",
    "OnElement",
    "OnInstance",
    "OnModule",
    "OnNode",
    "OnProblem",
    "Problem",
    "Reach",
    "Rule",
    "Severity",
    "Span",
    "series_number",
]
