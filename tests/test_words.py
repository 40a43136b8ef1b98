"""Texts that records have in common are kept once, and say the same."""

from __future__ import annotations

import msgspec

from odoo_debt_lint.facts import (
    CallFact,
    ClassFact,
    DataFacts,
    FieldFact,
    FileResult,
    ImportFact,
    PythonFacts,
    RecordFact,
    RefFact,
    ValueFact,
)
from odoo_debt_lint.facts.words import Words
from odoo_debt_lint.finding import Span

LONG = "x" * 100


def read(path: str) -> FileResult:
    """A result as it comes from a worker: every text of its own."""
    values = (ValueFact("name", value="Shop"), ValueFact("model_id", kind="ref", value=LONG))
    record = RecordFact("shop.a", "ir.model.access", values=values, tag="csv")
    data = DataFacts((record,), refs=(RefFact("base.group_user", context="ref"),))
    content = msgspec.msgpack.encode(FileResult(path, "data", data=data))
    return msgspec.msgpack.decode(content, type=FileResult)


def test_same_texts_are_one() -> None:
    words = Words()
    first, second = words.shared(read("a.xml")), words.shared(read("b.xml"))
    assert (first, second) == (read("a.xml"), read("b.xml"))
    assert first.data is not None
    assert second.data is not None
    one, other = first.data.records[0], second.data.records[0]
    assert one.model is other.model
    assert one.tag is other.tag
    assert all(mine.name is its.name for mine, its in zip(one.values, other.values, strict=True))
    assert one.values[0].value is other.values[0].value
    assert one.xmlid is not other.xmlid
    assert first.data.refs[0].xmlid is second.data.refs[0].xmlid


def test_values_of_a_row_share_its_place() -> None:
    place = Span(400, 0, 400, 80)
    values = (ValueFact("name", place, value="Shop"), ValueFact("code", Span(401, 0, 401, 9), value="1"))
    record = RecordFact("shop.a", "product.category", place, values, tag="csv")
    content = msgspec.msgpack.encode(FileResult("a.csv", "data", data=DataFacts((record,))))
    result = Words().shared(msgspec.msgpack.decode(content, type=FileResult))
    assert result.data is not None
    row = result.data.records[0]
    assert row == record
    assert row.values[0].span is row.span
    assert row.values[1].span is not row.span


def test_names_of_python_files_are_one() -> None:
    python = PythonFacts(
        imports=(ImportFact("models", "odoo.models"),),
        classes=(ClassFact("Order", fields=(FieldFact("name", "Char"),)),),
        calls=(CallFact("self.env.ref", method="post", klass="Order"),),
    )
    content = msgspec.msgpack.encode(FileResult("a.py", "code", python=python))
    words = Words()
    one, other = (words.shared(msgspec.msgpack.decode(content, type=FileResult)).python for _ in range(2))
    assert one is not None
    assert other is not None
    assert one == other == python
    assert one.imports[0].target is other.imports[0].target
    assert one.calls[0].callee is other.calls[0].callee
    assert one.calls[0].klass is other.calls[0].klass
    assert one.classes[0].fields[0].type is other.classes[0].fields[0].type


def test_files_without_records() -> None:
    result = FileResult("a.py", "code")
    assert Words().shared(result) is result
