"""Places of files in SARIF: URIs relative to the root, and the line hashes of their content."""

from __future__ import annotations

from urllib.parse import quote

from odoo_debt_lint.report.linehash import line_hashes
from odoo_debt_lint.report.model import Sources
from odoo_debt_lint.source import Unreadable


def uri_of(path: str) -> str:
    """A path relative to the root as a URI, each segment percent-encoded."""
    return "/".join(quote(segment, safe="", errors="surrogateescape") for segment in path.split("/"))


class LineHashes:
    """Line hashes of the files that have findings, computed when first asked for."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._hashes: dict[str, list[str]] = {}

    def of(self, path: str, line: int) -> str:
        """The hash of a line, or ``""`` where there is none."""
        if path not in self._hashes:
            try:
                self._hashes[path] = line_hashes(self.sources.content(path))
            except Unreadable:
                self._hashes[path] = []
        hashes = self._hashes[path]
        return hashes[line - 1] if 0 < line <= len(hashes) else ""
