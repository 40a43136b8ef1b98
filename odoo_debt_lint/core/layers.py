"""Several indexes of one series as one: addons of one's own before Odoo, Enterprise before Community."""

from __future__ import annotations

from odoo_debt_lint.core.store import CoreIndex
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.index import AddonFacts


class Layers:
    """Several indexes of one series; for an addon or method the first that has it answers."""

    def __init__(self, layers: list[CoreIndex]) -> None:
        self.layers = layers
        self.series = layers[0].series
        self.absent = (
            frozenset()
            .union(*(layer.absent for layer in layers))
            .difference(*(layer.header.addons for layer in layers))
        )

    @property
    def stamp(self) -> str:
        """The layers' stamps; empty when one has none."""
        stamps = [layer.stamp for layer in self.layers]
        return "|".join(stamps) if all(stamps) else ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for layer in self.layers for name in layer.names))

    def depends(self, name: str) -> tuple[str, ...] | None:
        return next((found for layer in self.layers if (found := layer.depends(name)) is not None), None)

    def holding(self, text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for layer in self.layers for name in layer.holding(text)))

    def definers(self, model: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for layer in self.layers for name in layer.definers(model)))

    @property
    def methods(self) -> None:
        """Not known: an addon may stand in several layers."""
        return None

    def addon(self, name: str) -> AddonFacts | None:
        return next((found for layer in self.layers if (found := layer.addon(name)) is not None), None)

    def orm_method(self, name: str) -> MethodFact | None:
        return next((found for layer in self.layers if (found := layer.orm_method(name)) is not None), None)

    def forget(self) -> None:
        for layer in self.layers:
            layer.forget()
