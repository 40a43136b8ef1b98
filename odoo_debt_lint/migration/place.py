"""A place in a file where a fact was met, as the fixes and the engine see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.finding import Span

if TYPE_CHECKING:
    from odoo_debt_lint.facts import MethodFact
    from odoo_debt_lint.migration.facts import Fact, Match
    from odoo_debt_lint.migration.plan import Wanted
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.source import Text
    from odoo_debt_lint.xml.document import XmlFile


@dataclass(frozen=True, slots=True)
class Place:
    """``file`` is a PythonFile, an XmlFile, or the Text of any other file; ``node`` the ``ast`` node or lxml
    element that was met (None in other files, for imports, decorators, class attributes). ``klass`` and
    ``root`` are the class and the function or statement around it."""

    wanted: Wanted
    file: Any
    node: Any
    span: Span
    entity: str = ""
    klass: str = ""
    root: Any = None

    @property
    def fact(self) -> Fact:
        return self.wanted.fact

    @property
    def match(self) -> Match:
        return self.wanted.match

    @property
    def python(self) -> PythonFile:
        """The file, where it is one of Python."""
        file: PythonFile = self.file
        return file

    @property
    def xml(self) -> XmlFile:
        """The file, where it is one of XML."""
        file: XmlFile = self.file
        return file

    @property
    def text(self) -> Text:
        """The text of the file, for edits."""
        text: Text = getattr(self.file, "text", self.file)
        return text

    @property
    def method(self) -> MethodFact | None:
        """The fact of the function or method that was met (``def`` matches)."""
        return self.python.methods.get((self.klass, getattr(self.node, "name", "")))
