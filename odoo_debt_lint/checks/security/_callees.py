"""Which functions of the addon set a call may lead to: by model, by class, by module.

A method of a model may be any of those that its classes define, in whatever addon of the set: all extensions
that are installed take part. Functions of Odoo itself are not asked.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.addons.lineage import Lineage
from odoo_debt_lint.facts import ClassFact, MethodFact, PassFact, PythonFacts
from odoo_debt_lint.index import AddonFacts, Index, Part

_MAX_DEPTH = 6
_PREFIXES = ("odoo.addons.", "openerp.addons.")


class Callee(NamedTuple):
    """A function of the set."""

    path: str
    klass: str
    method: MethodFact


class Callees:
    """Answers for the addons of one series."""

    def __init__(self, index: Index, series: str) -> None:
        self.addons: dict[str, AddonFacts] = {}
        self.files: dict[str, tuple[AddonFacts, PythonFacts]] = {}
        self._parts: dict[str, list[Part]] = {}
        for addon in index.all:
            if addon.series != series:
                continue
            self.addons[addon.name] = addon
            for model, parts in addon.parts.items():
                self._parts.setdefault(model, []).extend(parts)
            for result in addon.files:
                if result.python is not None and result.role in ("code", "hook"):
                    self.files[result.path] = (addon, result.python)
        self._lineage = Lineage(lambda model: self._parts.get(model, ()))

    def of(self, path: str, call: PassFact) -> Iterator[Callee]:
        """What a call of a file may lead to."""
        if call.kind == "own":
            yield from self._functions(path, call.name)
        elif call.kind == "function":
            yield from self._imported(path, call.owner, call.name, 0)
        elif call.kind == "model":
            yield from self._methods(call.owner, call.name)
        elif call.kind == "path":
            model, _, fields = call.owner.partition(":")
            yield from self._methods(self._comodel(model, fields.split(".")), call.name)
        else:
            yield from self._of_class(path, call)

    def _of_class(self, path: str, call: PassFact) -> Iterator[Callee]:
        klass = self._class(path, call.owner)
        if klass is None:
            return
        if klass.is_model:
            place = (path, klass.span.start_line)
            order = [(part.path, part.klass.span.start_line) for part in self._lineage.order(klass.model)]
            behind = order.index(place) + 1 if place in order and call.kind == "super" else 0
            for part in self._lineage.order(klass.model)[behind:]:
                if call.name in part.methods:
                    yield Callee(part.path, part.klass.name, part.methods[call.name])
            return
        if call.kind == "class":
            yield from self._in_class(path, klass, call.name)
        for place_of, parent in self._parents(path, klass, 0):
            yield from self._in_class(place_of, parent, call.name)

    def _in_class(self, path: str, klass: ClassFact, name: str) -> Iterator[Callee]:
        method = klass.method(name)
        if method is not None:
            yield Callee(path, klass.name, method)

    def _parents(self, path: str, klass: ClassFact, depth: int) -> Iterator[tuple[str, ClassFact]]:
        for base in klass.bases if depth < _MAX_DEPTH else ():
            for place, parent in self._classes(path, base, klass):
                yield place, parent
                yield from self._parents(place, parent, depth + 1)

    def _classes(self, path: str, name: str, but: ClassFact) -> Iterator[tuple[str, ClassFact]]:
        if "." not in name:
            found = self._class(path, name)
            if found is not None and found is not but:
                yield path, found
            return
        module, _, last = name.rpartition(".")
        for place in self._modules(path, module or "."):
            found = self._class(place, last)
            if found is not None:
                yield place, found

    def _class(self, path: str, name: str) -> ClassFact | None:
        classes = self.files[path][1].classes if path in self.files else ()
        return next((item for item in classes if item.name == name), None)

    def _methods(self, model: str, name: str) -> Iterator[Callee]:
        for part in self._lineage.order(model) if model else ():
            if part.path and name in part.methods:
                yield Callee(part.path, part.klass.name, part.methods[name])

    def _comodel(self, model: str, fields: list[str]) -> str:
        """The model at the end of a chain of fields which the set declares; empty when it is not known."""
        for name in fields:
            declared = (part.klass.fields for part in self._lineage.order(model))
            model = next((item.comodel for every in declared for item in every if item.name == name), "")
            if not model:
                return ""
        return model

    def _functions(self, path: str, name: str) -> Iterator[Callee]:
        for method in self.files[path][1].functions if path in self.files else ():
            if method.name == name:
                yield Callee(path, "", method)

    def _imported(self, path: str, owner: str, name: str, depth: int) -> Iterator[Callee]:
        """A function of another module, or a method of a class there; what a package only re-exports, too."""
        for place in self._modules(path, owner):
            found = list(self._functions(place, name))
            yield from found
            if not found and depth < _MAX_DEPTH:
                for item in self.files[place][1].imports:
                    if item.name == name:
                        module = item.target.rpartition(".")[0] or "."
                        yield from self._imported(place, module, name, depth + 1)
        module, _, last = owner.rpartition(".")
        for place in self._modules(path, module) if last[:1].isupper() else ():
            klass = self._class(place, last)
            if klass is not None:
                yield from self._in_class(place, klass, name)

    def _modules(self, path: str, dotted: str) -> Iterator[str]:
        """The files which a dotted module may be, seen from a file."""
        words = dotted.lstrip(".").split(".") if dotted.strip(".") else []
        level = len(dotted) - len(dotted.lstrip("."))
        if level:
            base = posixpath.dirname(path)
            for _ in range(level - 1):
                base = posixpath.dirname(base)
        else:
            if not dotted.startswith(_PREFIXES) or len(words) < 3 or words[2] not in self.addons:
                return
            base, words = self.addons[words[2]].path, words[3:]
        stem = posixpath.normpath(posixpath.join(base, *words))
        places = (f"{stem}.py", posixpath.normpath(f"{stem}/__init__.py"))
        yield from (place for place in places if place in self.files)
