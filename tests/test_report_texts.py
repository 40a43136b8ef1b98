"""The audit in other languages: every fixed text is translated, with the same places for figures."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from click.testing import CliRunner

from odoo_debt_lint.cli import cli
from odoo_debt_lint.finding import Severity
from odoo_debt_lint.report import figures
from odoo_debt_lint.report.html import TEMPLATES
from odoo_debt_lint.report.risks import ORDER
from odoo_debt_lint.report.texts import LANGUAGES, Language, catalogue

ADDONS = Path(__file__).parent.parent / "testdata" / "addons"
OTHERS = [lang for lang in LANGUAGES if lang != "en"]
NOUNS = ("addon", "line of code", "finding", "place", "suspicion")


def fixed_texts() -> set[str]:
    """All that the templates and the tables of the report hold."""
    texts = set()
    for template in TEMPLATES.glob("*.j2"):
        texts |= set(re.findall(r'(?<!\w)_\("((?:[^"\\]|\\.)+)"', template.read_text("utf-8")))
    for source in Path(figures.__file__).parent.glob("markdown*.py"):
        texts |= set(re.findall(r"self\.text\([\"']([^\"']+)[\"']", source.read_text("utf-8")))
        for titles in re.findall(r'_table\(\s*"([^"]+)"', source.read_text("utf-8")):
            texts |= {title.replace("_", " ") for title in titles.split(" ")} - {"#", ""}
    texts |= set(figures.GRADES.values()) | {
        figures.PLAN_NOTE,
        figures.NOT_LOOKED_AT,
        figures.NO_RULE,
        figures.NO_FILES,
    }
    for table in (figures.HORIZONS, figures.BLOCKS):
        texts |= {text for pair in table.values() for text in pair}
    texts |= {text for theme in ORDER for text in (theme.title, theme.meaning, theme.action)}
    return texts | {severity.label for severity in Severity}


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("lang", OTHERS)
def test_everything_is_translated(lang: str) -> None:
    texts, known = fixed_texts(), catalogue(lang)
    assert len(texts) > 150
    assert texts - set(known) == set()
    assert all(places(text) == places(translated) for text, translated in known.items())
    assert all(translated.strip() == translated != "" for translated in known.values())
    for noun in NOUNS:
        one, several = Language(lang).counted(1, noun), Language(lang).counted(1204, noun)
        assert one.startswith("1 ")
        assert not several.endswith(noun)


def test_catalogues_hold_the_same() -> None:
    keys = [list(json.loads((TEMPLATES / f"texts.{lang}.json").read_text("utf-8"))) for lang in OTHERS]
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize(
    ("lang", "expected"), [("en", "1,204.5"), ("de", "1.204,5"), ("es", "1.204,5"), ("fr", "1\u202f204,5")]
)
def test_numbers(lang: str, expected: str) -> None:
    assert Language(lang).number(1204.5, 1) == expected


def test_braces_of_others_stay() -> None:
    assert Language("de")("{{7*7}} {x}") == "{{7*7}} {x}"


@pytest.mark.parametrize("format", ["html", "markdown"])
def test_report_in_german(format: str) -> None:
    arguments = [
        "check",
        str(ADDONS),
        "--isolated",
        "--no-cache",
        "--exit-zero",
        "--lang",
        "de",
        "-f",
        format,
    ]
    made = CliRunner().invoke(cli, [*arguments, "--select", "sql-injection", "--hourly-rate", "1000"]).output
    assert {"html": "<h2>Maßnahmenplan</h2>", "markdown": "## Maßnahmenplan"}[format] in made
    assert "Befunde" in made
    assert "Executive summary" not in made


def test_unknown_language() -> None:
    done = CliRunner().invoke(cli, ["check", str(ADDONS), "--isolated", "--lang", "xx"])
    assert "unknown lang 'xx'" in str(done.exception)
