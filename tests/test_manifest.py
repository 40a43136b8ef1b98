"""Manifests: what Odoo would read, what it would refuse, and where everything stands."""

from __future__ import annotations

import pytest

from odoo_debt_lint.addons.manifest import read_manifest, series_of
from odoo_debt_lint.finding import Span


@pytest.mark.parametrize(
    ("version", "series"),
    [
        ("16.0.1.0.0", "16.0"),
        ("16.0.1.0", "16.0"),
        ("8.0.1.0.0", "8.0"),
        ("1.0", ""),
        ("1.0.0", ""),
        ("16.0", ""),
        ("16.0.1", ""),
        ("1.0.1.0.0", ""),
        ("", ""),
        ("saas~17.2.1.0", ""),
        (" 17.0.1.0.0 ", "17.0"),
    ],
)
def test_series_of(version: str, series: str) -> None:
    assert series_of(version) == series


def test_values_and_places() -> None:
    text = (
        "# comment\n"
        "{\n"
        "    'name': 'Shop',\n"
        "    'author': ['Us', 'Them'],\n"
        "    'depends': ['base',\n"
        "                'sale'],\n"
        "    'data': ('views/é.xml', 'b.xml'),\n"
        "    'external_dependencies': {'python': ['zeep>=4'], 'bin': ['git']},\n"
        "    'assets': {'web.assets_backend': ['shop/static/a.js', ('include', 'web._helpers')]},\n"
        "    'post_init_hook': 'post_init_hook',\n"
        "    'installable': False,\n"
        "}\n"
    )
    fact = read_manifest("shop/__manifest__.py", text)
    assert fact.problem == ""
    assert (fact.name, fact.author, fact.installable) == ("Shop", "Us, Them", False)
    assert fact.lists["depends"] == (("base", Span(5, 16, 5, 22)), ("sale", Span(6, 16, 6, 22)))
    assert fact.lists["data"][1] == ("b.xml", Span(7, 28, 7, 35))
    assert fact.items("python") == ("zeep>=4",)
    assert fact.items("bin") == ("git",)
    assert [path for _, path, _ in fact.assets] == ["shop/static/a.js"]
    assert fact.hooks == ("post_init_hook",)
    assert fact.keys["name"] == Span(3, 4, 3, 18)
    assert fact.items("demo") == ()


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("{'name': 'x'", "does not parse: '{' was never closed", 1),
        ("", "holds no dictionary", 1),
        ("['x']", "holds no dictionary", 1),
        ("'doc'\n{'name': 'x'}", "holds more than a dictionary: Odoo reads it with literal_eval", 1),
        ("{'name': 'x'}\nprint(1)", "holds more than a dictionary: Odoo reads it with literal_eval", 2),
        ("{\n'name': 'a' + 'b'}", "'name' is no literal", 2),
        ("{'name': f'{x}'}", "'name' is no literal", 1),
        ("{**x}", "has a key that is no string", 1),
        ("{1: 2}", "has a key that is no string", 1),
        ("{'depends': 'base'}", "'depends' is no list", 1),
        ("{'data': ['\\ud800.xml']}", "holds half a character (a lone surrogate)", 1),
    ],
)
def test_problems(text: str, problem: str, line: int) -> None:
    fact = read_manifest("x/__manifest__.py", text)
    assert (fact.problem, fact.problem_line) == (problem, line)


def test_what_is_known_of_a_bad_manifest_stays() -> None:
    fact = read_manifest("x/__manifest__.py", "{'name': 'x', 'version': get(), 'depends': ['base']}")
    assert (fact.name, fact.version, fact.items("depends")) == ("x", "", ("base",))


def test_repeated_keys() -> None:
    fact = read_manifest("x/__manifest__.py", "{'data': ['a'],\n 'data': ['b']}")
    assert fact.repeated == (("data", Span(2, 1, 2, 7)),)
    assert fact.items("data") == ("b",)


@pytest.mark.parametrize("text", ["\0", "{" * 500, "{'a': " + "-" * 5000 + "1}", "\ufeff{'name': 'x'}"])
def test_hostile_text_never_raises(text: str) -> None:
    read_manifest("x/__manifest__.py", text)
