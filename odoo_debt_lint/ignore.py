"""What a run leaves out: ``.gitignore`` files and the user's excludes."""

from __future__ import annotations

from pathlib import Path

import pathspec

from odoo_debt_lint.source import Unreadable, read_bytes


def _is_tame(pattern: str) -> bool:
    """Whether a pattern is one, and matching it takes bounded time: each star of a name multiplies it."""
    if len(pattern) >= 1000 or pattern.count("**") > 4:
        return False
    if any(part.count("*") > 4 for part in pattern.split("/")):
        return False
    try:
        pathspec.GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True


def ignored_in(folder: Path) -> list[str]:
    """The patterns of a folder's ``.gitignore`` that can be matched in bounded time."""
    try:
        lines = read_bytes(str(folder / ".gitignore")).decode("utf-8", "replace").splitlines()
    except Unreadable:
        return []
    return list(filter(_is_tame, lines))


class Ignore:
    """``.gitignore`` files from the root down to a folder, and the user's excludes."""

    def __init__(self, root: Path, excludes: tuple[str, ...], respect: bool) -> None:
        self.root, self.respect = root, respect
        try:
            self.excludes = pathspec.GitIgnoreSpec.from_lines(excludes) if excludes else None
        except ValueError as error:
            from odoo_debt_lint.discovery import UsageError

            raise UsageError(f"exclude: {error}") from None
        self._specs: dict[Path, pathspec.GitIgnoreSpec | None] = {}

    def _spec(self, folder: Path) -> pathspec.GitIgnoreSpec | None:
        if folder not in self._specs:
            lines = ignored_in(folder)
            self._specs[folder] = pathspec.GitIgnoreSpec.from_lines(lines) if lines else None
        return self._specs[folder]

    def matches(self, relative: str, is_folder: bool) -> bool:
        name = relative + "/" if is_folder else relative
        if self.excludes is not None and self.excludes.match_file(name):
            return True
        if not self.respect:
            return False
        folder = self.root
        parts = relative.split("/")
        for index in range(len(parts)):
            spec = self._spec(folder)
            rest = "/".join(parts[index:])
            if spec is not None and spec.match_file(rest + "/" if is_folder else rest):
                return True
            folder = folder / parts[index]
        return False
