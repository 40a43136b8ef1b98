"""Options of Odoo that the environment of its containers sets: from 19.0 on it wins over odoo.conf."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.deployment.options import ENVIRONMENT_SINCE, option_of_variable
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import series_number

if TYPE_CHECKING:
    from odoo_debt_lint.deployment.conf import ConfFile
    from odoo_debt_lint.deployment.instance import Instance

_NAME = re.compile(r"(?:^|\s)([A-Z][A-Z0-9_]*)=")


def environment_options(instance: Instance, conf: ConfFile, services: list[Service]) -> frozenset[str]:
    """The options that an odoo.conf does not decide; none where its series is older or not known."""
    series = series_number(conf.series)
    if series < ENVIRONMENT_SINCE:
        return frozenset()
    names = (name for service in services for name in _variables(service, instance))
    found = {option_of_variable(name, series) for name in (*names, *_of_images(instance))}
    return frozenset(option for option in found if option)


def _variables(service: Service, instance: Instance) -> Iterator[str]:
    if service.environment is not None:
        yield from service.environment.pairs
    files = service.node.get("env_file")
    known = {env.path: env for env in instance.envs}
    for item in (files.items or (files,)) if files is not None else ():
        name = item.value("path") if item.kind == "map" else item.text
        path = posixpath.normpath(posixpath.join(posixpath.dirname(item.path), name or "?"))
        if path in known:
            yield from known[path].entries


def _of_images(instance: Instance) -> Iterator[str]:
    for file in instance.dockerfiles:
        for item in file.instructions:
            if item.name == "ENV":
                yield from _NAME.findall(item.text)
                yield item.text.partition(" ")[0]
