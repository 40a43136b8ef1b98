"""From the paths of the command line to addons and their files.

Folders are walked once; a folder with a manifest is an addon and belongs whole to the run. A file given
alone brings its addon along, so that it can be judged, but only it is reported. What ``.gitignore`` files
name is not read; of an addon what the user excludes is, and not reported: the other files build on it. An
addon that is reached twice (symbolic links) counts once.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from odoo_debt_lint.addons.beside import is_deployment
from odoo_debt_lint.addons.found import Discovered, FoundAddon, FoundFile
from odoo_debt_lint.addons.ignore import Ignore
from odoo_debt_lint.addons.manifest import NAMES
from odoo_debt_lint.addons.naming import name_of
from odoo_debt_lint.addons.owner import addon_of, find_root, holds_manifest, without_inner
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.source import clean

SKIPPED_FOLDERS = frozenset(
    (
        ".git .hg .svn .tox .nox .venv venv node_modules __pycache__ .mypy_cache .ruff_cache "
        ".pytest_cache .odoo-debt-lint-cache .eggs site-packages __MACOSX"
    ).split()
)
_APART = "._"
"""How the names of the files begin in which macOS keeps the attributes of others."""
EXTENSIONS = frozenset({".py", ".xml", ".csv", ".js", ".css", ".scss"})
_TELLING = (".py", ".xml", ".csv")
"""Extensions of files on which others of their addon build."""
_MAX_FOLDERS = 100
_SAMPLES = frozenset(
    "tests test static doc docs example examples demo template templates tools setup".split()
)
"""Folders of an addon in which another one is only a sample."""


_SCRIPTS = frozenset("scripts setup setup.py docs doc example examples".split())
_CODE = frozenset({"models", "model", "wizard", "wizards", "report", "reports", "controllers"})
"""Folders of an addon whose files are code whatever their names: "test" may be a word of the business."""


def role_of(inside: str) -> str:
    """The role of a file in its addon.

    ``manifest``, ``test``, ``migration``, ``hook``, ``script`` and ``code`` for Python; ``demo``/``data`` for
    XML and csv (the manifest decides later which is demo); ``static`` for what the browser gets.
    """
    parts = inside.split("/")
    extension = posixpath.splitext(inside)[1]
    if inside in NAMES:
        return "manifest"
    if parts[0] == "static":
        return "static"
    if extension == ".py":
        if "tests" in parts[:-1] or (parts[-1].startswith("test_") and parts[0] not in _CODE):
            return "test"
        if parts[0] in ("migrations", "upgrades"):
            return "migration"
        if parts[-1] in ("hooks.py", "post_install.py", "pre_install.py", "init_hook.py"):
            return "hook"
        return "script" if parts[0] in _SCRIPTS else "code"
    if extension in (".xml", ".csv"):
        if parts[0] == "demo":
            return "demo"
        return "test" if parts[0] == "tests" else "data"
    return "static"


class _Walk:
    """Walks folders by their real paths; ``relative`` ones are those from the root, ``.`` for itself."""

    def __init__(self, root: Path, ignore: Ignore, found: Discovered, unsaved: Collection[str]) -> None:
        self.root, self.ignore, self.found, self.unsaved = root, ignore, found, frozenset(unsaved)
        self.seen: set[str] = set()
        self.given: set[Path] = set()
        self.inner: list[tuple[str, str]] = []
        """Addons that lie in another one, which a folder of the ``addons_path`` may still name."""

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _named(self, folder: str, name: str) -> bool:
        """Whether the name is text; one that is not (no UTF-8) could not be reported anywhere."""
        if name.isascii() or clean(name) == name:
            return True
        self.found.notices.append(f"{clean(_join(folder, name))}: name is no UTF-8, not read")
        return False

    def folder(self, real: str, relative: str) -> None:
        """Takes an addon, or looks for addons and deployment files below."""
        if real in self.seen or self._too_deep(relative):
            return
        self.seen.add(real)
        try:
            entries = sorted(os.scandir(real), key=_name_of)
        except OSError as error:
            self.found.notices.append(f"{relative}: {error.strerror}")
            return
        manifest = next((entry.name for entry in entries if entry.name in NAMES), "")
        if manifest:
            self.addon(Path(real), manifest)
            return
        for entry in entries:
            if self._named(relative, entry.name):
                self._entry(real, relative, entry)

    def _too_deep(self, relative: str) -> bool:
        """Whether no person has made these folders: a chain of thousands would overflow the stack."""
        if relative.count("/") != _MAX_FOLDERS:
            return relative.count("/") > _MAX_FOLDERS
        self.found.notices.append(f"{relative[:100]}…: folders nested too deeply, not read")
        return True

    def _entry(self, folder: str, inside: str, entry: os.DirEntry[str]) -> None:
        if entry.name.startswith(_APART):
            return
        real, relative = os.path.join(folder, entry.name), _join(inside, entry.name)
        if entry.is_symlink():
            target = self._target(Path(folder), real, relative)
            if target is None:
                return
            real, relative = str(target), self.relative(target)
        if _is_folder(entry):
            if entry.name not in SKIPPED_FOLDERS and not self.ignore.matches(relative, True):
                self.folder(real, relative)
        elif is_deployment(relative, real) and not self.ignore.leaves_out(relative):
            self.found.deployment.append(FoundFile(relative, relative, "deployment", real))

    def _target(self, folder: Path, link: str, relative: str) -> Path | None:
        """The folder to which a link leads, if it is to be followed."""
        real = Path(os.path.realpath(link))
        if not real.is_relative_to(self.root):
            if real.is_dir() or is_deployment(relative):  # of others nothing would be read anyway
                self.found.notices.append(f"{relative}: link leads out of the tree, not followed")
            return None
        if not real.is_dir():
            return None
        if folder.is_relative_to(real):
            self.found.notices.append(f"{relative}: link leads to its own parent, not followed")
            return None
        return real

    def addon(self, path: Path, manifest: str, only: set[str] | None = None) -> None:
        """Takes an addon with all its files; ``only`` limits what is reported to some real paths."""
        relative = self.relative(path)
        if not self._named(self.relative(path.parent) if path != self.root else "..", path.name):
            return
        names: set[str] = set()
        files = []
        for real, inside, excluded in (
            *self.files(str(path), relative, names),
            *self._new(path, only, names),
        ):
            wanted = not excluded and (only is None or real in only)
            files.append(FoundFile(_join(relative, inside), inside, role_of(inside), real, wanted, excluded))
        files.sort(key=lambda item: item.path)
        name = name_of(path, manifest, (file.real for file in files), path in self.given)
        if name != path.name:
            self.found.notices.append(f"{path.name}: the addon is called {name}, as in its own files")
        place = _join(relative, manifest)
        self.found.addons.append(FoundAddon(name, relative, place, tuple(files), frozenset(names)))
        self.take_inner(path if only is None else None)

    def take_inner(self, around: Path | None) -> bool:
        """Walks the addons met on the way that lie in a folder, if any, and forgets the others."""
        met, self.inner = self.inner, []
        inside = [item for item in met if around is not None and Path(item[0]).is_relative_to(around)]
        for real, relative in inside:
            self.folder(real, relative)
        return bool(inside)

    def _new(self, addon: Path, only: set[str] | None, names: set[str]) -> Iterator[tuple[str, str, bool]]:
        """Files that an editor has not written yet."""
        for real in sorted(self.unsaved & (only or set())):
            inside = Path(real).relative_to(addon).as_posix()
            if not os.path.lexists(real) and posixpath.splitext(inside)[1] in EXTENSIONS:
                names.add(inside)
                if not self.ignore.ignored(self.relative(Path(real)), False):
                    yield real, inside, self.ignore.excluded(self.relative(Path(real)), False)

    def files(self, real: str, relative: str, seen: set[str]) -> Iterator[tuple[str, str, bool]]:
        """Files of an addon to be read: their real paths, those inside the addon, and whether the user
        excludes them. ``seen`` collects the names of all files, read or not."""
        folders = [(real, relative, "", False)]
        while folders:
            folder, path, inside, ignored = folders.pop()
            if self._too_deep(path):
                continue
            try:
                entries = sorted(os.scandir(folder), key=_name_of)
            except OSError:
                continue
            if inside and _is_addon(inside, {entry.name for entry in entries}):
                self.inner += [] if ignored else [(folder, path)]
                continue
            inner: list[tuple[str, str, str, bool]] = []
            for entry in entries:
                name = entry.name
                if _is_folder(entry):
                    if name in SKIPPED_FOLDERS or not self._named(path, name):
                        continue
                    if entry.is_symlink():
                        seen.add(f"{inside}{name}/")
                        continue
                    below = _join(path, name)
                    hidden = ignored or self.ignore.ignored(below, True)
                    inner.append((entry.path, below, f"{inside}{name}/", hidden))
                    continue
                seen.add(inside + name)
                if ignored or posixpath.splitext(name)[1] not in EXTENSIONS or entry.is_symlink():
                    continue
                if name.startswith(_APART):
                    continue
                place = _join(path, name)
                if self._named(path, name) and not self.ignore.ignored(place, False):
                    excluded = self.ignore.excluded(place, False)
                    if not excluded or name.endswith(_TELLING):
                        yield entry.path, inside + name, excluded
            folders += reversed(inner)


def _is_addon(inside: str, names: Collection[str]) -> bool:
    """Whether a folder of an addon, with these entries, is one by itself."""
    known = "__init__.py" in names and any(name in names for name in NAMES)
    return known and _SAMPLES.isdisjoint(inside.split("/"))


def _name_of(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or leads to one; one of which that cannot be told is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def discover(
    paths: Iterable[str],
    *,
    excludes: tuple[str, ...] = (),
    respect_gitignore: bool = True,
    unsaved: Collection[str] = (),
) -> Discovered:
    """Finds all addons and deployment files. Raises UsageError for a path that does not exist; ``unsaved``
    are the real paths of those which do not have to."""
    given = [Path(path) for path in dict.fromkeys(paths)]
    for path in given:
        if os.path.realpath(path) in unsaved:
            continue
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file or folder")
        if not path.exists():
            raise UsageError(f"{path}: link that leads nowhere or to itself")
    root = find_root(given)
    found = Discovered(root, alone=not any(path.is_dir() for path in given))
    walk = _Walk(root, Ignore(root, excludes, respect_gitignore), found, unsaved)
    walk.given.update(path.resolve() for path in given)
    singles: dict[tuple[Path, str], set[str]] = {}
    for name, path in ((item, item.resolve()) for item in given):
        if path.is_dir():
            owner = addon_of(path / "x") if not holds_manifest(path) else None
            if owner is not None:
                every = walk.files(str(owner[0]), walk.relative(owner[0]), set())
                wanted = {real for real, *_ in every if Path(real).is_relative_to(path)}
                inner = walk.take_inner(path)
                if wanted or not inner:
                    singles.setdefault(owner, set()).update(wanted)
            else:
                walk.folder(str(path), walk.relative(path))
            continue
        owner = addon_of(path)
        if owner is not None:
            singles.setdefault(owner, set()).add(str(path))
        elif is_deployment(path.as_posix(), str(path)):
            relative = walk.relative(path)
            found.deployment.append(FoundFile(relative, relative, "deployment", str(path)))
        else:
            raise UsageError(f"{name}: belongs to no addon (no __manifest__.py above it)")
    for (folder, manifest), only in singles.items():
        if str(folder) not in walk.seen:
            walk.addon(folder, manifest, only)
    found.addons = without_inner(sorted(found.addons, key=lambda addon: addon.path))
    found.deployment = [item for _, item in sorted({item.path: item for item in found.deployment}.items())]
    return found
