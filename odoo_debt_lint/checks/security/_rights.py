"""Who may write a field, as far as the access rows of the addons at hand tell."""

from __future__ import annotations

import re

from odoo_debt_lint.checks.access._rows import Row, rows, target_of
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.index import Scope

ADMINISTRATORS = frozenset({"base.group_system", "base.group_erp_manager", "base.group_no_one"})

_MANAGER = re.compile(r"manager|admin|director|config|maintainer|designer|publisher", re.I)


def field_of(scope: Scope, model: str, name: str) -> FieldFact | None:
    """The declaration of a field nearest to the addon."""
    for part in reversed(scope.parts(model)):
        for field in part.klass.fields:
            if field.name == name:
                return field
    return None


def field_by_path(scope: Scope, model: str, path: list[str]) -> tuple[str, FieldFact] | None:
    """The model and field at the end of ``["rule_id", "code"]``; None when a step is not known."""
    for name in path[:-1]:
        field = field_of(scope, model, name)
        if field is None or not field.comodel:
            return None
        model = field.comodel
    last = field_of(scope, model, path[-1])
    return (model, last) if last is not None else None


def for_administrators(field: FieldFact) -> bool:
    """Whether ``groups=`` keeps a field from everybody but administrators."""
    groups = field.kwargs.get("groups")
    return isinstance(groups, str) and bool(groups) and _administrators(groups.split(","))


def _administrators(groups: list[str]) -> bool:
    return all(group.strip() in ADMINISTRATORS for group in groups)


def is_written(field: FieldFact) -> bool:
    """Whether users give the field its value, and not a method."""
    computed = "compute" in field.kwargs or "related" in field.kwargs or "compute" in field.dynamic
    return not computed or "inverse" in field.kwargs or field.kwargs.get("readonly") is False


def users_write(scope: Scope, model: str) -> bool | None:
    """Whether others than administrators may create or change records; None when no row is known."""
    groups = _writers(scope, model)
    return None if groups is None else any(group not in ADMINISTRATORS for group in groups)


def managers_write(scope: Scope, model: str) -> bool:
    """Whether nobody but administrators and managers of some application may."""
    groups = _writers(scope, model) or []
    return all(group and (group in ADMINISTRATORS or _manages(group)) for group in groups)


def _manages(group: str) -> bool:
    """Whether a group is one of managers; everybody who is hired gets the one which creates contacts."""
    return group != "base.group_partner_manager" and bool(_MANAGER.search(group))


def administrators_read(scope: Scope, model: str) -> bool:
    """Whether nobody but administrators may even read records."""
    found = [row.group for row in _rows_of(scope, model) if "read" in row.grants]
    return bool(found) and all(group in ADMINISTRATORS for group in found)


def _writers(scope: Scope, model: str) -> list[str | None] | None:
    found = _rows_of(scope, model)
    return [row.group for row in found if row.grants & {"write", "create"}] if found else None


def _rows_of(scope: Scope, model: str) -> list[Row]:
    return [row for addon in scope.addons for row in rows(scope, addon, target_of(model))]
