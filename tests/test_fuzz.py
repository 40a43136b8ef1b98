"""Broken inputs without end, bounded in time: the run never raises, ends, and its reports can be read."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cli import lint, make_addon

from odoo_debt_lint.reading.worker import Worker
from odoo_debt_lint.registry import all_rules

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

import generate
import run as fuzz

ENDLESS = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker(all_rules().values())


@settings(ENDLESS, max_examples=400)
@given(seed=st.integers(0, 2**40))
def test_readers_and_file_rules(worker: Worker, seed: int) -> None:
    assert fuzz.fault(worker, generate.case(seed)) == ""


@settings(ENDLESS, max_examples=100)
@given(seed=st.integers(0, 2**40), kind=st.sampled_from(["deployment", "configuration", "suppressions"]))
def test_files_beside_options_and_comments(worker: Worker, seed: int, kind: str) -> None:
    assert fuzz.fault(worker, generate.case(seed, kind)) == ""


@settings(ENDLESS, max_examples=10)
@given(seed=st.integers(0, 2**40))
def test_whole_addons_and_reports(worker: Worker, seed: int) -> None:
    assert fuzz.fault(worker, generate.case(seed, "addon")) == ""


@settings(ENDLESS, max_examples=40)
@given(seeds=st.lists(st.integers(0, 2**40), min_size=5, max_size=12))
def test_whole_runs(seeds: list[int]) -> None:
    cases = [
        case for seed in seeds if (case := generate.case(seed)).role not in ("deployment", "configuration")
    ]
    with tempfile.TemporaryDirectory() as folder:
        make_addon(Path(folder), "shop", {case.inside: case.content for case in cases})
        for format in ("json", "sarif"):
            done = lint(folder, "-f", format, "--no-cache", "--exit-zero", "--jobs", "1")
            assert done.code == 0, done.err
            assert json.loads(done.out)


@settings(ENDLESS, max_examples=80)
@given(seed=st.integers(0, 2**40), content=st.binary(max_size=300))
def test_configuration_and_baseline(seed: int, content: bytes) -> None:
    import random

    known = (
        b'select = ["security"]\nmin-severity = "low"\nexclude = ["a/*", "!b"]\njobs = 1\nmax-debt = 3.5\n'
    )
    broken = generate.mutate(random.Random(seed), known, 3)
    with tempfile.TemporaryDirectory() as folder:
        make_addon(Path(folder), "shop")
        for text in (content, broken):
            Path(folder, "own.toml").write_bytes(text)
            assert lint(folder, "--config", Path(folder, "own.toml"), "--no-cache", "--exit-zero").code in (
                0,
                2,
            )
            assert lint(folder, "--baseline", Path(folder, "own.toml"), "--no-cache").code in (0, 1, 2)
