"""The options of odoo.conf by series, and the variables that stand in for them from 19.0 on."""

from __future__ import annotations

from pathlib import Path

import pytest

from odoo_debt_lint.deployment.options import ALWAYS, OBSOLETE, SINCE, option_of_variable
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings


def found(folder: Path, series: str, line: str) -> list[str]:
    """What the rules on options say of one line of an odoo.conf."""
    (folder / "odoo.conf").write_text(f"[options]\n{line}\n", encoding="utf-8")
    settings = Settings(series=series, select=("option-unknown", "option-obsolete"), cache=False, jobs=1)
    return [f"{item.rule}: {item.message}" for item in run([str(folder)], settings).findings]


@pytest.mark.parametrize(
    ("series", "line"),
    [
        ("11.0", "test_commit = True"),
        ("12.0", "logrotate = True"),
        ("12.0", "test_tags = /sale"),
        ("13.0", "upgrade_path = /srv/upgrades"),
        ("13.0", "osv_memory_age_limit = 2.0"),
        ("16.0", "import_image_maxbytes = 20971520"),
        ("16.0", "proxy_access_token = x"),
        ("18.0", "translate_modules = all"),
        ("19.0", "with_demo = True"),
        ("19.0", "without_demo = all"),
    ],
)
def test_the_series_knows_it(tmp_path: Path, series: str, line: str) -> None:
    assert found(tmp_path, series, line) == []


@pytest.mark.parametrize(
    ("series", "line", "expected"),
    [
        ("11.0", "test_tags = /sale", "option-unknown: option test_tags comes with 12.0: 11.0 ignores it"),
        ("12.0", "upgrade_path = /x", "option-unknown: option upgrade_path comes with 13.0: 12.0 ignores it"),
        ("12.0", "test_commit = True", "option-obsolete: option test_commit: there is none since 12.0"),
        ("13.0", "logrotate = True", "option-obsolete: option logrotate: there is none since 13.0"),
        (
            "19.0",
            "import_image_timeout = 5",
            "option-obsolete: option import_image_timeout: it is import_file_timeout since 19.0",
        ),
    ],
)
def test_the_series_does_not_know_it(tmp_path: Path, series: str, line: str, expected: str) -> None:
    assert found(tmp_path, series, line) == [expected]


def test_no_option_stands_in_two_tables() -> None:
    assert not ALWAYS & SINCE.keys()
    assert not {name for name in OBSOLETE if name in ALWAYS or name in SINCE}
    assert all(successor in ALWAYS or successor in SINCE for _, successor in OBSOLETE.values() if successor)


@pytest.mark.parametrize(
    ("name", "series", "expected"),
    [
        ("ODOO_WORKERS", 19.0, "workers"),
        ("ODOO_LIST_DB", 19.0, "list_db"),
        ("ODOO_WORKERS", 18.0, None),
        ("PGPASSWORD", 19.0, "db_password"),
        ("ODOO_DB_PASSWORD", 19.0, None),
        ("ODOO_DEV", 19.0, "dev_mode"),
        ("ODOO_DEV_MODE", 19.0, None),
        ("ODOO_TEST_ENABLE", 19.0, None),
        ("ODOO_VERSION", 19.0, None),
        ("odoo_workers", 19.0, None),
        ("WORKERS", 19.0, None),
    ],
)
def test_variables_of_the_environment(name: str, series: float, expected: str | None) -> None:
    assert option_of_variable(name, series) == expected


@pytest.mark.parametrize(("series", "reported"), [("18.0", True), ("19.0", False)])
def test_the_environment_wins_over_the_file(tmp_path: Path, series: str, reported: bool) -> None:
    (tmp_path / "odoo.conf").write_text("[options]\nworkers = 4\n", encoding="utf-8")
    (tmp_path / "server.env").write_text("ODOO_LIST_DB=False\n", encoding="utf-8")
    (tmp_path / "compose.yaml").write_text(
        f"services:\n  odoo:\n    image: odoo:{series}\n    env_file: [server.env]\n    environment:\n"
        "      - ODOO_DBFILTER=${FILTER}\n",
        encoding="utf-8",
    )
    settings = Settings(select=("database-manager-exposed", "database-filter-missing"), cache=False, jobs=1)
    assert bool(run([str(tmp_path)], settings).findings) is reported
