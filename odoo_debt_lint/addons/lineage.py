"""In which order Odoo calls the classes of a model: the order of imports, and the method resolution order.

The registry makes one Python class per model. Each statement that extends the model is put before the bases
so far, each mixin is a base (with all its own extensions), and Python's C3 order decides. This is
computed here the way ``odoo.models.BaseModel._build_model`` lets Python do it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from odoo_debt_lint.facts import ClassFact, FieldFact, MethodFact, PythonFacts
from odoo_debt_lint.finding import Location


@dataclass(frozen=True)
class Part:
    """One class statement of a model and where it stands; ``path`` is empty for classes of Odoo's core."""

    addon: str
    path: str
    klass: ClassFact

    @cached_property
    def key(self) -> tuple[str, str, int]:
        return (self.addon, self.path, self.klass.span.start_line)

    @cached_property
    def methods(self) -> dict[str, MethodFact]:
        """Methods by name, the first definition as in ``ClassFact.method``."""
        return {method.name: method for method in reversed(self.klass.methods)}

    def place(self, method: MethodFact) -> Location:
        """Where a method of the class stands: its ``def`` line."""
        return Location(self.path, method.span)

    def entity(self, member: MethodFact | FieldFact) -> str:
        """Name of a method or field for fingerprints: ``Class.name``."""
        return f"{self.klass.name}.{member.name}"


Base: TypeAlias = "Part | str"
"""A class statement, or the name of a model with everything that makes it up."""
Lines: TypeAlias = "dict[tuple[int | str, ...], tuple[tuple[Base, ...], list[tuple[Base, ...]]]]"
_DEPTH = 40


class Lineage:
    """The method resolution order of models, each computed once; ``parts`` gives classes in load order.

    ``lines`` keeps orders for others: most scopes see the same classes of most models."""

    def __init__(self, parts: Callable[[str], Sequence[Part]], lines: Lines | None = None) -> None:
        self._parts = parts
        self._lines: Lines = lines if lines is not None else {}
        self._known: dict[str, tuple[Base, ...]] = {}
        self._orders: dict[str, tuple[Part, ...]] = {}

    def order(self, model: str) -> tuple[Part, ...]:
        """All classes of the model and of what it inherits, the one that is called first in front."""
        found = self._orders.get(model)
        if found is None:
            line = self._linear(model, 0)
            found = self._orders[model] = tuple(item for item in line if not isinstance(item, str))
        return found

    def behind(self, part: Part) -> tuple[Part, ...]:
        """What ``super()`` reaches from a class, nearest first."""
        order = self.order(part.klass.model)
        for number, other in enumerate(order):
            if other.klass is part.klass:
                return order[number + 1 :]
        # a later class took the model's name without inheriting it; this one still has its own mixins
        found: dict[int, Part] = {}
        for parent in part.klass.inherit:
            if parent != part.klass.model:
                found.update((id(other), other) for other in self.order(parent))
        return tuple(found.values())

    def _linear(self, model: str, depth: int) -> tuple[Base, ...]:
        known = self._known.get(model)
        if known is None:
            bases = self._bases(model)
            if depth > _DEPTH:
                return (model,)
            self._known[model] = (model,)  # stands in for itself while a cycle of mixins is followed
            lines = [self._linear(base, depth + 1) for base in bases if isinstance(base, str)]
            key = (model, *map(_key, bases), *map(id, lines))
            found = self._lines.get(key)
            if found is None:
                # the lines are kept with what they lead to: their ids stay theirs
                found = self._lines[key] = ((model, *_merged(bases, lines)), lines)
            known = self._known[model] = found[0]
        return known

    def _bases(self, model: str) -> list[Base]:
        bases: list[Base] = []
        for part in self._parts(model):
            parents = part.klass.inherit
            found: dict[int | str, Base] = {id(part): part}
            for parent in (*parents, *(("base",) if model != "base" else ())):
                for base in bases if parent == model else (parent,):
                    key = base if isinstance(base, str) else id(base)
                    found.pop(key, None)
                    found[key] = base
            bases = list(found.values())
        return bases


def _merged(bases: list[Base], lines: list[tuple[Base, ...]]) -> list[Base]:
    """The merge of the bases' lines and the bases. A class statement is a line too; it matters only where
    Python would refuse."""
    found = _merge([*lines, bases], strict=True)
    if found is None:
        rest = iter(lines)
        every = [next(rest) if isinstance(base, str) else (base,) for base in bases]
        found = _merge([*every, bases])
    return found or []


def _merge(lines: Sequence[Sequence[Base]], strict: bool = False) -> list[Base] | None:
    """Python's C3 merge; where Python would refuse, the first line goes on, or nothing with ``strict``."""
    queues = [list(reversed(line)) for line in lines if line]
    tails: dict[int | str, int] = {}
    for queue in queues:
        for item in queue[:-1]:
            tails[_key(item)] = tails.get(_key(item), 0) + 1
    result: list[Base] = []
    while queues:
        head = next((queue[-1] for queue in queues if not tails.get(_key(queue[-1]))), None)
        if head is None:
            if strict:
                return None
            head = queues[0][-1]
        key = _key(head)
        result.append(head)
        for queue in queues:
            if _key(queue[-1]) == key:
                queue.pop()
                if queue:
                    tails[_key(queue[-1])] -= 1
            elif tails.get(key):
                kept = [item for item in queue if _key(item) != key]
                tails[key] -= len(queue) - len(kept)
                queue[:] = kept
        queues = [queue for queue in queues if queue]
    return result


def _key(item: Base) -> int | str:
    return item if isinstance(item, str) else id(item)


def import_order(
    folder: str, addon: str, files: Mapping[str, PythonFacts]
) -> tuple[list[str], frozenset[str]]:
    """The paths in the order in which importing the addon runs them, and those which nothing imports: they
    come last. Without imports in the addon's ``__init__.py`` nothing is known of that."""
    folder = "" if folder == "." else folder
    order: dict[str, None] = {}
    open_files: set[str] = set()

    def visit(path: str) -> None:
        if path in order or path in open_files or path not in files:
            return
        open_files.add(path)
        package = posixpath.dirname(path)
        for item in files[path].imports:
            if not item.local:
                for target in _targets(folder, addon, package, item.target, item.level):
                    visit(target)
        order[path] = None

    visit(posixpath.join(folder, "__init__.py"))
    reached = frozenset(order)
    for path in sorted(files):
        visit(path)
    return list(order), frozenset(order) - reached if len(reached) > 1 else frozenset()


def _targets(folder: str, addon: str, package: str, target: str, level: int) -> list[str]:
    """Files which an import runs: packages on the way, then the module."""
    if level:
        base = package
        for _ in range(level - 1):
            base = posixpath.dirname(base)
        names = target[level:].split(".")
    else:
        prefix = next((p for p in ("odoo.addons.", "openerp.addons.") if target.startswith(p)), "")
        if not prefix or not (target + ".").startswith(f"{prefix}{addon}."):
            return []
        base, names = folder, target[len(prefix + addon) + 1 :].split(".")
    found = []
    for name in names:
        if not name:
            continue
        base = posixpath.join(base, name)
        found += [f"{base}/__init__.py", f"{base}.py"]
    return found
