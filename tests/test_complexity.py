"""Cognitive complexity against the examples of SonarSource's white paper, written in Python."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from odoo_debt_lint.python.complexity import Operators, complexity
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

CASES = {
    "straight": (0, "def f(a):\n    b = a\n    return b"),
    "if, elif, else": (
        3,
        """
        def f(a):
            if a:
                return 1
            elif a is None:
                return 2
            else:
                return 3
        """,
    ),
    "nested loops and a condition": (
        7,
        """
        def f(numbers):
            total = 0
            for i in numbers:  # 1
                for j in range(2, i):  # 2
                    if i % j == 0:  # 3
                        continue
                total += i
            else:  # 1
                total = 0
            return total
        """,
    ),
    "handlers count, try and with do not": (
        3,
        """
        def f(a):
            try:
                with a:
                    if a:  # 1
                        return 1
            except ValueError:  # 1
                return 2
            except KeyError:  # 1
                return 3
            finally:
                a.close()
        """,
    ),
    "sequences of boolean operators": (
        4,
        """
        def f(a, b, c, d):
            if a and b and c or d:  # 1, 1 and, 1 or
                return not (a and b)  # 1 and
        """,
    ),
    "an operator that begins anew behind another one is a sequence, brackets of its own kind are none": (
        7,
        """
        def f(a, b, c, d):
            if a or b and c or d:  # 1, or, and, or
                return a and (b and (c and d))  # 1 and
            return a and not (b and c)  # 1 and, 1 and behind the not
        """,
    ),
    "conditional expressions weigh with their depth": (
        4,
        """
        def f(a):
            x = 1 if a else 2  # 1
            for b in a:  # 1
                x = 1 if b else 2  # 2
            return x
        """,
    ),
    "lambdas and inner functions nest": (
        4,
        """
        def f(a):
            def g(b):
                if b:  # 2
                    return b
            return lambda c: 1 if c else g(c)  # 2
        """,
    ),
    "match": (
        3,
        """
        def f(a):
            match a:  # 1
                case 1:
                    if a:  # 2
                        return 1
                case _:
                    return 2
        """,
    ),
}


def numbers(code: str) -> list[int]:
    """The complexity of each function of a text."""
    tree = ast.parse(textwrap.dedent(code).strip())
    nodes = list(ast.walk(tree))
    operators = Operators(
        [node for node in nodes if isinstance(node, ast.BoolOp)],
        [node for node in nodes if isinstance(node, ast.IfExp)],
    )
    return [complexity(node, operators) for node in tree.body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("name", CASES)
def test_examples(name: str) -> None:
    expected, code = CASES[name]
    assert numbers(code) == [expected]


def test_operators_belong_to_their_function() -> None:
    code = """
    def f(a):
        return 1 if a else 2

    def g(a):
        return a

    @decorated(
        lambda a: a if a else 1
    )
    def h(a):
        return a and a.b
    """
    assert numbers(code) == [1, 0, 3]


def test_conditional_expressions_deep_down() -> None:
    code = """
    def f(a):
        for b in a:  # 1
            for c in b:  # 2
                while c:  # 3
                    c = c.d if c.e else None  # 4
    """
    assert numbers(code) == [10]


@pytest.mark.parametrize(("limit", "lines"), [(4, [1]), (5, []), (15, [])])
def test_limit(tmp_path: Path, limit: int, lines: list[int]) -> None:
    code = "def f(a):\n for b in a:\n  if b and a:\n   return b\n  else:\n   a = 1\n\n\nf([])\n"
    addon = tmp_path / "shop"
    addon.mkdir()
    (addon / "__manifest__.py").write_text('{"name": "Shop", "version": "16.0.1.0.0", "depends": ["base"]}')
    (addon / "tools.py").write_text(code)
    settings = Settings(select=("method-too-complex",), max_complexity=limit, cache=False, jobs=1)
    assert [item.location.span.start_line for item in run([str(tmp_path)], settings).findings] == lines
