"""Cognitive complexity against the examples of SonarSource's white paper, written in Python."""

from __future__ import annotations

import ast
import textwrap

import pytest

from odoo_debt_lint.python.complexity import complexity

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


@pytest.mark.parametrize("name", CASES)
def test_examples(name: str) -> None:
    expected, code = CASES[name]
    code = textwrap.dedent(code).strip()
    function = ast.parse(code).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert complexity(function, code.splitlines(), -1) == expected


def test_floor() -> None:
    code = "def f(a):\n    if a:\n        return 1"
    function = ast.parse(code).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert complexity(function, code.splitlines(), 5) == 0
