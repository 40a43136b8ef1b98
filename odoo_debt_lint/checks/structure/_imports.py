"""Which files of an addon Python reaches: from ``__init__.py`` on, along every import."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from odoo_debt_lint.facts import FileResult, ImportFact
from odoo_debt_lint.index import AddonFacts, Index, Scope

_CODE = ("code", "hook")
_LOADERS = ("importlib", "pkgutil")


def files_by_name(addon: AddonFacts) -> dict[str, FileResult]:
    """The addon's results by their path inside it."""
    return {addon.inside(result.path): result for result in addon.files}


def _own(addon: AddonFacts) -> tuple[str, ...]:
    """How imports begin that name the addon itself."""
    return (f"odoo.addons.{addon.name}.", f"openerp.addons.{addon.name}.", f"{addon.name}.")


def imported(addon: AddonFacts, item: ImportFact, inside: str) -> Iterator[str]:
    """Files of the addon which an import in one of them may mean, those of the packages above included."""
    folder = posixpath.dirname(inside)
    target = item.target.lstrip(".")
    bases: list[str] = []
    if item.level:
        parts = folder.split("/") if folder else []
        bases.append("/".join(parts[: len(parts) - item.level + 1]))
    else:
        for prefix in _own(addon):
            if target.startswith(prefix):
                target = target[len(prefix) :]
                bases.append("")
                break
        else:
            # without a dot in front: Python 2 looked beside the file first
            bases.append(folder)
    for base in bases:
        yield from _modules(base, target)


def _modules(base: str, target: str) -> Iterator[str]:
    place = base
    for part in target.split("."):
        place = posixpath.join(place, part)
        yield f"{place}.py"
        yield f"{place}/__init__.py"


def reached(addon: AddonFacts, roots: Iterable[str]) -> set[str]:
    """Paths inside the addon of all Python files which the roots import, the roots included."""
    files = files_by_name(addon)
    found: set[str] = set()
    words = {part for name in files for part in name.removesuffix(".py").split("/")}
    todo = [name for name in roots if name in files]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        python = files[name].python
        for item in python.imports if python is not None else ():
            first = item.target.partition(".")[0]
            if not item.level and first not in words and not item.target.startswith(_own(addon)):
                continue  # another package, as most are
            todo += [other for other in imported(addon, item, name) if other in files and other not in found]
    return found


def dead(scope: Scope) -> frozenset[str]:
    """Paths of the modules that surely are never loaded. Nothing is said of a folder that is imported and of
    which nothing is loaded, and of an addon that imports modules by their names."""
    return scope.once("structure.dead", lambda: frozenset(_dead(scope)))


def _dead(scope: Scope) -> Iterator[str]:
    addon = scope.addon
    files = files_by_name(addon)
    code = {name: result for name, result in files.items() if result.role in _CODE and name.endswith(".py")}
    if not any(name.endswith("/__init__.py") or "/" not in name for name in code):
        return
    loaded = reached(addon, {"__init__.py"} | imported_from_outside(scope.index, addon))
    left = [name for name in code if name not in loaded and not name.endswith("__init__.py")]
    if not left or any(_is_dark(result) for result in code.values()):
        return
    live = [name for name in loaded if name in code and not name.endswith("__init__.py")]
    for name in left:
        package = posixpath.dirname(name)
        while package and f"{package}/__init__.py" not in loaded:
            package = posixpath.dirname(package)
        if any(other.startswith(f"{package}/" if package else "") for other in live):
            yield code[name].path


def _is_dark(result: FileResult) -> bool:
    """Whether what a file imports is not known. A module that does not parse is hardly the one which would
    have imported others; the ``__init__.py`` of a package is."""
    if any(problem.kind == "hidden" for problem in result.problems):
        return True
    if result.python is None:
        return posixpath.basename(result.path) == "__init__.py"
    by_name = any(item.target.partition(".")[0] in _LOADERS for item in result.python.imports)
    return by_name or any(call.callee == "__import__" for call in result.python.calls)


def imported_from_outside(index: Index, addon: AddonFacts) -> set[str]:
    """Files of the addon that other addons of the set import."""
    table = index.once("imports of addons", lambda: _imports_of_addons(index))
    return {name for target in table.get(addon.name, ()) for name in _modules("", target)}


def _imports_of_addons(index: Index) -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for other in index.addons.values():
        for result in other.files:
            for item in result.python.imports if result.python is not None else ():
                _, addons, rest = item.target.partition(".addons.")
                if addons:
                    table.setdefault(rest.partition(".")[0], set()).add(rest.partition(".")[2])
    return table
