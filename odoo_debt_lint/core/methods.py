"""Which models have a method of some name, and which models each one inherits.

Kept in an index, so that to ask does not read all its addons.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from odoo_debt_lint.addons.addon import AddonFacts


class Methods(msgspec.Struct):
    """What addons give: ``owners`` are the models that have a method, without those that only hand on to a
    parent; ``inherited`` the models which a model inherits in one of the addons."""

    owners: dict[str, set[str]] = {}
    inherited: dict[str, set[str]] = {}

    def add(self, addons: Iterable[AddonFacts]) -> Methods:
        """Takes in some addons."""
        for addon in addons:
            for part in (part for parts in addon.parts.values() for part in parts):
                self.inherited.setdefault(part.klass.model, set()).update(part.klass.inherit)
                for method in part.klass.methods:
                    if all(call.method != method.name for call in method.supers):
                        self.owners.setdefault(method.name, set()).add(part.klass.model)
        return self

    def packed(self) -> Packed:
        """The same as it is kept."""
        models = sorted(set().union(*self.owners.values(), self.inherited, *self.inherited.values()))
        number = {model: place for place, model in enumerate(models)}

        def numbers(table: dict[str, set[str]]) -> dict[str, tuple[int, ...]]:
            return {
                key: tuple(sorted(map(number.__getitem__, found)))
                for key, found in sorted(table.items())
                if found
            }

        return Packed(tuple(models), numbers(self.owners), numbers(self.inherited))


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """Methods with numbers for the names of models, looked up one by one."""

    models: tuple[str, ...] = ()
    owners: dict[str, tuple[int, ...]] = {}
    inherited: dict[str, tuple[int, ...]] = {}

    def having(self, method: str) -> set[str]:
        """The models that have a method."""
        return {self.models[number] for number in self.owners.get(method, ())}

    def parents(self, model: str) -> set[str]:
        """The models that a model inherits."""
        return {self.models[number] for number in self.inherited.get(model, ())}
