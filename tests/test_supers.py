"""What a method does with super(): calls, what becomes of their result, paths without it, results."""

from __future__ import annotations

import textwrap

import pytest

from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.python.module import PythonFile


def method(body: str, name: str = "write") -> MethodFact:
    code = f"class A(models.Model):\n    def {name}(self, vals):\n"
    code += textwrap.indent(textwrap.dedent(body).strip(), " " * 8) + "\n"
    return PythonFile("a.py", code).facts.classes[0].methods[0]


def calls(body: str) -> list[tuple[str, str, bool]]:
    return [(call.method, call.use, call.nested) for call in method(body).supers]


@pytest.mark.parametrize(
    ("body", "use"),
    [
        ("return super().write(vals)", "returned"),
        ("return super(A, self.sudo()).write(vals)", "returned"),
        ("yield from super().write(vals)", "returned"),
        ("super().write(vals)", "dropped"),
        ("res = super().write(vals)", "dropped"),
        ("res = super().write(vals)\nprint(res)", "read"),
        ("super().write(vals).touch()", "read"),
        ("res = super().write(vals)\nres.touch()\nreturn True", "read"),
        ("res = super().write(vals)\nreturn res", "bound"),
        ("res = super().write(vals)\nother = res.ids\nreturn other", "bound"),
        ("res = super().write(vals)\nout = []\nout.append(res)\nreturn out", "bound"),
        ("res = super().write(vals)\nout = {}\nout['a'] = res\nreturn out", "bound"),
        ("res = super().write(vals)\nif res:\n    return 1", "bound"),
        ("res = super().write(vals)\nif res:\n    self.x()", "read"),
        ("res = super().write(vals)\nself.result = res\nreturn self", "bound"),
        ("res = super().write(vals)\nfor item in res:\n    item.x()", "read"),
        ("res = super().write(vals)\nfor item in res:\n    item.x()\nreturn True", "read"),
        ("res = super().write(vals)\nout = []\nfor item in res:\n    out += item\nreturn out", "bound"),
        ("return [super().write(vals)]", "used"),
        ("res = False\nres |= super().write(vals)\nreturn res", "used"),
        ("parent = super()\nreturn parent.write(vals)", "returned"),
        ("call = super().write\nreturn call(vals)", "returned"),
        ("return getattr(super(), 'write')(vals)", "used"),
    ],
)
def test_use_of_the_result(body: str, use: str) -> None:
    assert [item[:2] for item in calls(body)] == [("write", use)]


def test_nested_calls() -> None:
    assert calls("def later():\n    return super(A, self).write(vals)\nreturn later()") == [
        ("write", "used", True)
    ]
    assert calls("return run(lambda: super(A, self).write(vals))") == [("write", "used", True)]


@pytest.mark.parametrize(
    "body",
    [
        "name = 'x'\nreturn getattr(super(), name)()",
        "if hasattr(super(), 'write'):\n    return 1",
        "return getattr(super(), 'write', None)",
    ],
)
def test_names_that_are_computed_or_asked_for(body: str) -> None:
    assert calls(body)[0][0] == "*"


@pytest.mark.parametrize(
    ("body", "line", "guard"),
    [
        ("return super().write(vals)", None, ""),
        ("if self.x:\n    raise E\nreturn super().write(vals)", None, ""),
        ("if self.x:\n    return 1\nreturn super().write(vals)", 4, ""),
        ("if not self:\n    return 1\nreturn super().write(vals)", 4, "!"),
        ("if self.code != 'a':\n    return super().write(vals)\nreturn 1", 5, "code"),
        ("if self.env.context.get('a'):\n    return 1\nreturn super().write(vals)", 4, "context"),
        ("if self.x:\n    super().write(vals)", 3, ""),
        ("for rec in self:\n    super(A, rec).write(vals)", None, ""),
        ("for rec in self:\n    if rec.x:\n        continue\n    super(A, rec).write(vals)", 3, ""),
        ("while True:\n    if super().write(vals):\n        break", None, ""),
        ("try:\n    return super().write(vals)\nexcept E:\n    return 1", None, ""),
        ("try:\n    x = 1\nfinally:\n    super().write(vals)", None, ""),
        ("with self.lock():\n    super().write(vals)", None, ""),
        ("match vals:\n    case {}:\n        return 1\nreturn super().write(vals)", 5, ""),
    ],
)
def test_paths(body: str, line: int | None, guard: str) -> None:
    fact = method(body)
    assert (fact.skips.start_line if fact.skips else None) == line
    assert fact.guard == guard


@pytest.mark.parametrize(
    ("body", "kind", "result"),
    [
        ("pass", "pass", ""),
        ('"""Hook."""', "pass", ""),
        ("raise NotImplementedError", "raise", ""),
        ("if self:\n    raise E\nraise F", "raises", ""),
        ("return", "return", ""),
        ("return None", "return", ""),
        ("return True", "return", "constant"),
        ("return []", "return", "value"),
        ("return self.env['x']", "return", "value"),
        ("return self.browse()", "return", "value"),
        ("return self.browse(1)", "code", "value"),
        ("self.x = 1", "code", ""),
        ("return super().write(vals)", "code", "super"),
        ("res = super().write(vals)\nreturn res", "code", "super"),
        ("if self.x:\n    return 1\nreturn super().write(vals)", "code", "super"),
        ("def inner():\n    return 1", "code", ""),
    ],
)
def test_body_and_result(body: str, kind: str, result: str) -> None:
    fact = method(body)
    assert (fact.body, fact.result, fact.returns) == (kind, result, bool(result))


def test_defaults_of_a_computed_field_are_a_hook() -> None:
    assert method("for rec in self:\n    rec.x = False", "_compute_x").body == "return"
    assert method("self.x = '#'", "_compute_x").body == "return"
    assert method("for rec in self:\n    rec.x = rec.y", "_compute_x").body == "code"
    assert method("for rec in self:\n    rec.x = False", "action_x").body == "code"
