"""From the paths of the command line to addons and their files.

Folders are walked once; a folder with a manifest is an addon and belongs whole to the run. A file given
alone brings its addon along, so that it can be judged, but only it is reported. ``.gitignore`` files
and excludes are respected, and an addon that is reached twice (symbolic links) counts once.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from odoo_debt_lint.ignore import Ignore
from odoo_debt_lint.manifest import NAMES
from odoo_debt_lint.source import clean

SKIPPED_FOLDERS = frozenset(
    (
        ".git .hg .svn .tox .nox .venv venv node_modules __pycache__ .mypy_cache .ruff_cache "
        ".pytest_cache .odoo-debt-lint-cache .eggs site-packages"
    ).split()
)
EXTENSIONS = frozenset({".py", ".xml", ".csv", ".js", ".css", ".scss"})
_MAX_FOLDERS = 100
_DEPLOYMENT = (
    "*odoo*.conf", "openerp*.conf", "odoo*.cfg", ".odoorc", "odoorc",
    "*compose*.y*ml", "docker-stack*.y*ml", "Dockerfile*", "*.[dD]ockerfile",
    "nginx*.conf", ".env",
    ".env.*", "*.env", "*postgres*.conf", "*_hba*.conf", "pg_hba*", "*redis*.conf", "*valkey*.conf",
    "*sshd_config*",
    "jail*.local", "jail*.conf", "*crontab*", "*.cron", "*.timer", "*.service", "*backup*.sh",
    "*backup*.bash", "*dump*.sh", "*restore*.sh", "*respaldo*.sh", "*sauvegarde*.sh", "*sicherung*.sh",
    "*snapshot*.sh", "*cron*.sh",
)  # fmt: skip
_NEVER_DEPLOYMENT = tuple(
    ".py .pyc .xml .csv .po .pot .js .css .scss .html .png .svg .jpg .md .rst .txt .json".split()
)
_DEPLOYMENT_NAMES = re.compile("|".join(fnmatch.translate(pattern) for pattern in _DEPLOYMENT))
_DEPLOYMENT_FOLDERS = re.compile(
    r"(^|/)nginx/(?:.*/)?[^/]+\.conf$|(^|/)(nginx|conf\.d|sites-(available|enabled))/([^/]+\.conf|[^/.]+)$|"
    r"(^|/)(logrotate\.d|fail2ban|jail\.d|cron\.(d|hourly|daily|weekly|monthly))/[^/]+$|"
    r"(^|/)(postgres\w*|pgsql|pg|redis|sshd_config\.d)/(?:[^/]+/)?[^/]+\.conf$|"
    r"(^|/)backups?/(?:[^/]+/)?[^/]+\.(sh|bash)$"
)


class UsageError(Exception):
    """Bad input of the user: one clear line, exit code 2."""


class FoundFile(msgspec.Struct, frozen=True):
    """``path`` is relative to the root, ``inside`` to the addon; ``role`` tells how it is read."""

    path: str
    inside: str
    role: str
    real: str
    reported: bool = True


class FoundAddon(msgspec.Struct, frozen=True):
    """An addon folder; ``path`` relative to the root. ``names`` are the paths inside the addon of all its
    files, also of those that are not read (images, ignored files, links); a folder that is a link has its own
    with ``/`` at the end."""

    name: str
    path: str
    manifest: str
    files: tuple[FoundFile, ...]
    names: frozenset[str] = frozenset()


class Discovered(msgspec.Struct):
    """What the paths hold. ``alone``: they were files and no folder, what is not here may be beside them."""

    root: Path
    addons: list[FoundAddon] = []
    deployment: list[FoundFile] = []
    notices: list[str] = []
    alone: bool = False


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
        if "tests" in parts[:-1] or (parts[-1].startswith("test_") and "wizard" not in parts[0]):
            return "test"
        if parts[0] in ("migrations", "upgrades"):
            return "migration"
        if parts[-1] in ("hooks.py", "post_install.py", "pre_install.py", "init_hook.py"):
            return "hook"
        return "script" if parts[0] in ("scripts", "setup", "setup.py", "docs", "doc", "examples") else "code"
    if extension in (".xml", ".csv"):
        if parts[0] == "demo":
            return "demo"
        return "test" if parts[0] == "tests" else "data"
    return "static"


def find_root(paths: Iterable[Path]) -> Path:
    """The git work tree that holds all paths, else their deepest common folder."""
    common = Path(os.path.commonpath([_outer(path.resolve()) for path in paths]))
    for folder in (common, *common.parents):
        if (folder / ".git").exists():
            return folder
    return common


def _outer(path: Path) -> Path:
    """The folder around the outermost addon that holds a path, else the path's own folder."""
    folder = path if path.is_dir() else path.parent
    addons = [place for place in (folder, *folder.parents) if _holds_manifest(place)]
    return addons[-1].parent if addons else folder


class _Walk:
    def __init__(self, root: Path, ignore: Ignore, found: Discovered) -> None:
        self.root, self.ignore, self.found = root, ignore, found
        self.seen: set[str] = set()

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _named(self, folder: Path, name: str) -> bool:
        """Whether the name is text; one that is not (no UTF-8) could not be reported anywhere."""
        if name.isascii() or clean(name) == name:
            return True
        self.found.notices.append(f"{clean(self.relative(folder / name))}: name is no UTF-8, not read")
        return False

    def folder(self, path: Path) -> None:
        """Takes an addon, or looks for addons and deployment files below."""
        real = os.path.realpath(path)
        if real in self.seen or self._too_deep(path):
            return
        self.seen.add(real)
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            self.found.notices.append(f"{self.relative(path)}: {error.strerror}")
            return
        manifest = next((entry.name for entry in entries if entry.name in NAMES), "")
        if manifest:
            self.addon(Path(real), manifest)
            return
        for entry in entries:
            if self._named(path, entry.name):
                self._entry(path, entry)

    def _too_deep(self, path: Path) -> bool:
        """Whether no person has made these folders: a chain of thousands would overflow the stack."""
        relative = self.relative(path)
        if relative.count("/") != _MAX_FOLDERS:
            return relative.count("/") > _MAX_FOLDERS
        self.found.notices.append(f"{relative[:100]}…: folders nested too deeply, not read")
        return True

    def _entry(self, path: Path, entry: os.DirEntry[str]) -> None:
        target = path / entry.name
        if entry.is_symlink():
            real = Path(os.path.realpath(target))
            if not real.is_relative_to(self.root):
                self.found.notices.append(
                    f"{self.relative(target)}: link leads out of the tree, not followed"
                )
                return
            if real.is_dir() and path.is_relative_to(real):
                self.found.notices.append(
                    f"{self.relative(target)}: link leads to its own parent, not followed"
                )
                return
            if not real.is_dir():
                return
            target = real
        relative = self.relative(target)
        if target.is_dir():
            if entry.name not in SKIPPED_FOLDERS and not self.ignore.matches(relative, True):
                self.folder(target)
        elif is_deployment(relative) and not self.ignore.matches(relative, False):
            self.found.deployment.append(FoundFile(relative, relative, "deployment", str(target)))

    def addon(self, path: Path, manifest: str, only: set[str] | None = None) -> None:
        """Takes an addon with all its files; ``only`` limits what is reported to some real paths."""
        if not self._named(path.parent, path.name):
            return
        files = []
        names: set[str] = set()
        for real in self._files(path, names):
            inside = real.relative_to(path).as_posix()
            reported = only is None or str(real) in only
            files.append(FoundFile(self.relative(real), inside, role_of(inside), str(real), reported))
        files.sort(key=lambda item: item.path)
        self.found.addons.append(
            FoundAddon(
                path.name,
                self.relative(path),
                self.relative(path / manifest),
                tuple(files),
                frozenset(names),
            )
        )

    def _files(self, path: Path, seen: set[str] | None = None) -> Iterator[Path]:
        """Files to be read; ``seen`` collects the names of all files, read or not."""
        ignored: set[str] = set()
        for folder, folders, names in os.walk(path):
            here = Path(folder)
            if self._too_deep(here):
                folders.clear()
                continue
            inside = "" if here == path else here.relative_to(path).as_posix() + "/"
            folders[:] = sorted(
                name for name in folders if name not in SKIPPED_FOLDERS and self._named(here, name)
            )
            if seen is not None:
                seen.update(inside + name for name in names)
                seen.update(f"{inside}{name}/" for name in folders if (here / name).is_symlink())
            for name in folders:
                if folder in ignored or self.ignore.matches(self.relative(here / name), True):
                    ignored.add(os.path.join(folder, name))
            if folder in ignored:
                continue
            for name in names:
                target = here / name
                if posixpath.splitext(name)[1] not in EXTENSIONS or target.is_symlink():
                    continue
                if not self._named(here, name):
                    continue
                if not self.ignore.matches(self.relative(target), False):
                    yield target


def is_deployment(path: str) -> bool:
    """Whether a file beside the addons configures the instance."""
    name = posixpath.basename(path)
    if name.endswith(_NEVER_DEPLOYMENT):
        return False
    return bool(_DEPLOYMENT_NAMES.match(name) or _DEPLOYMENT_FOLDERS.search(path))


def _addon_of(path: Path) -> tuple[Path, str] | None:
    """The addon which holds a file, looking upwards."""
    for folder in path.parents:
        for name in NAMES:
            if (folder / name).is_file():
                return folder, name
    return None


def discover(
    paths: Iterable[str], *, excludes: tuple[str, ...] = (), respect_gitignore: bool = True
) -> Discovered:
    """Finds all addons and deployment files. Raises UsageError for a path that does not exist."""
    given = [Path(path) for path in dict.fromkeys(paths)]
    for path in given:
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file or folder")
        if not path.exists():
            raise UsageError(f"{path}: link that leads nowhere or to itself")
    root = find_root(given)
    found = Discovered(root, alone=not any(path.is_dir() for path in given))
    walk = _Walk(root, Ignore(root, excludes, respect_gitignore), found)
    singles: dict[tuple[Path, str], set[str]] = {}
    for path in (item.resolve() for item in given):
        if path.is_dir():
            owner = _addon_of(path / "x") if not _holds_manifest(path) else None
            if owner is not None:
                wanted = {str(item) for item in walk._files(owner[0]) if item.is_relative_to(path)}
                singles.setdefault(owner, set()).update(wanted)
            else:
                walk.folder(path)
            continue
        owner = _addon_of(path)
        if owner is not None:
            singles.setdefault(owner, set()).add(str(path))
        elif is_deployment(path.as_posix()):
            relative = walk.relative(path)
            found.deployment.append(FoundFile(relative, relative, "deployment", str(path)))
        else:
            raise UsageError(f"{path}: belongs to no addon (no __manifest__.py above it)")
    for (folder, manifest), only in singles.items():
        if str(folder) not in walk.seen:
            walk.addon(folder, manifest, only)
    found.addons.sort(key=lambda addon: addon.path)
    found.deployment.sort(key=lambda item: item.path)
    return found


def _holds_manifest(path: Path) -> bool:
    return any((path / name).is_file() for name in NAMES)


def is_foreign(path: str) -> bool:
    """Whether a path is a file that belongs to no addon and configures no instance."""
    real = Path(path).resolve()
    return real.is_file() and _addon_of(real) is None and not is_deployment(real.as_posix())
