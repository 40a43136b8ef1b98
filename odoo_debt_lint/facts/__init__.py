"""What the linter knows of a file after its tree is gone.

Workers fill these types, the cache stores them, the index joins them, and index rules judge them. A rule
that needs to know more adds a field here; it never opens the file again. Every fact on which a rule may
report carries the span of the report.
"""

from __future__ import annotations

from odoo_debt_lint.facts.base import Fact
from odoo_debt_lint.facts.data import (
    STATIC,
    DataFacts,
    ManifestFact,
    RecordFact,
    RefFact,
    SpecFact,
    ValueFact,
    ViewFact,
)
from odoo_debt_lint.facts.flow import Carried, FlowFacts, MarkFact, PassFact, ReturnFact
from odoo_debt_lint.facts.python import (
    CallFact,
    ClassFact,
    DecoratorFact,
    FieldFact,
    ImportFact,
    MethodFact,
    ParamFact,
    PythonFacts,
    RouteFact,
    SuperFact,
    UseFact,
)
from odoo_debt_lint.facts.result import FileResult, SuppressionFact

__all__ = [
    "STATIC",
    "CallFact",
    "Carried",
    "ClassFact",
    "DataFacts",
    "DecoratorFact",
    "Fact",
    "FieldFact",
    "FileResult",
    "FlowFacts",
    "ImportFact",
    "ManifestFact",
    "MarkFact",
    "MethodFact",
    "ParamFact",
    "PassFact",
    "PythonFacts",
    "RecordFact",
    "RefFact",
    "ReturnFact",
    "RouteFact",
    "SpecFact",
    "SuperFact",
    "SuppressionFact",
    "UseFact",
    "ValueFact",
    "ViewFact",
]
