"""Follows the statements of a compute method with the set of fields that are surely assigned by then.

What cannot be followed (``setattr`` with a variable name, a helper of another file, ``super()``, assignment
through other recordsets) makes the fields in question uncertain, and an uncertain field is never reported.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import reduce

from odoo_debt_lint.checks.orm._computes import (
    base_of,
    chosen_names,
    is_choice,
    is_self,
    record_names,
    same_records,
)
from odoo_debt_lint.checks.orm._selections import has_values, is_chain
from odoo_debt_lint.checks.orm._statements import (
    State,
    asks_for_records,
    completes,
    condition,
    is_all,
    is_endless,
    is_enumerated,
    is_part_of_self,
    meet,
    passes_records,
    stored_names,
    stores_by_name,
    turn_of,
)
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.results import is_exhaustive
from odoo_debt_lint.python.trees import nodes_of

_HARMLESS = frozenset(
    "ensure_one flush invalidate_cache invalidate_recordset flush_recordset modified".split()
)


@dataclass
class Assigned:
    """The outcome: fields that some path leaves out (``missing``), and those among them for which the
    branches may cover all values (``doubtful``)."""

    code: Code
    wanted: frozenset[str]
    uncertain: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names = record_names(self.code) | chosen_names(self.code)
        self.exits: list[frozenset[str]] = []
        self.partial: set[str] = set()
        root = self.code.root
        assert isinstance(root, ast.FunctionDef)
        end = self._block(root.body, frozenset())
        for state in self.exits:
            end = meet(end, state)
        self.missing = set() if end is None else set(self.wanted - end - self.uncertain)

    def _block(self, body: list[ast.stmt], state: State) -> State:
        tests: dict[str, frozenset[str]] = {}
        several = sum(isinstance(node, ast.If) for node in body) > 1
        for node in body:
            if state is None:
                return None
            before = state
            state = self._statement(node, state)
            if several and isinstance(node, ast.If) and state is not None:
                state = self._complement(node, before, state, tests)
        return state

    def _complement(
        self, node: ast.If, before: frozenset[str], state: frozenset[str], tests: dict[str, frozenset[str]]
    ) -> frozenset[str]:
        """``if a: …`` and then ``if not a: …`` together are an if with an else."""
        inner = _Quiet(self)
        gained = (inner._block(node.body, before) or self.wanted) - before
        other = tests.get(condition(node.test, holds=False))
        tests[condition(node.test)] = frozenset(gained)
        return state | (gained & other) if other else state

    def _statement(self, node: ast.stmt, state: frozenset[str]) -> State:
        if isinstance(node, ast.If):
            return self._if(node, state)
        if isinstance(node, ast.For | ast.AsyncFor):
            return self._loop(node, state)
        if isinstance(node, ast.While):
            outer, self.continues, self.breaks = (self.continues, self.breaks), [], []
            self._block(node.body, state)
            broken = self.breaks
            self.continues, self.breaks = outer
            return reduce(meet, broken, None) if is_endless(node) else state
        if isinstance(node, ast.Try):
            return self._try(node, state)
        if isinstance(node, ast.With | ast.AsyncWith):
            return self._block(node.body, state)
        if isinstance(node, ast.Match):
            return self._match(node, state)
        state |= self._assigns(node)
        if isinstance(node, ast.Return):
            self.exits.append(state)
            return None
        if isinstance(node, ast.Continue):
            self.continues.append(state)
            return None
        if isinstance(node, ast.Break):
            self.breaks.append(state)
            return None
        return None if isinstance(node, ast.Raise) else state

    turns: list[str] = field(default_factory=list)
    """Variables of the loops over ``self`` around a statement; other loops may use their names too."""
    continues: list[frozenset[str]] = field(default_factory=list)
    breaks: list[frozenset[str]] = field(default_factory=list)

    def _if(self, node: ast.If, state: frozenset[str]) -> State:
        state |= self._assigns(node.test)
        self.uncertain |= self._asked_for(node.test)
        if (
            asks_for_records(self.code, node.test)
            and not node.orelse
            and isinstance(node.body[-1], ast.Return)
        ):
            return state
        body = self._block(node.body, state)
        if not node.orelse and (is_self(node.test) or completes(self.code, node)):
            return body
        orelse = self._block(node.orelse, state)
        if not node.orelse and body is not None and (chain := is_chain(self.code, node)):
            self.doubtful |= self._in_each([item.body for item in chain], state)
        return meet(body, orelse)

    def _in_each(self, bodies: list[list[ast.stmt]], state: frozenset[str]) -> frozenset[str]:
        """Fields assigned in each of some branches."""
        gained = self.wanted
        for body in bodies:
            end = _Quiet(self)._block(body, state)
            gained &= end if end is not None else self.wanted
        return gained

    def _match(self, node: ast.Match, state: frozenset[str]) -> State:
        ends = [self._block(case.body, state) for case in node.cases]
        if not is_exhaustive(node):
            if has_values(self.code, node.subject):
                self.doubtful |= self._in_each([case.body for case in node.cases], state)
            ends.append(state)
        return reduce(meet, ends)

    def _asked_for(self, test: ast.expr) -> set[str]:
        """Fields whose own value decides: ``if not record.name: record.name = …`` keeps what is there."""
        return {
            node.attr
            for node in nodes_of(test)
            if isinstance(node, ast.Attribute) and node.attr in self.wanted
            if isinstance(node.value, ast.Name) and node.value.id in self.names
        }

    def _try(self, node: ast.Try, state: frozenset[str]) -> State:
        end = self._block(node.body, state)
        if node.orelse:
            end = self._block(node.orelse, end)
        for handler in node.handlers:
            end = meet(end, self._block(handler.body, state))
        if node.finalbody and end is not None:
            return self._block(node.finalbody, end)
        return end

    def _loop(self, node: ast.For | ast.AsyncFor, state: frozenset[str]) -> State:
        outer, self.continues, self.breaks = (self.continues, self.breaks), [], []
        over_self = is_part_of_self(self.code, node.iter)
        exits = len(self.exits)
        turn = turn_of(node) if over_self else ""
        self.turns.append(turn)
        end = self._block(node.body, state)
        self.turns.pop()
        for other in self.continues:
            end = meet(end, other)
        broken = bool(self.breaks)
        self.continues, self.breaks = outer
        if not over_self:
            if isinstance(node.target, ast.Name) and node.target.id in self.names:
                self.uncertain |= (end or frozenset()) - state
            return self._block(node.orelse, state) if node.orelse else state
        if is_all(self.code, node.iter) or is_enumerated(node.iter):
            # a return or break inside leaves the records that have not had their turn
            self.exits[exits:] = [state for _ in self.exits[exits:]]
            return state if broken else (end if end is not None else self.wanted)
        self._gain((end or frozenset()) - state)
        return state

    def _gain(self, fields: frozenset[str]) -> None:
        """Notes fields assigned for some of the records; who does that twice may mean all."""
        self.uncertain |= fields & self.partial
        self.partial |= fields

    def _is_current(self, node: ast.expr) -> bool:
        """``self`` or the variable of a loop over it, and nothing that some other code puts there."""
        record = same_records(node)
        if not isinstance(record, ast.Name) or record.id not in self.names:
            return False
        bound = self.code.bindings.get(record.id, [])
        return record.id in self.turns or all(how == "element" or is_self(value) for how, value in bound)

    def _assigns(self, root: ast.AST) -> frozenset[str]:
        """Fields which one statement or expression assigns; notes what cannot be told."""
        found: set[str] = set()
        for node in nodes_of(root):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and node.attr in self.wanted
            ):
                if is_choice(self.code, node.value):
                    self._gain(frozenset({node.attr}))
                else:
                    (found if self._is_current(node.value) else self.uncertain).add(node.attr)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                found |= self._key(node.value, node.slice)
            elif isinstance(node, ast.Call):
                found |= self._call(node, root)
        return frozenset(found)

    def _key(self, owner: ast.expr, key: ast.expr) -> set[str]:
        """``record["field"] = …``"""
        if not (isinstance(owner, ast.Name) and owner.id in self.names) and not is_self(owner):
            if isinstance(owner, ast.Name) and self.code.bindings.get(owner.id):
                return set()
        if isinstance(key, ast.Constant):
            return {key.value} if key.value in self.wanted else set()
        if isinstance(owner, ast.Name) and owner.id in self.names:
            self.uncertain |= self.wanted
        return set()

    def _call(self, call: ast.Call, root: ast.AST) -> set[str]:
        function = call.func
        if isinstance(function, ast.Name):
            return self._plain_call(function.id, call)
        if not isinstance(function, ast.Attribute):
            return set()
        owner = function.value
        if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super":
            self.uncertain |= self.wanted
            return set()
        base = base_of(owner)
        on_records = isinstance(base, ast.Name) and base.id in self.names
        if function.attr in ("update", "write", "_update_cache") and on_records:
            return self._update(call, owner)
        helper = self.code.file.skeleton.defs.get((self.code.klass, function.attr))
        if on_records and helper is not None:
            self.uncertain |= self.wanted & stored_names(helper)
            self.uncertain |= self.wanted if stores_by_name(helper) else frozenset()
        elif on_records and isinstance(root, ast.Expr) and root.value is call:
            if function.attr not in _HARMLESS:
                self.uncertain |= self.wanted
        elif isinstance(root, ast.Expr) and root.value is call and passes_records(call, self.names):
            self.uncertain |= self.wanted
        return set()

    def _plain_call(self, name: str, call: ast.Call) -> set[str]:
        if name == "setattr" and len(call.args) > 1:
            key = call.args[1]
            if isinstance(key, ast.Constant):
                return {str(key.value)} & self.wanted
            self.uncertain |= self.wanted
        elif name == "super" or self.code.file.skeleton.defs.get(("", name)) is not None:
            if passes_records(call, self.names) or name == "super":
                self.uncertain |= self.wanted
        return set()

    def _update(self, call: ast.Call, owner: ast.expr) -> set[str]:
        """``record.update({...})``: its keys when they are written there and the record is of the loop."""
        keys = {word.arg for word in call.keywords if word.arg}
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Dict):
            if not all(isinstance(key, ast.Constant) for key in first.keys):
                self.uncertain |= self.wanted
            keys |= {str(key.value) for key in first.keys if isinstance(key, ast.Constant)}
        elif first is not None:
            self.uncertain |= self.wanted
        if not (is_self(owner) or isinstance(owner, ast.Name)):
            self.uncertain |= keys & self.wanted
            return set()
        return keys & self.wanted


class _Quiet(Assigned):
    """The same walk over one branch, whose exits and doubts do not count."""

    def __init__(self, outer: Assigned) -> None:
        self.code, self.wanted, self.names, self.turns = outer.code, outer.wanted, outer.names, outer.turns
        self.uncertain, self.doubtful, self.partial = set(), set(), set()
        self.exits, self.continues, self.breaks = [], [], []
