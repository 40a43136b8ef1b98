"""Which modules of an addon's tests Odoo runs.

Odoo takes the modules which the package ``tests`` has under a name that begins with ``test_``: those that lie
in it, and those which it takes out of packages below (``from .sub import test_a``, ``from .sub import *``).
What a package below imports for itself is loaded and never run. Up to 17.0 the classes that such a module
imports from elsewhere are run with its own; from 18.0 on they are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from odoo_debt_lint.checks.structure._imports import files_by_name, imported, reached
from odoo_debt_lint.facts import FileResult, ImportFact
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.rule import series_number

TESTS = "tests/__init__.py"
_DIRECT = re.compile(r"tests/test_\w+(\.py|/__init__\.py)")
_LOADERS = ("importlib", "pkgutil")
_OWN_ONLY = 18.0
"""From this series on only the classes of the module itself are run."""


def loads_by_name(addon: AddonFacts) -> bool:
    """Whether ``tests/__init__.py`` looks for the modules itself."""
    imports = _imports(files_by_name(addon), TESTS)
    return any(item.target.partition(".")[0] in _LOADERS for item in imports)


def run_by_odoo(addon: AddonFacts) -> set[str]:
    """Paths inside the addon of the files whose tests are run."""
    files = files_by_name(addon)
    found = {name for name in reached(addon, [TESTS]) if _DIRECT.fullmatch(name)}
    found.update(_bound(addon, files, TESTS, set()))
    todo = list(found) if series_number(addon.series) < _OWN_ONLY else []
    while todo:
        name = todo.pop()
        fresh = set(_givers(addon, files, name)) - found
        found |= fresh
        todo += fresh
    return found


def _imports(files: Mapping[str, FileResult], name: str) -> tuple[ImportFact, ...]:
    python = files[name].python if name in files else None
    return python.imports if python is not None else ()


def _bound(addon: AddonFacts, files: Mapping[str, FileResult], package: str, seen: set[str]) -> Iterator[str]:
    """Modules that a package has under a name of tests."""
    seen.add(package)
    for item in _imports(files, package):
        way = list(imported(addon, item, package))
        if item.name == "*":
            for other in way[:-2]:
                if other in files and other.endswith("/__init__.py") and other not in seen:
                    yield from _bound(addon, files, other, seen)
        elif item.name.startswith("test_"):
            yield from (other for other in way[-2:] if other in files)


def _givers(addon: AddonFacts, files: Mapping[str, FileResult], name: str) -> Iterator[str]:
    """Modules from which a file imports something by its name, or everything."""
    for item in _imports(files, name):
        way = list(imported(addon, item, name))
        if not any(other in files for other in way[-2:]):
            yield from (other for other in way[-4:-2] if other in files)
