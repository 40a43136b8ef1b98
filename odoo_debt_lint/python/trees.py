"""A flat walk over ``ast``, three times as fast as ``ast.walk``, and which statements a line lies in.

Which fields of a class can hold nodes is looked up; contexts, operators and names are left out.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from typing import Any

_PLAIN = frozenset(
    (
        "arg asname attr conversion ctx id is_async kind kwd_attrs level lineno module name names op ops "
        "rest simple str tag type_comment type_ignores"
    ).split()
)
_LEAVES = (ast.Constant, ast.MatchSingleton)


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of a class that can hold nodes."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        names = getattr(kind, "_fields", ())
        found = () if kind in _LEAVES else tuple(name for name in names if name not in _PLAIN)
        self[kind] = found
        return found


FIELDS = _Fields()


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """``root`` and all nodes below it, in the order of ``ast.walk``. Contexts, operators and the names that
    are imported are no nodes here."""
    found: list[ast.AST] = [root]
    push, fields = found.append, FIELDS
    for node in found:
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                found += value
            elif value is not None:
                push(value)
    # a key of a dict for ``**``, a default that is not there
    return [node for node in found if node is not None] if None in found else found


def with_parents(root: ast.AST) -> tuple[list[ast.AST], dict[int, ast.AST]]:
    """The same nodes, and for the id of each the node in which it stands."""
    nodes: list[ast.AST] = [root]
    parents: dict[int, ast.AST] = {}
    push, fields = nodes.append, FIELDS
    for node in nodes:
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                for child in value:
                    if child is not None:
                        parents[id(child)] = node
                        push(child)
            elif value is not None:
                parents[id(value)] = node
                push(value)
    return nodes, parents


def holds_line(node: ast.stmt, lines: list[int]) -> bool:
    """Whether one of the lines, which are sorted, lies within a statement."""
    index = bisect_left(lines, node.lineno)
    return index < len(lines) and lines[index] <= (node.end_lineno or node.lineno)


def place_of(node: Any) -> tuple[int, int]:
    """Line and column of a node; those which have none stand where their first part does."""
    part = node.target if isinstance(node, ast.comprehension) else node
    part = node.context_expr if isinstance(node, ast.withitem) else part
    return (part.lineno, part.col_offset)


def captured(node: ast.Match) -> set[str]:
    """The names which the patterns of a ``match`` bind to the subject or to something in it."""
    inner = [item for case in node.cases for item in nodes_of(case.pattern)]
    names = [item.name for item in inner if isinstance(item, ast.MatchAs | ast.MatchStar)]
    names += [item.rest for item in inner if isinstance(item, ast.MatchMapping)]
    return {name for name in names if name is not None}
