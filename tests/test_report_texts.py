"""The audit in other languages: every fixed text is translated, with the same places for figures."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from click.testing import CliRunner

from odoo_debt_lint.cli.program import cli
from odoo_debt_lint.finding import Severity
from odoo_debt_lint.outcome import compare
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.outcome.compare import Change, Changes
from odoo_debt_lint.report import changes_html, figures, history
from odoo_debt_lint.report.changes_html import ComparePage
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.html import as_html
from odoo_debt_lint.report.json import as_json
from odoo_debt_lint.report.markdown import as_markdown
from odoo_debt_lint.report.pages import TEMPLATES
from odoo_debt_lint.report.readiness import Readiness
from odoo_debt_lint.report.risks import ORDER
from odoo_debt_lint.report.texts import LANGUAGES, Language, catalogue
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ADDONS = Path(__file__).parent.parent / "testdata" / "addons"
OTHERS = [lang for lang in LANGUAGES if lang != "en"]
SAME: dict[str, set[str]] = {
    "de": {"Version", "Tests", "Code", "Migration"},
    "es": set(),
    "fr": {
        "Score",
        "Licence",
        "Version",
        "Tests",
        "Performance",
        "Code",
        "Infrastructure",
        "Migration",
    },
}
"""Words that the language has from English or shares with it."""
NOTHING = Changes(Change("", None, None), (), (), (), (), (), 0, ())
NOUNS = ("addon", "line of code", "finding", "place", "suspicion")


def fixed_texts() -> set[str]:
    """All that the templates and the tables of the report hold."""
    texts = set()
    for template in TEMPLATES.glob("*.j2"):
        texts |= set(re.findall(r'(?<!\w)_\("((?:[^"\\]|\\.)+)"', template.read_text("utf-8")))
    for source in Path(figures.__file__).parent.glob("markdown*.py"):
        texts |= set(re.findall(r"self\.text\(\s*[\"']([^\"']+)[\"']", source.read_text("utf-8")))
        for titles in re.findall(r'(?:_table\(\s*|titles(?:, cut)? = )"([^"]+)"', source.read_text("utf-8")):
            texts |= {title.replace("_", " ") for title in titles.split(" ")} - {"#", ""}
    texts |= {value for value in vars(figures).values() if isinstance(value, str) and " " in value}
    texts -= {figures.__doc__}
    texts |= set(figures.GRADES.values())
    texts |= {Readiness("19.0", *counts).state for counts in ((1, 1, 1), (0, 1, 1), (0, 0, 1))}
    texts |= {title for _, title, _ in ComparePage(NOTHING, Cover()).lists}
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


@pytest.mark.parametrize("lang", OTHERS)
def test_nothing_is_english_by_mistake(lang: str) -> None:
    assert {text for text, translated in catalogue(lang).items() if text == translated} == SAME[lang]


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("partial", [False, True])
def test_whatever_a_writer_asks_for_is_translated(
    lang: str, partial: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what is really asked, tables and figures put together at run time included."""
    asked = set()
    translate = Language.__call__

    def record(self: Language, text: str, **values: object) -> str:
        asked.add(text)
        return translate(self, text, **values)

    monkeypatch.setattr(Language, "__call__", record)
    made = run([str(ADDONS)], Settings(cache=False))
    made.compared = Compared(frozenset(item.fingerprint for item in made.findings[2:]), made.findings[:2], 3)
    made.partial, made.readiness = partial, Readiness("19.0", 1, 2, 3, 40)
    made.history = (history.point_of(made),) * 3
    cover = Cover(client="Shop", hourly_rate=90, lang=lang)
    as_html(made, cover)
    as_markdown(made, cover)
    path = tmp_path / "report.json"
    path.write_text(as_json(made))
    changes_html.as_html(compare.changes(compare.read(str(path)), compare.read(str(path))), cover)
    assert len(asked) > 150
    assert asked - set(catalogue(lang)) <= {"#"}


def test_catalogues_hold_the_same() -> None:
    keys = [list(json.loads((TEMPLATES / f"texts.{lang}.json").read_text("utf-8"))) for lang in OTHERS]
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize(
    ("lang", "expected"), [("en", "1,204.5"), ("de", "1.204,5"), ("es", "1.204,5"), ("fr", "1\u202f204,5")]
)
def test_numbers(lang: str, expected: str) -> None:
    assert Language(lang).number(1204.5, 1) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0.4, "0 min"), (59.4, "59 min"), (59.6, "1.0 h"), (60, "1.0 h"), (596, "9.9 h"), (598, "10 h")],
)
def test_hours_are_rounded_to_what_they_are_called(minutes: float, expected: str) -> None:
    """Neither 60 minutes nor ten hours with a tenth."""
    assert Language("en").hours(minutes / 60) == expected


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
