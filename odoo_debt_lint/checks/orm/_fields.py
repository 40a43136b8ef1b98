"""The fields of a model as one addon sees it: own, inherited, delegated, and those of every model.

Nothing is guessed: when a class, a parent or a dependency is not known, neither are the model's fields.
"""

from __future__ import annotations

from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.code import RELATIONAL

MAGIC = {
    "id": FieldFact("id", "Integer"),
    "display_name": FieldFact("display_name", "Char"),
    "create_date": FieldFact("create_date", "Datetime"),
    "write_date": FieldFact("write_date", "Datetime"),
    "create_uid": FieldFact("create_uid", "Many2one", comodel="res.users"),
    "write_uid": FieldFact("write_uid", "Many2one", comodel="res.users"),
    "__last_update": FieldFact("__last_update", "Datetime"),
}
_SCALAR = frozenset(
    "Boolean Integer Float Monetary Char Text Html Selection Date Datetime Binary Image".split()
)
"""Types behind which no path goes on."""
_ODOO_BASES = frozenset({"Model", "TransientModel", "AbstractModel", "BaseModel"})

Fields = dict[str, list[FieldFact]]


class ModelFields:
    """Fields of models by name, each with all its declarations in load order."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.known: dict[str, Fields | None] = {}
        series = scope.addon.series
        self.certain = (
            scope.complete and not scope.unread and all(item.series in ("", series) for item in scope.addons)
        )
        """Whether all dependencies are there, in this series, and their code is known."""

    def of(self, model: str) -> Fields | None:
        """All fields of a model; None when some part of it is out of sight."""
        if model not in self.known:
            self.known[model] = None
            self.known[model] = self._collect(model)
        return self.known[model]

    def _collect(self, model: str) -> Fields | None:
        parts = self.scope.parts(model)
        if not self.certain or not parts or not self.scope.defines(model):
            return None
        found: Fields = {name: [field] for name, field in MAGIC.items()}
        sources = [part for part in self.scope.parts("base") if model != "base"] + parts
        for part in sources:
            if not _is_plain(part):
                return None
            for parent in part.klass.inherit:
                if parent != part.klass.model and not _add(found, self.of(parent)):
                    return None
        for part in sources:
            if not self._delegated(part, found):
                return None
        for part in sources:
            for field in part.klass.fields:
                found.setdefault(field.name, []).append(field)
            for name in part.klass.unread:
                found.setdefault(name, []).append(FieldFact(name, ""))
        return found

    def _delegated(self, part: Part, found: Fields) -> bool:
        """Fields that come through ``_inherits`` and ``delegate=True``."""
        links = dict(part.klass.inherits)
        links.update({f.comodel: f.name for f in part.klass.fields if f.kwargs.get("delegate")})
        for model, link in links.items():
            if not _add(found, self.of(model)):
                return False
            found.setdefault(link, []).append(FieldFact(link, "Many2one", comodel=model))
        return True

    def unknown_in(self, model: str, path: str) -> tuple[str, str] | None:
        """The first step of a dotted path that its model does not have: (model, name); None when all is
        well or cannot be told."""
        steps = path.split(".")
        for position, name in enumerate(steps, 1):
            fields = self.of(model)
            if fields is None:
                return None
            if name not in fields:
                return (model, name) if not name.startswith("x_") else None
            next_model = self.comodel(model, name)
            if next_model is None:
                scalar = all(field.type in _SCALAR for field in fields[name])
                return (f"{model}.{name}", steps[position]) if scalar and position < len(steps) else None
            model = next_model
        return None

    def comodel(self, model: str, name: str, depth: int = 0) -> str | None:
        """The model to which a relational field leads; None when it is none or not known."""
        fields = self.of(model)
        declared = fields.get(name, []) if fields is not None else []
        for field in reversed(declared):
            if field.comodel:
                return field.comodel
        related = next(
            (field.kwargs.get("related") for field in declared if field.kwargs.get("related")), None
        )
        if not isinstance(related, str) or depth > 5:
            return None
        if not any(field.type in RELATIONAL for field in declared):
            return None
        for step in related.split("."):
            found = self.comodel(model, step, depth + 1)
            if found is None:
                return None
            model = found
        return model


def _add(found: Fields, fields: Fields | None) -> bool:
    if fields is None:
        return False
    for name, declared in fields.items():
        found.setdefault(name, []).extend(declared)
    return True


def _is_plain(part: Part) -> bool:
    """Whether the class's fields are all written in it: no Python mixin, no computed ``_inherit``."""
    klass = part.klass
    if any(base.rpartition(".")[2] not in _ODOO_BASES for base in klass.bases):
        return False
    return bool(klass.inherit) or "_inherit" not in klass.attr_spans


def model_fields(scope: Scope) -> ModelFields:
    """The fields of all models in this scope, worked out once."""
    return scope.once("orm.fields", lambda: ModelFields(scope))
