"""Small addons made from the contextual matches of facts: see ``test_migration_context``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.migration.facts import CONTEXT, Fact, Match, all_facts
from odoo_debt_lint.migration.resolve import OLDEST
from odoo_debt_lint.migration.world import World
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

SERIES = sorted({fact.series for fact in all_facts()}, key=float)
LATEST = max(number for number in range(OLDEST, 40) if shipped(f"{number}.0"))
PROBE = """from odoo import models


class Probe(models.Model):
    _inherit = "{model}"

    def probe(self):
        for record in self:
            if record.{name}:
                return record
        return self.search([("{name}", "!=", False)], limit=1)
"""
VIEW = """<odoo>
    <record id="probe" model="ir.ui.view">
        <field name="name">probe</field>
        <field name="model">{model}</field>
        <field name="arch" type="xml">
            <form>
                <field name="{name}"/>
            </form>
        </field>
    </record>
</odoo>
"""
MODEL = """from odoo import models


class Partner(models.Model):
    _inherit = "res.partner"

    def probe(self):
        return self.env["{model}"].search([], limit=1)
"""
EXTENDED = """from odoo import models


class Probe(models.Model):
    _inherit = "{model}"
"""
CALL = """from odoo import models


class Partner(models.Model):
    _inherit = "res.partner"

    def probe(self, *given):
        return self.env["{model}"].{name}({arguments})
"""
VALUE = """from odoo import models


class Probe(models.Model):
    _inherit = "{model}"

    def probe(self):
        return self.search([("{name}", "=", "{value}")], limit=1)
"""
REF = """from odoo import models


class Partner(models.Model):
    _inherit = "res.partner"

    def probe(self):
        return self.env.ref("{xmlid}")
"""
OWN_FIELD = """from odoo import fields, models


class Own(models.Model):
    _name = "{model}"
    _description = "Own"

    {name} = fields.Char()

    def probe(self, values):
        for record in self:
            if record.{name}:
                record.write({{"{name}": values["{name}"]}})
        return self.search([("{name}", "in", ("done", "posted"))], limit=1).mapped("{name}")
"""
OWN_METHOD = """from odoo import models


class Own(models.Model):
    _name = "{model}"
    _description = "Own"

    def {name}(self, *given):
        return self

    def probe(self, given):
        return self.{name}(given, given, given) or self.env["{model}"].{name}()
"""
MENU = """<odoo>
    <menuitem id="probe" name="Probe" parent="{xmlid}"/>
</odoo>
"""


@dataclass(frozen=True)
class Probe:
    """An addon for one match, and the places at which its fact must be told."""

    fact: Fact
    match: Match
    addon: str
    files: dict[str, str]
    places: tuple[tuple[str, int], ...]
    depends: tuple[str, ...] = ()
    model: str = ""

    def __str__(self) -> str:
        return f"{self.fact.id}: {self.match.match} {self.match.value}"


Told = dict[str, dict[tuple[str, int], set[str]]]
"""By series: what was found at which place."""


def before(series: str) -> str:
    return f"{float(series) - 1:.1f}"


@cache
def odoo(series: str) -> World | None:
    """What a run knows of Odoo for addons of the series: before the oldest index that one."""
    core = shipped(series if float(series) >= OLDEST else f"{OLDEST}.0")
    return World(core) if core is not None else None


def probes(series: str) -> Iterator[Probe]:
    number = 0
    for fact in all_facts():
        for match in fact.match if fact.series == series else ():
            if match.match in CONTEXT:
                number += 1
                yield probe(fact, match, f"probe_{number}")


def probe(fact: Fact, match: Match, addon: str) -> Probe:
    if match.match == "depends":
        return Probe(fact, match, addon, {}, ((f"{addon}/__manifest__.py", 5),), (match.value,))
    if match.match == "xmlid":
        xmlid = match.value.replace("*", "some_record")
        return made(fact, match, addon, [(REF, "python", 8), (MENU, "xml", 2)], xmlid=xmlid)
    if match.match == "model":
        return made(fact, match, addon, [(MODEL, "python", 8), (EXTENDED, "python", 4)], model=match.value)
    model, _, name = match.value.rpartition(".")
    if model == "*":
        model = next(having(before(fact.series), name, match), "res.partner")
    if match.match == "method":
        given = ", ".join(["given"] * (match.min_args or 1)) if not match.check else ""
        return made(fact, match, addon, [(CALL, "python", 8)], model=model, name=name, arguments=given)
    if match.match == "domain-value":
        value = match.values[0]
        return made(fact, match, addon, [(VALUE, "python", 8)], model=model, name=name, value=value)
    parts = [(PROBE, "python", 9), (PROBE, "python", 11), (VIEW, "xml", 7)]
    return made(fact, match, addon, parts, model=model, name=name)


def own_probes(series: str) -> Iterator[Probe]:
    """The same names on models of the set's own, which no fact speaks of."""
    for number, item in enumerate(probes(series)):
        model, name = f"probe.own_{number}", item.match.value.rpartition(".")[2]
        if item.match.match in ("field", "domain-value"):
            made_of = [(OWN_FIELD, "python", 0), (VIEW, "xml", 0)]
        elif item.match.match == "method" and not item.match.value.startswith("*."):
            # a method of every model is no own one: who defines it overrides it
            made_of = [(OWN_METHOD, "python", 0)]
        else:
            continue
        yield made(item.fact, item.match, item.addon, made_of, model=model, name=name)


def made(fact: Fact, match: Match, addon: str, parts: list[tuple[str, str, int]], **values: object) -> Probe:
    files: dict[str, str] = {}
    places = []
    for number, (text, kind, line) in enumerate(parts):
        same = next((path for path, given in files.items() if given == text.format(**values)), "")
        folder, suffix = ("models", "py") if kind == "python" else ("views", "xml")
        path = same or f"{addon}/{folder}/probe_{number}.{suffix}"
        files[path] = text.format(**values)
        places.append((path, line))
    return Probe(fact, match, addon, files, tuple(places), (), str(values.get("model", "")))


def having(series: str, name: str, match: Match) -> Iterator[str]:
    """Models of Odoo that have a field of that name, by the addon that the match asks for."""
    source = odoo(series)
    if source is None or match.match != "field":
        return
    for model in source.parts:
        known = source.model(model)
        if known is not None and any(addon == (match.of or addon) for addon, _ in known.fields.get(name, ())):
            yield model


def write(folder: Path, item: Probe) -> bool:
    data = sorted(path.partition("/")[2] for path in item.files if path.endswith(".xml"))
    manifest = (
        f'{{\n    "name": "Probe",\n    "version": "{before(item.fact.series)}.1.0.0",\n'
        f'    "license": "LGPL-3", "author": "Us", "data": {data!r},\n'
        f'    "depends": {list(item.depends or ("base",))!r},\n}}\n'
    )
    for path, text in {**item.files, f"{item.addon}/__manifest__.py": manifest}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return True


def findings(folder: Path, series: str, written: Iterable[Probe]) -> dict[tuple[str, int], set[str]]:
    """What a migration to the series says at which places."""
    (folder / ".git").mkdir()
    if not sum(1 for item in written if write(folder, item)):
        return {}
    settings = Settings(
        select=("migration",),
        ignore=("manifest-version-bump",),
        min_confidence=Confidence.LOW,
        cache=False,
        jobs=1,
        to=series,
    )
    report = run([str(folder)], settings)
    assert [item for item in report.problems if item.kind == "internal-error"] == []
    found: dict[tuple[str, int], set[str]] = {}
    for finding in report.findings:
        place = (finding.location.path, finding.location.span.start_line)
        found.setdefault(place, set()).add(finding.rule)
    return found
