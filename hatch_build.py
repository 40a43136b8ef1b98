"""Builds the README as PyPI shows it.

There it stands beside none of the repository's files: links to them get the repository's address.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(!?)(\[[^\]]*\]\()(?!https?://|#)([^)\s]+\))")


def with_addresses(text: str, home: str) -> str:
    """Markdown whose links to files of the repository hold the whole address; pictures as they are."""
    return _LINK.sub(
        lambda link: f"{link[1]}{link[2]}{home}/{'raw' if link[1] else 'blob'}/main/{link[3]}", text
    )


class ReadmeHook(MetadataHookInterface):
    """Fills in ``readme``, which pyproject.toml declares as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        home = metadata["urls"]["Repository"]
        metadata["readme"] = {"content-type": "text/markdown", "text": with_addresses(text, home)}
