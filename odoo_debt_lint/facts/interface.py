"""What others can see of a Python file: what it imports, and the classes, fields and methods it declares,
without places and bodies. Most changes of a file leave it as it is."""

from __future__ import annotations

import hashlib

import msgspec

from odoo_debt_lint.facts.python import ClassFact, MethodFact, PythonFacts
from odoo_debt_lint.finding import FIRST_LINE

_encode = msgspec.msgpack.Encoder().encode
_replace = msgspec.structs.replace


def stamp(facts: PythonFacts | None) -> str:
    """Digest of the interface; empty for what is no Python file, or cannot be written down."""
    if facts is None:
        return ""
    try:
        return hashlib.blake2b(_encode(interface(facts)), digest_size=16).hexdigest()
    except (UnicodeEncodeError, OverflowError):
        return ""  # whoever writes the facts themselves says why


def interface(facts: PythonFacts) -> PythonFacts:
    """The facts of a file without all that is not to be seen from outside."""
    return PythonFacts(
        imports=tuple(_replace(item, span=FIRST_LINE) for item in facts.imports),
        classes=tuple(_class(klass) for klass in facts.classes),
    )


def _class(klass: ClassFact) -> ClassFact:
    return _replace(
        klass,
        span=FIRST_LINE,
        end_line=0,
        attr_spans={},
        fields=tuple(_replace(field, span=FIRST_LINE) for field in klass.fields),
        methods=tuple(_method(method) for method in klass.methods),
    )


def _method(method: MethodFact) -> MethodFact:
    decorators = tuple(_replace(item, span=FIRST_LINE) for item in method.decorators)
    return MethodFact(method.name, params=method.params, decorators=decorators)
