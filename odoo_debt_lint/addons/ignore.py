"""What a run leaves out: ``.gitignore`` files and the user's excludes."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from odoo_debt_lint.addons.loc import is_bounded
from odoo_debt_lint.lazy import pathspec
from odoo_debt_lint.source import Unreadable, read_bytes


def _is_tame(pattern: str) -> bool:
    """Whether a pattern is one, and matching it takes bounded time."""
    try:
        return is_bounded(pattern) and pathspec.GitIgnoreSpec.from_lines([pattern]) is not None
    except (ValueError, re.error):
        return False


def spec_of(patterns: Collection[str], option: str) -> pathspec.GitIgnoreSpec:
    """The patterns of an option. Raises UsageError where one is none, or would be matched for ever."""
    from odoo_debt_lint.errors import UsageError

    for pattern in patterns:
        if not is_bounded(pattern):
            raise UsageError(f"{option}: a pattern with too many stars: {pattern[:60]}")
    try:
        return pathspec.GitIgnoreSpec.from_lines(patterns)
    except (ValueError, re.error) as error:
        raise UsageError(f"{option}: {error}") from None


def ignored_in(folder: Path) -> list[str]:
    """The patterns of a folder's ``.gitignore`` that can be matched in bounded time."""
    try:
        lines = read_bytes(str(folder / ".gitignore")).decode("utf-8-sig", "replace").splitlines()
    except Unreadable:
        return []
    return list(filter(_is_tame, lines))


def ignored(root: Path, path: str) -> bool:
    """Whether a ``.gitignore`` between the root and the file ignores it; the last that speaks wins."""
    parts = path.split("/")
    folder, answer = root, False
    for index in range(len(parts)):
        inside = "/".join(parts[index:])
        result = pathspec.GitIgnoreSpec.from_lines(ignored_in(folder)).check_file(inside)
        answer = answer if result.include is None else result.include
        folder = folder / parts[index]
    return answer


class Ignore:
    """``.gitignore`` files from the root down to a folder, and the user's excludes."""

    def __init__(self, root: Path, excludes: tuple[str, ...], respect: bool) -> None:
        self.root, self.respect = root, respect
        self.excludes = spec_of(excludes, "exclude") if excludes else None
        self._above: dict[str, tuple[tuple[int, pathspec.GitIgnoreSpec], ...]] = {}

    def _specs(self, folder: str) -> tuple[tuple[int, pathspec.GitIgnoreSpec], ...]:
        """The patterns of a folder and those above, the root's first, each with where its part of a path
        begins; ``""`` is the root."""
        known = self._above.get(folder)
        if known is None:
            above = self._specs(folder.rpartition("/")[0]) if folder else ()
            lines = ignored_in(self.root / folder)
            start = len(folder) + 1 if folder else 0
            own = ((start, pathspec.GitIgnoreSpec.from_lines(lines)),) if lines else ()
            known = self._above[folder] = above + own
        return known

    def matches(self, relative: str, is_folder: bool) -> bool:
        return self.excluded(relative, is_folder) or self.ignored(relative, is_folder)

    def excluded(self, relative: str, is_folder: bool) -> bool:
        """Whether the user's excludes name it."""
        name = relative + "/" if is_folder else relative
        return self.excludes is not None and self.excludes.match_file(name)

    def ignored(self, relative: str, is_folder: bool) -> bool:
        """Whether a ``.gitignore`` names it; the nearest one that speaks of it has the say, as in git."""
        if not self.respect:
            return False
        name = relative + "/" if is_folder else relative
        for start, spec in reversed(self._specs(relative.rpartition("/")[0])):
            said = spec.check_file(name[start:]).include
            if said is not None:
                return said
        return False

    def leaves_out(self, relative: str) -> bool:
        """Whether a file beside the addons is left out. What is in the repository is not ignored by git; that
        is asked for files of variables alone, which are often ignored after they were committed."""
        if not self.matches(relative, False):
            return False
        if self.excluded(relative, False):
            return True
        name = relative.rpartition("/")[2]
        if not (name.startswith(".env") or name.endswith(".env")):
            return True
        from odoo_debt_lint.addons.git import tracked

        return not tracked(self.root, relative)
