"""Which lines a comment covers, for which rules, and with what reason."""

from __future__ import annotations

import textwrap

import pytest

from odoo_debt_lint.facts import SuppressionFact
from odoo_debt_lint.finding import Confidence, Finding, Location, Severity, Span
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.source import Text
from odoo_debt_lint.suppress import python_suppressions, script_suppressions, xml_suppressions
from odoo_debt_lint.xml.document import XmlFile

RULE = "eval-used"


def python(text: str) -> tuple[SuppressionFact, ...]:
    file = PythonFile("shop/models/order.py", textwrap.dedent(text))
    return python_suppressions(file.text.text, file.skeleton.blocks)


def xml(text: str) -> tuple[SuppressionFact, ...]:
    return xml_suppressions(XmlFile("shop/views/order.xml", textwrap.dedent(text).strip().encode()))


def finding(line: int, rule: str = RULE, end: int = 0) -> Finding:
    location = Location("shop/models/order.py", Span(line, 4, end or line, 20))
    return Finding(rule, location, "message", Severity.HIGH, Confidence.HIGH, 10)


def covered(facts: tuple[SuppressionFact, ...], lines: int, rule: str = RULE) -> list[int]:
    """The lines on which a finding of the rule would be accepted."""
    return [line for line in range(1, lines + 1) if any(fact.accepts(finding(line, rule)) for fact in facts)]


# -- our own comments ------------------------------------------------------------------------------------


def test_comment_behind_a_statement() -> None:
    facts = python("""\
        a = eval(x)  # odoo-debt-lint: ignore[eval-used] checked above
        b = eval(x)
    """)
    assert covered(facts, 2) == [1]
    assert facts[0].reason == "checked above"
    assert covered(facts, 2, "sql-injection") == []


def test_comment_without_rules_covers_all() -> None:
    facts = python("a = eval(x)  # odoo-debt-lint: ignore\n")
    assert covered(facts, 1) == covered(facts, 1, "sql-injection") == [1]
    assert facts[0].rules == ()
    assert facts[0].reason == ""


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_comment_on_any_line_of_a_statement(line: int) -> None:
    lines = ["cr.execute(", '    "SELECT %s"', "    % x,", ")", "y = 1"]
    lines[line - 1] += "  # odoo-debt-lint: ignore[eval-used] known"
    assert covered(python("\n".join(lines) + "\n"), 5) == [1, 2, 3, 4]


def test_comment_alone_inside_a_statement() -> None:
    facts = python("""\
        x = 0
        cr.execute(
            # odoo-debt-lint: ignore[eval-used] known
            "SELECT",
        )
        y = 1
    """)
    assert covered(facts, 6) == [2, 3, 4, 5]


def test_comment_alone_covers_the_statement_that_follows() -> None:
    facts = python("""\
        x = 0
        # odoo-debt-lint: ignore[eval-used] known

        cr.execute(
            eval(x),
        )
        y = eval(x)
    """)
    assert covered(facts, 7) == [2, 3, 4, 5, 6]


def test_comments_alone_on_lines_above_one_another() -> None:
    facts = python("""\
        # odoo-debt-lint: ignore[eval-used] known
        # odoo-debt-lint: ignore[sql-injection] known too
        x = 1
        y = 2
    """)
    assert covered(facts, 4) == [1, 2, 3]
    assert covered(facts, 4, "sql-injection") == [2, 3]


def test_comment_alone_at_the_end() -> None:
    assert covered(python("x = 1\n# odoo-debt-lint: ignore[eval-used] known\n"), 2) == [2]


BLOCK = """\
class Order:
    @decorated{decorator}
    def run({first}
        self,{inner}
    ):{last}
        eval(x)
        eval(y)

    def other(self):
        eval(z)
"""
COMMENT = "  # odoo-debt-lint: ignore[eval-used] known"


@pytest.mark.parametrize("place", ["decorator", "first", "inner", "last"])
def test_comment_on_a_def_covers_the_function(place: str) -> None:
    text = BLOCK.format(**{**dict.fromkeys(("decorator", "first", "inner", "last"), ""), place: COMMENT})
    assert covered(python(text), 10) == [2, 3, 4, 5, 6, 7]


def test_comment_alone_before_a_decorated_def() -> None:
    facts = python("""\
        class Order:
            # odoo-debt-lint: ignore[eval-used] known
            @decorated
            def run(self):
                eval(x)

            y = eval(x)
    """)
    assert covered(facts, 7) == [2, 3, 4, 5]


def test_comment_on_a_class_covers_the_class() -> None:
    facts = python("""\
        class Order:  # odoo-debt-lint: ignore[eval-used] known
            def run(self):
                eval(x)

        eval(x)
    """)
    assert covered(facts, 5) == [1, 2, 3]


def test_first_comment_of_a_body_is_not_on_the_header() -> None:
    facts = python("""\
        def run(self):
            # odoo-debt-lint: ignore[eval-used] known
            eval(x)
            eval(y)
    """)
    assert covered(facts, 4) == [2, 3]


def test_class_header_ends_before_the_decorator_of_its_first_method() -> None:
    facts = python("""\
        class Order:
            @decorated  # odoo-debt-lint: ignore[eval-used] known
            def run(self):
                eval(x)

            def other(self):
                eval(x)
    """)
    assert covered(facts, 7) == [2, 3, 4]


def test_comment_on_a_compound_statement_covers_its_header() -> None:
    facts = python("""\
        if eval(x):  # odoo-debt-lint: ignore[eval-used] known
            eval(y)
    """)
    assert covered(facts, 2) == [1]


def test_ignore_file() -> None:
    facts = python("""\
        # odoo-debt-lint: ignore-file[eval-used, sql-injection] generated
        x = 1
        y = 2
    """)
    assert covered(facts, 50) == list(range(1, 51))
    assert covered(facts, 3, "sql-injection") == [1, 2, 3]
    assert covered(facts, 3, "weak-hash") == []
    assert facts[0].rules == ("eval-used", "sql-injection")
    assert facts[0].reason == "generated"


@pytest.mark.parametrize(
    ("comment", "rules", "reason"),
    [
        ("# odoo-debt-lint: ignore[a-b,c-d]: because", ("a-b", "c-d"), "because"),
        ("# odoo-debt-lint: ignore[ a-b , c-d ] - because of #12", ("a-b", "c-d"), "because of #12"),
        ("# odoo-debt-lint:ignore[a-b]", ("a-b",), ""),
        ("# odoo-debt-lint: ignore[a-b] # because", ("a-b",), "because"),
        ("# odoo-debt-lint: ignore[a-b] \u2014 because", ("a-b",), "because"),
        ("# odoo-debt-lint: ignore[a-b] # noqa: E501", ("a-b",), ""),
        ("# odoo-debt-lint: ignore[a-b] known # pylint: disable=x", ("a-b",), "known"),
        ("# odoo-debt-lint: ignore because", (), "because"),
        ("# TODO odoo-debt-lint: ignore[a-b] later", ("a-b",), "later"),
    ],
)
def test_rules_and_reasons(comment: str, rules: tuple[str, ...], reason: str) -> None:
    fact = next(item for item in python(f"x = 1  {comment}\n") if item.source == "own")
    assert (fact.rules, fact.reason) == (rules, reason)


@pytest.mark.parametrize(
    "line",
    [
        'x = "# odoo-debt-lint: ignore"',
        "x = 1  # odoo-debt-lint: ignored",
        "x = 1  # odoo-debt-lint: ignore-files",
        "x = 1  # odoo-debt-lint is a linter",
    ],
)
def test_what_is_no_comment_of_ours(line: str) -> None:
    assert python(line + "\n") == ()


def test_text_that_does_not_tokenize_to_the_end() -> None:
    facts = python_suppressions("x = 1  # odoo-debt-lint: ignore[eval-used] known\ny = (\n", ())
    assert covered(facts, 2) == [1]


# -- noqa ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "comment", ["# noqa", "#noqa", "# NOQA", "# type: ignore # noqa", "# noqa some words"]
)
def test_noqa_without_codes_covers_everything_on_its_line(comment: str) -> None:
    facts = python(f"x = 1  {comment}\ny = 2\n")
    assert covered(facts, 2) == covered(facts, 2, "sql-injection") == [1]
    assert {fact.source for fact in facts} == {"noqa"}


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("# noqa: S307", ("eval-used",)),
        ("# noqa:S307,E501", ("eval-used",)),
        ("# noqa : S307", ("eval-used",)),
        ("# noqa: S608 T201", ("sql-injection", "debug-leftover")),
        ("# noqa: eval-used", ("eval-used",)),
    ],
)
def test_noqa_with_codes(comment: str, rules: tuple[str, ...]) -> None:
    assert [fact.rules for fact in python(f"x = 1  {comment}\n")] == [rules]


@pytest.mark.parametrize(
    "comment", ["# noqa: E501", "# noqa: F401,E402", "# noqa: B950 long", "# noqax", "# no qa"]
)
def test_codes_of_others_cover_nothing(comment: str) -> None:
    assert python(f"x = 1  {comment}\n") == ()


def test_noqa_covers_its_statement_and_no_block() -> None:
    facts = python("""\
        def run(self):  # noqa
            return eval(
                x
            )  # noqa: S307
        # noqa
        y = eval(x)
    """)
    assert covered(facts, 6) == [1, 2, 3, 4, 5]


# -- pylint ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "rules"),
    [
        ("sql-injection", ("sql-injection",)),
        ("E8103", ("sql-injection",)),
        ("W0123,exec-used", ("eval-used",)),
        ("line-too-long, sql-injection", ("line-too-long", "sql-injection")),
        ("all", ()),
        ("eval-used because", ("eval-used",)),
        ("W8163", ("search-without-limit",)),
        ("translation-not-lazy", ("translation-of-variable",)),
        ("arguments-differ,no-write-in-compute", ("override-signature-mismatch", "compute-writes")),
    ],
)
def test_names_of_pylint(names: str, rules: tuple[str, ...]) -> None:
    assert [fact.rules for fact in python(f"x = 1  # pylint: disable={names}\n")] == [rules]


@pytest.mark.parametrize("names", ["C0103", "missing-readme", "attribute-deprecated", "E8130", "W8160"])
def test_names_of_pylint_that_mean_nothing_here(names: str) -> None:
    assert python(f"x = 1  # pylint: disable={names}\n") == ()


def test_pylint_behind_a_statement() -> None:
    facts = python("""\
        x = eval(
            y
        )  # pylint: disable=eval-used
        z = eval(y)
    """)
    assert covered(facts, 4) == [1, 2, 3]


def test_pylint_alone_holds_until_its_block_ends() -> None:
    facts = python("""\
        def run(self):
            eval(x)
            # pylint: disable=eval-used
            eval(x)
            if x:
                eval(x)

        def other(self):
            eval(x)
    """)
    assert covered(facts, 9) == [3, 4, 5, 6]


def test_pylint_alone_in_a_module_holds_to_the_end() -> None:
    facts = python("x = 1\n# pylint: disable=eval-used\ndef run():\n    eval(x)\n")
    assert covered(facts, 6) == [2, 3, 4, 5, 6]


def test_pylint_on_a_def_covers_the_function() -> None:
    facts = python("""\
        def run(self):  # pylint: disable=eval-used
            eval(x)

        eval(x)
    """)
    assert covered(facts, 4) == [1, 2]


def test_pylint_enable_ends_a_scope() -> None:
    facts = python("""\
        # pylint: disable=eval-used,sql-injection
        eval(x)
        # pylint: enable=eval-used
        eval(x)
    """)
    assert covered(facts, 4) == [1, 2, 3]
    assert covered(facts, 4, "sql-injection") == [1, 2, 3, 4], "it is none of those that end"


def test_pylint_enable_takes_a_rule_out_of_all() -> None:
    facts = python("""\
        # pylint: disable=all
        eval(x)
        # pylint: enable=eval-used
        eval(x)
        # pylint: enable=sql-injection
        eval(x)
        # pylint: enable=all
        eval(x)
    """)
    assert covered(facts, 8) == [1, 2, 3]
    assert covered(facts, 8, "sql-injection") == [1, 2, 3, 4, 5]
    assert covered(facts, 8, "debug-leftover") == [1, 2, 3, 4, 5, 6, 7]


def test_pylint_disable_next() -> None:
    facts = python("""\
        # pylint: disable-next=eval-used
        eval(x)
        eval(x)
    """)
    assert covered(facts, 3) == [1, 2]


def test_two_markers_in_one_comment() -> None:
    facts = python("x = 1  # noqa: S307 # pylint: disable=sql-injection\n")
    assert {(fact.source, fact.rules) for fact in facts} == {
        ("noqa", ("eval-used",)),
        ("pylint", ("sql-injection",)),
    }


# -- XML -------------------------------------------------------------------------------------------------

VIEW = """
    <odoo>
        <!-- odoo-debt-lint: ignore[xpath-positional] the parent has no names -->
        <record id="view" model="ir.ui.view">
            <field name="arch" type="xml">
                <xpath expr="//group[1]" position="inside"/>
            </field>
        </record>
        <record id="other" model="ir.ui.view"/>
    </odoo>
"""


def test_xml_comment_before_an_element() -> None:
    facts = xml(VIEW)
    assert covered(facts, 9, "xpath-positional") == [2, 3, 4, 5, 6, 7]
    assert covered(facts, 9, "eval-used") == []
    assert facts[0].reason == "the parent has no names"


def test_xml_comment_inside_covers_the_next_element_alone() -> None:
    facts = xml("""
        <odoo>
            <record id="view" model="ir.ui.view">
                <!-- odoo-debt-lint: ignore[eval-used] known -->
                <field name="name">a</field>
                <field name="arch">b</field>
            </record>
        </odoo>
    """)
    assert covered(facts, 7) == [3, 4]


def test_xml_comment_on_the_line_of_an_element() -> None:
    facts = xml("""
        <odoo>
            <record id="view" model="x"> <!-- odoo-debt-lint: ignore[eval-used] known -->
                <field name="name">a</field>
            </record>
        </odoo>
    """)
    assert covered(facts, 5) == [2]


def test_xml_comment_behind_a_start_tag_of_several_lines() -> None:
    facts = xml("""
        <odoo>
            <record
                id="view"
                model="x"> <!-- odoo-debt-lint: ignore[eval-used] known -->
                <field name="name">a</field>
            </record>
        </odoo>
    """)
    assert any(fact.accepts(finding(2, end=4)) for fact in facts)
    assert covered(facts, 7) == [4]


def test_xml_comment_at_the_end_of_an_element_covers_the_element() -> None:
    facts = xml("""
        <odoo>
            <record id="one" model="x">
                <field name="name">a</field>
                <!-- odoo-debt-lint: ignore[eval-used] known -->
            </record>
            <record id="two" model="x"/>
        </odoo>
    """)
    assert covered(facts, 7) == [2, 3, 4, 5]


def test_xml_comment_of_several_lines_with_the_line_ends_of_windows() -> None:
    lines = (
        "<odoo>",
        '<record id="one" model="x">',
        '<field name="name">a</field>',
        "<!-- odoo-debt-lint: ignore[eval-used]",
        "the code is ours -->",
        "</record>",
        "</odoo>",
    )
    for end in ("\n", "\r\n", "\r"):
        facts = xml_suppressions(XmlFile("shop/views/order.xml", end.join(lines).encode()))
        assert covered(facts, 7) == [2, 3, 4, 5, 6]


def test_xml_comments_above_one_another() -> None:
    facts = xml("""
        <odoo>
            <!-- odoo-debt-lint: ignore[eval-used] known -->
            <!-- something else -->
            <record id="one" model="x"/>
            <record id="two" model="x"/>
        </odoo>
    """)
    assert covered(facts, 6) == [2, 3, 4]


def test_xml_comment_before_an_element_with_text_of_several_lines() -> None:
    facts = xml("""
        <odoo>
            <!-- odoo-debt-lint: ignore[eval-used]
                 the code is ours -->
            <record id="action" model="ir.actions.server">
                <field name="code">
        x = 1
        eval(x)
                </field>
            </record>
        </odoo>
    """)
    assert covered(facts, 9) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert facts[0].reason == "the code is ours"


def test_xml_ignore_file() -> None:
    facts = xml("""
        <odoo>
            <record id="one" model="x"/>
            <!-- odoo-debt-lint: ignore-file -->
        </odoo>
    """)
    assert covered(facts, 4) == [1, 2, 3, 4]


def test_python_comments_in_a_server_action() -> None:
    facts = xml("""
        <odoo>
            <record id="action" model="ir.actions.server">
                <field name="code">
                    x = 1
                    eval(x)  # odoo-debt-lint: ignore[eval-used] known
                    eval(x)
                </field>
            </record>
        </odoo>
    """)
    assert covered(facts, 8) == [5]


def test_xml_comments_of_other_tools_cover_nothing() -> None:
    assert xml("<odoo>\n<!-- noqa -->\n<!-- pylint: disable=all -->\n<record/></odoo>") == ()
    assert xml("<odoo>\n<!-- odoo-debt-lint: hello; noqa -->\n<record/></odoo>") == ()


def test_comments_of_scripts() -> None:
    facts = script_suppressions(
        Text(
            "odoo.define('a', () => {}); // odoo-debt-lint: ignore[eval-used] loaded by hand\n"
            "// odoo-debt-lint: ignore[eval-used] the next line\n"
            "odoo.define('b', () => {});\n"
            "/* odoo-debt-lint: ignore[eval-used]\n   both lines */\n"
            "odoo.define('c', () => {});\n"
            "const url = 'https://example.com/'; // noqa\n"
        )
    )
    assert covered(facts, 7) == [1, 2, 3, 4, 5, 6]
    assert [fact.reason for fact in facts] == ["loaded by hand", "the next line", "both lines"]
    whole = script_suppressions(Text("const a = 1;\n// odoo-debt-lint: ignore-file[eval-used] old\n"))
    assert covered(whole, 9) == list(range(1, 10))


# -- what is covered -------------------------------------------------------------------------------------


def test_comment_within_a_finding_of_several_lines() -> None:
    fact = SuppressionFact(Span(3, 0, 3, 10), 3, 3, ("eval-used",))
    assert fact.accepts(finding(2, end=4))
    assert not fact.accepts(finding(4, end=6))
    assert not fact.accepts(finding(2, "sql-injection", end=4))
