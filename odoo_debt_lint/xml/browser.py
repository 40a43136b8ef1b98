"""Templates which the browser gets (``static/**/*.xml``) as views.

Up to 17.0 Odoo knows one by its addon and its name, from 18.0 by its name alone. What ``t-inherit`` changes
is told by specs like those of other views. ``t-extend`` with its ``t-jquery``, the way up to 16.0, changes
what is not known; it looks for the name as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.facts import STATIC, DataFacts, ViewFact
from odoo_debt_lint.rule import series_number
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.views import arch_text, specs

if TYPE_CHECKING:
    from odoo_debt_lint.index import AddonFacts

_ROOTS = ("templates", "template", "odoo")
_BY_NAME = 18.0
"""``AssetsBundle.generate_xml_bundle`` then takes the place of ``xml``."""


def static_facts(file: XmlFile) -> DataFacts:
    """The templates of a file, and the changes of others."""
    inside = list(file.root) if file.root.tag in _ROOTS else [file.root]
    found = (_fact(file, element, number) for number, element in enumerate(inside, 1))
    return DataFacts(views=tuple(view for view in found if view is not None))


def _fact(file: XmlFile, element: Any, number: int) -> ViewFact | None:
    if not isinstance(element.tag, str):
        return None
    name, parent, old = (element.get(key) for key in ("t-name", "t-inherit", "t-extend"))
    if parent:
        return _inheriting(file, element, number)
    if old:
        # with a name of its own it is a copy
        xmlid = _full(file, name) if name else f"{file.path}#{number}"
        return _view(file, element, xmlid, inherit=old, mode="primary" if name else "")
    return _view(file, element, _full(file, name), arch=arch_text([element])) if name else None


def _inheriting(file: XmlFile, element: Any, number: int) -> ViewFact:
    """The name of a template that only changes another counts for nothing, and is often that of the other: it
    gets its number in the file."""
    parent = element.get("t-inherit")
    extends = element.get("t-inherit-mode") == "extension" or not element.get("t-name")
    nodes = [child for child in element if isinstance(child.tag, str)]
    return _view(
        file,
        element,
        f"{file.path}#{number}" if extends else _full(file, element.get("t-name")),
        inherit=parent if "." in parent else _full(file, parent),
        mode="" if extends else "primary",
        arch=arch_text(nodes),
        specs=tuple(specs(file, nodes)),
    )


def _full(file: XmlFile, name: str) -> str:
    if not 0 < series_number(file.series) < _BY_NAME:
        return name
    return f"{file.addon}.{name.removeprefix(file.addon + '.')}"


def _view(file: XmlFile, element: Any, name: str, *, inherit: str = "", **values: Any) -> ViewFact:
    return ViewFact(
        xmlid=name + STATIC,
        span=file.span(element),
        inherit=inherit + STATIC if inherit else "",
        type="qweb",
        record="static",
        given=("arch", "inherit_id", "mode"),
        **values,
    )


def served(addon: AddonFacts, paths: Iterable[str]) -> list[str]:
    """The files that bundles of the manifest hold; all where it names none, the records may."""
    manifest = addon.manifest
    items = [item.lstrip("/") for _, item, _ in manifest.assets]
    items += [f"{addon.name}/{item}" for item in manifest.items("qweb")]
    if not items:
        return list(paths)
    plain = set(items)
    patterns = [re.compile(translate(item.replace("**/", "*"))) for item in plain if "*" in item]

    def is_named(path: str) -> bool:
        name = f"{addon.name}/{addon.inside(path)}"
        return name in plain or any(pattern.fullmatch(name) for pattern in patterns)

    return [path for path in paths if is_named(path)]


def short(name: str) -> str:
    """The id of a template of another addon as ``t-extend`` may name it: without the addon."""
    return name.partition(".")[2] or name
