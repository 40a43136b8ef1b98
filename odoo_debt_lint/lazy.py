"""``cst`` (libcst), ``yaml`` and ``pathspec``, imported when they are first used.

Rules name libcst types at module level; a run that finds everything in its cache must not pay for the
import (a third of a second of start-up). ``from odoo_debt_lint.lazy import cst`` keeps both.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import libcst as cst
    import pathspec
    import yaml
else:

    class _Lazy(ModuleType):
        def __getattr__(self, name: str) -> Any:
            value = getattr(importlib.import_module(self.__name__), name)
            setattr(self, name, value)
            return value

    cst = _Lazy("libcst")
    yaml = _Lazy("yaml")
    pathspec = _Lazy("pathspec")

__all__ = ["cst", "pathspec", "yaml"]
