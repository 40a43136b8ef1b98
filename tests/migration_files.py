"""Small addons made from the matches that one file tells: see ``test_migration_matches``."""

from __future__ import annotations

from collections.abc import Iterator

from migration_probes import Probe

from odoo_debt_lint.migration.facts import Match, all_facts

CLASS = """import odoo
from odoo import api, fields, models


class Probe(models.Model):
    _inherit = "{model}"
{line}
"""
METHOD = """
    def probe(self, given):
        return {line}"""
VIEW = """<odoo>
    <record id="probe" model="ir.ui.view">
        <field name="name">probe</field>
        <field name="model">res.partner</field>
        <field name="arch" type="xml">
            <{root}>
                {line}
            </{root}>
        </field>
    </record>
</odoo>
"""
TEMPLATES = """<templates>
    <t t-name="probe.Probe">
        {line}
    </t>
</templates>
"""
RECORD = """<odoo>
    <record id="probe" model="{model}">
        {line}
    </record>
</odoo>
"""


def file_probes(series: str) -> Iterator[Probe]:
    """Those of a series whose files follow from the match: not what a pattern or a check decides."""
    number = 0
    for fact in all_facts():
        for match in fact.match if fact.series == series else ():
            built = _BUILDERS.get(match.match)
            if built is None or match.check or match.pattern:
                continue
            number += 1
            addon = f"file_{number}"
            name, text, line = built(match)
            yield Probe(fact, match, addon, {f"{addon}/{name}": text}, ((f"{addon}/{name}", line),))


def _import(match: Match) -> tuple[str, str, int]:
    package, _, name = match.value.rpartition(".")
    text = f"from {package} import {name}\n" if package else f"import {name}\n"
    folder = "tests" if "tests" in package else "models"
    return f"{folder}/test_probe.py", f"{text}\nNAMES = [{name}]\n", 1


def _member(line: str, at: int, model: str = "res.partner") -> tuple[str, str, int]:
    return "models/probe.py", CLASS.format(model=model, line=line), at


def _decorator(match: Match) -> tuple[str, str, int]:
    argument = '("self")' if match.value.rpartition(".")[2] in ("returns", "deprecated") else ""
    return _member(f"\n    @{match.value}{argument}\n    def probe(self):\n        return self", 8)


def _expression(match: Match) -> tuple[str, str, int]:
    given = [f"{match.keyword}=given"] if match.keyword else []
    given = ["given"] * match.min_args + given
    owner = f"self.env.{match.of}" if match.of else "self"
    line = {
        "call": f"{owner}.{match.value}({', '.join(given)})",
        "attribute": f"self.{match.value.removeprefix('self.')}",
        "context-key": f"self.with_context({match.value}=given)",
        "domain-operator": f'[("name", "{match.value}", given)]',
        "name": match.value,
    }[match.match]
    if match.match == "domain-operator" and match.value == "upper-case":
        line = '[("name", "NOT IN", given)]'
    name, text, at = _member(METHOD.format(line=line), 9)
    if match.value.startswith("odoo.http.request"):
        name, text, at = _member(METHOD.format(line=line.removeprefix("odoo.http.")), 10)
        text = "from odoo.http import request\n" + text
    return name, text, at


def _definition(match: Match) -> tuple[str, str, int]:
    names = ", ".join(["self", *(match.params or ("given",))])
    model = match.of.split()[0] if "." in match.of else "res.partner"
    return _member(
        f"\n    def {match.value}({names}):\n        return super().{match.value}(given)", 8, model
    )


def _argument(match: Match) -> tuple[str, str, int]:
    kind = match.types[0] if match.types else "Char"
    value = match.values[0] if match.values else "given"
    names = '"res.bank", "bank_id", ' if kind == "One2many" else ""
    return _member(f"\n    probe = fields.{kind}({names}{match.value}={value!r})", 8)


def _class_attribute(match: Match) -> tuple[str, str, int]:
    return _member(f'    {match.value} = "given"', 7)


def _record_field(match: Match) -> tuple[str, str, int]:
    model, _, name = match.value.rpartition(".")
    return "data/probe.xml", RECORD.format(model=model, line=f'<field name="{name}">given</field>'), 3


def _record(match: Match) -> tuple[str, str, int]:
    return "data/probe.xml", RECORD.format(model=match.value, line=""), 2


def _attribute(match: Match) -> tuple[str, str, int]:
    if match.within == "static":
        line = f'<input {match.value}="given"/>'
        return "static/src/xml/probe.xml", TEMPLATES.format(line=line), 3
    root = {"filter": "search", "calendar": "div"}.get(match.tag, "form")
    tag = match.tag or "span"
    return "data/probe.xml", VIEW.format(root=root, line=f'<{tag} name="given" {match.value}="given"/>'), 7


def _class(match: Match) -> tuple[str, str, int]:
    return "data/probe.xml", VIEW.format(root="form", line=f'<div class="a {match.value}"/>'), 7


_BUILDERS = {
    "import": _import,
    "decorator": _decorator,
    "call": _expression,
    "attribute": _expression,
    "name": _expression,
    "context-key": _expression,
    "domain-operator": _expression,
    "def": _definition,
    "field-argument": _argument,
    "class-attribute": _class_attribute,
    "record-field": _record_field,
    "record": _record,
    "xml-attribute": _attribute,
    "xml-class": _class,
}
