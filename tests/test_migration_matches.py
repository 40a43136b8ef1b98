"""Every match of a fact that one file tells, in a file made from it; fixtures have what surrounds them."""

from __future__ import annotations

import pytest
from migration_files import file_probes
from migration_probes import SERIES, Probe, Told, findings


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return {
        series: findings(tmp_path_factory.mktemp("files"), series, file_probes(series)) for series in SERIES
    }


@pytest.mark.parametrize("item", [item for series in SERIES for item in file_probes(series)], ids=str)
def test_match_is_told_where_it_stands(item: Probe, told: Told) -> None:
    found = told[item.fact.series]
    assert [found.get(place, set()) for place in item.places] == [{item.fact.id}]
