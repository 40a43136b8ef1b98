"""Works out on which model each step of a chain of names is looked up, and whose the name is there.

Chains come from ``python.uses`` and ``xml.uses``. What the addons of the set declare themselves is theirs;
what else Odoo's addons of the series have is Odoo's; a chain with a step that neither has ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo_debt_lint.facts import FieldFact, UseFact
from odoo_debt_lint.index import Index, Part, Scope
from odoo_debt_lint.migration.own import Own, own_of
from odoo_debt_lint.migration.reports import Reports
from odoo_debt_lint.migration.world import Declared, World, model_of_record, world
from odoo_debt_lint.python.code import RELATIONAL
from odoo_debt_lint.rule import series_number
from odoo_debt_lint.xml.combine import seen
from odoo_debt_lint.xml.seen import Seen

OLDEST = 14
"""The first series with an index."""
_ROLES = frozenset({"code", "hook", "test", "data", "demo"})


@dataclass(frozen=True, slots=True)
class Step:
    """One use, resolved: ``name`` is looked up on ``model``. ``own``: the set declares it; ``odoo``: the
    declarations of Odoo's addons; ``lineage``: the models of Odoo in which it is looked up."""

    use: UseFact
    path: str
    model: str
    name: str
    own: bool
    odoo: tuple[Declared, ...]
    lineage: tuple[str, ...]


class Resolver:
    """The models of the set and of Odoo in one series. It is not ``sure`` for a series before the oldest
    index: that only tells where fields lead."""

    def __init__(self, index: Index, series: str, source: World | None) -> None:
        self.index, self.source = index, source
        self.shifted = source is not None and source.series != series
        self.sure = True
        self.set_parts: dict[str, list[Part]] = {}
        for addon in index.all:
            if addon.series in ("", series):
                for model, parts in addon.parts.items():
                    self.set_parts.setdefault(model, []).extend(parts)
        self.reports = Reports(index, series, source)
        self._own: dict[str, Own] = {}
        self._lineages: dict[str, tuple[str, ...]] = {}
        self._comodels: dict[tuple[str, str], str] = {}
        self.by_table = {model.replace(".", "_"): model for model in self.set_parts}

    def own(self, model: str) -> Own:
        """What the set declares on a model, by itself and in mixins of its own."""
        found = self._own.get(model)
        return found if found is not None else self._own.setdefault(model, own_of(self.set_parts, model))

    def lineage(self, model: str) -> tuple[str, ...]:
        """The models of Odoo in which names of a model are looked up."""
        if model not in self._lineages:
            found: dict[str, None] = {}
            for name in self.own(model).parents:
                known = self.source.model(name) if self.source is not None else None
                found.update(dict.fromkeys(known.lineage if known is not None else (name,)))
            found.pop("base", None)
            self._lineages[model] = (*found, "base")
        return self._lineages[model]

    def parents(self, model: str) -> tuple[str, ...]:
        """The models of Odoo whose methods a model has: not those to which it only delegates."""
        found: dict[str, None] = {}
        for name in self.stated(model):
            known = self.source.model(name) if self.source is not None else None
            found.update(dict.fromkeys(known.parents if known is not None else (name,)))
        found.pop("base", None)
        return (*found, "base")

    def stated(self, model: str) -> tuple[str, ...]:
        """The model itself and those which the set says it inherits; what Odoo's own are made of is another
        thing in each series."""
        delegated = {name for part in self.set_parts.get(model, ()) for name in part.klass.inherits}
        return tuple(name for name in self.own(model).parents if name not in delegated)

    def odoo(self, model: str, name: str) -> tuple[Declared, ...]:
        """Odoo's declarations of a field."""
        if self.source is None:
            return ()
        for parent in self.own(model).parents:
            known = self.source.model(parent)
            if known is not None and name in known.fields:
                return tuple(known.fields[name])
        return ()

    def is_own(self, scope: Scope, model: str, name: str) -> bool:
        """Whether the set brings a field or method into being, or declares a field of Odoo's anew."""
        own, declared = self.own(model), self.own(model).fields.get(name, ())
        if not declared:
            return name in own.others or (name in own.methods and not self.has_method(model, name))
        odoo = self.odoo(model, name)
        if not odoo or not any(map(is_whole, declared)):
            return not odoo
        if self._is_borrowed(model, name):
            return True
        # in its own series, what an addon declares on such a model is its dependency's field, changed
        near = any(addon in scope.order for addon, _ in odoo)
        return self.shifted or not near or self.brings(model)

    def _is_borrowed(self, model: str, name: str) -> bool:
        """Whether Odoo has a field on the model by delegation alone: who declares it makes another one."""
        known = [self.source.model(parent) for parent in self.own(model).parents] if self.source else []
        having = [item for item in known if item is not None and name in item.fields]
        return bool(having) and all(name in item.borrowed for item in having)

    def brings(self, model: str) -> bool:
        """Whether the set brings a model into being."""
        return any(part.klass.defines or not part.klass.inherit for part in self.set_parts.get(model, ()))

    def has_method(self, model: str, name: str) -> bool:
        """Whether Odoo has a method, as far as it is known."""
        if self.source is None:
            return False
        return any(self.source.has_method(parent, name) for parent in self.own(model).parents)

    def comodel(self, model: str, name: str, depth: int = 0) -> str:
        """The model to which a field leads; empty where it is none or not known."""
        key = (model, name)
        if key not in self._comodels:
            self._comodels[key] = ""  # for a field that is related to itself
            self._comodels[key] = self._comodel(model, name, depth)
        return self._comodels[key]

    def _comodel(self, model: str, name: str, depth: int) -> str:
        declared = [item for _, item in self.odoo(model, name)]
        declared += self.own(model).fields.get(name, ())
        for field in reversed(declared):
            if field.comodel:
                return field.comodel
        if not declared:
            return {"create_uid": "res.users", "write_uid": "res.users"}.get(name, "")
        related: Any = next((item.kwargs["related"] for item in declared if item.kwargs.get("related")), None)
        if not isinstance(related, str) or depth > 5 or not any(f.type in RELATIONAL for f in declared):
            return ""
        for step in str(related).split("."):
            model = self.comodel(model, step, depth + 1)
            if not model:
                return ""
        return model

    def model_of_id(self, xmlid: str) -> str:
        """The model whose record has the id ``addon.model_some_thing``."""
        name = xmlid.rpartition(".")[2]
        if not name.startswith("model_"):
            return ""
        table = name[len("model_") :]
        known = self.source.by_table.get(table) if self.source is not None else None
        return known or self.by_table.get(table, "")


def is_whole(field: FieldFact) -> bool:
    """Whether a declaration makes a field by itself, and not only changes one."""
    if field.kwargs.get("related") or "related" in field.dynamic:
        return True
    if field.type in ("Many2one", "One2many", "Many2many"):
        return bool(field.comodel) or "comodel_name" in field.dynamic
    if field.type == "Selection":
        return "selection" in field.kwargs or "selection" in field.dynamic
    return True


def resolver(scope: Scope, series: str) -> Resolver:
    """The resolver for addons like the scope's, with Odoo of a series behind them."""
    index, own = scope.index, scope.addon.series
    return index.here.once(("migration.resolver", own, series), lambda: _resolver(index, own, series))


def _resolver(index: Index, own: str, series: str) -> Resolver:
    source = world(index, series)
    older = source is None and 0 < series_number(series) < OLDEST
    if older:
        source = world(index, f"{OLDEST}.0")
    made = Resolver(index, own, source)
    made.sure = not older
    return made


def steps(scope: Scope, series: str) -> list[Step]:
    """All uses of the scope's addon whose model is known, worked out once."""
    return scope.once(
        f"migration.steps {series}", lambda: list(_Chains(scope, resolver(scope, series)).steps())
    )


class _Chains:
    """The chains of one addon."""

    def __init__(self, scope: Scope, known: Resolver) -> None:
        self.scope, self.known = scope, known
        self._ends: dict[tuple[str, tuple[str, ...]], str] = {}
        self._specs: dict[str, list[Seen]] | None = None

    def steps(self) -> Iterator[Step]:
        for result in self.scope.addon.files:
            if result.role not in _ROLES:
                continue
            for part in (result.python, result.data):
                for use in part.uses if part is not None else ():
                    step = self._step(use, result.path)
                    if step is not None:
                        yield step

    def _step(self, use: UseFact, path: str) -> Step | None:
        known = self.known
        if not use.path:
            return Step(use, path, use.model, "", use.model in known.set_parts, (), (use.model,))
        model, inner = self._start(use), use.path[:-1]
        if inner and inner[0].startswith("?"):
            start = self._beside(use, path, model, inner[0][1:])
            if start is None:
                return None
            model, inner = start, inner[1:]
        model = self._end(model, inner) if model else ""
        if not model:
            return None
        name = use.path[-1]
        return Step(
            use,
            path,
            model,
            name,
            known.is_own(self.scope, model, name),
            known.odoo(model, name),
            known.lineage(model),
        )

    def _start(self, use: UseFact) -> str:
        """The model where the chain begins."""
        if use.model.startswith("#"):
            return self.known.reports.model(use.model[1:])
        xmlid = use.model[1:]
        if use.model.startswith("="):
            return model_of_record(self.scope, self.known.source, xmlid)
        if not use.model.startswith("@"):
            return use.model
        model = self.known.model_of_id(xmlid)
        if model:
            return model
        view = self.scope.view(xmlid)
        return view.view.model if view is not None else ""

    def _end(self, model: str, path: tuple[str, ...]) -> str:
        """The model to which a chain of fields leads."""
        if not path:
            return model
        key = (model, path)
        if key not in self._ends:
            before = self._end(model, path[:-1])
            self._ends[key] = self.known.comodel(before, path[-1]) if before else ""
        return self._ends[key]

    def _beside(self, use: UseFact, path: str, model: str, anchor: str) -> str | None:
        """The model of the place beside a field: told by the combined view, else by the field itself."""
        item = self._spec(path, use)
        if item is not None and item.matches:
            return self._end(model, item.trail) or None
        has = anchor in self.known.own(model).fields or bool(self.known.odoo(model, anchor))
        return model if has else None

    def _spec(self, path: str, use: UseFact) -> Seen | None:
        """The spec in which a use stands: the last one that begins before it."""
        if self._specs is None:
            self._specs = {}
            for item in seen(self.scope):
                self._specs.setdefault(item.path, []).append(item)
        before = [item for item in self._specs.get(path, ()) if item.spec.span <= use.span]
        return max(before, key=lambda item: item.spec.span) if before else None
