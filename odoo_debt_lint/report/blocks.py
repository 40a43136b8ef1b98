"""The blocks of an audit, each with a debt, a grade and a score of its own.

A block is judged as the whole is: its minutes against all lines of code. The minutes and findings of the
blocks add up to those of the report; what no rule could judge has no grade.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec

from odoo_debt_lint.finding import Finding
from odoo_debt_lint.outcome.debt import Debt
from odoo_debt_lint.rule import Block, OnDeployment, OnInstance, Rule

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

BLOCKS = (
    Block.SECURITY,
    Block.BACKUPS,
    Block.PERFORMANCE,
    Block.CODE,
    Block.INFRASTRUCTURE,
    Block.OBSERVABILITY,
    Block.MIGRATION,
)


class BlockReport(msgspec.Struct, frozen=True):
    """A block; ``rules`` is how many of its rules had something to judge, ``without_files`` that some were
    chosen, but no file was there for them."""

    block: Block
    debt: Debt
    rules: int
    without_files: bool = False

    @property
    def judged(self) -> bool:
        return self.rules > 0 or self.debt.findings > 0


def block_of(report: Report, rule: str) -> Block:
    """The block of a rule; one of another tool is about code."""
    return report.rules[rule].block if rule in report.rules else Block.CODE


def blocks_of(report: Report) -> tuple[BlockReport, ...]:
    """All blocks, those without findings too: that nothing was found is a result."""
    chosen = Counter(rule.block for rule in report.rules.values())
    ran = Counter(rule.block for rule in report.rules.values() if _had_files(rule, report))
    found: dict[Block, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[block_of(report, finding.rule)].append(finding)
    return tuple(
        BlockReport(block, _debt(report, block, found[block]), ran[block], chosen[block] > ran[block] == 0)
        for block in BLOCKS
    )


def _debt(report: Report, block: Block, findings: list[Finding]) -> Debt:
    """The debt of a block. That of the migration is about the target, all others are about today."""
    debt = report.debt_with(findings)
    return msgspec.structs.replace(debt, ahead=0) if block is Block.MIGRATION else debt


def _had_files(rule: Rule, report: Report) -> bool:
    """Whether there was anything that the rule could judge."""
    beside = rule.listeners and all(isinstance(item, OnDeployment | OnInstance) for item in rule.listeners)
    return not beside or report.deployment > 0
