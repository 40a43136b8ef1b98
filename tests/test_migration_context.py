"""Every contextual match of every fact, in a small addon of the series before: it is told, at its place.

The addons are made from the facts: a class that extends the model and reads the field in a loop and
in a domain, a view that shows it, an ``env["model"]``, a call, a reference, a dependency.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from migration_probes import LATEST, SERIES, Probe, Told, before, findings, odoo, own_probes, probes

from odoo_debt_lint.migration.resolve import OLDEST


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All series, each in one run."""
    return {series: findings(tmp_path_factory.mktemp("facts"), series, probes(series)) for series in SERIES}


@pytest.mark.parametrize("item", [item for series in SERIES for item in probes(series)], ids=str)
def test_match_is_told_where_it_stands(item: Probe, told: Told) -> None:
    found = told[item.fact.series]
    assert [found.get(place, set()) for place in item.places] == [{item.fact.id}] * len(item.places)


@pytest.mark.parametrize("series", SERIES)
def test_names_of_own_models_are_silent(series: str, tmp_path: Path) -> None:
    assert findings(tmp_path, series, own_probes(series)) == {}


INDEXED = [item for series in SERIES for item in probes(series) if float(before(series)) >= OLDEST]


@pytest.mark.parametrize("item", INDEXED, ids=str)
def test_what_a_fact_names_was_in_the_series_before(item: Probe) -> None:
    source, (model, _, name) = odoo(before(item.fact.series)), item.match.value.rpartition(".")
    if source is None:  # a fact of a series whose predecessor has no index yet
        assert float(before(item.fact.series)) > LATEST
        return
    if item.match.match in ("depends", "xmlid"):
        addon = item.match.value.partition(".")[0]
        assert addon.startswith("test_") or addon in source.core.names
    elif item.match.match == "model":
        assert source.has_model(item.match.value)
    elif item.match.match in ("field", "domain-value"):
        assert source.has_field(item.model, name)
    elif model != "*":
        assert source.has_method(model, name)


GONE = [
    item
    for item in INDEXED
    if float(item.fact.series) <= LATEST and item.fact.status in ("removed", "renamed")
]


@pytest.mark.parametrize("item", GONE, ids=str)
def test_what_is_gone_is_in_no_addon_of_the_series(item: Probe) -> None:
    source, (model, _, name) = odoo(item.fact.series), item.match.value.rpartition(".")
    assert source is not None
    if item.match.match == "depends":
        assert item.match.value not in source.core.names
    elif item.match.match == "model":
        assert not source.has_model(item.match.value)
        assert not item.match.to or source.has_model(item.match.to)
    elif item.match.match == "field" and model != "*":
        assert not source.has_field(model, name)
        assert not item.match.to or not source.has_model(model) or source.has_field(model, item.match.to)
    elif item.match.match == "method" and model != "*":
        assert not source.has_method(model, name)
