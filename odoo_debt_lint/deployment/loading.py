"""From the deployment files that were found to one instance, each file read by the reader of its kind."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from odoo_debt_lint.addons.found import Discovered, FoundFile
from odoo_debt_lint.addons.git import tracked
from odoo_debt_lint.addons.ignore import ignored
from odoo_debt_lint.deployment.compose import ComposeFile, read_compose
from odoo_debt_lint.deployment.conf import ConfFile, is_conf, is_fragment, read_conf
from odoo_debt_lint.deployment.containment import mark_contained, mounts
from odoo_debt_lint.deployment.dockerfile import Dockerfile, read_dockerfile
from odoo_debt_lint.deployment.dotenv import EnvFile, read_env
from odoo_debt_lint.deployment.environment import environment_options
from odoo_debt_lint.deployment.instance import Instance, series_of, series_of_images
from odoo_debt_lint.deployment.joining import join_files
from odoo_debt_lint.deployment.kinds import server_file
from odoo_debt_lint.deployment.nginx import NginxFile, is_nginx, join_includes, read_nginx
from odoo_debt_lint.deployment.postgresql import join_postgresql
from odoo_debt_lint.deployment.redis import join_redis
from odoo_debt_lint.deployment.referred import add_referred
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.dispatch import failure
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Text, Unreadable, decode, read_bytes

_MAX_SIZE = 1 << 20
_COMPOSE = re.compile(r".*\.ya?ml")
_DOCKERFILE = re.compile(r"(?:dockerfile|containerfile)(?!.*\.(md|txt|sh)$).*|.*\.dockerfile", re.I)
_PART = re.compile(r"\.d/[^/]+$|(^|/)\d+[-_][^/]*$")
_PROXY = re.compile(r"server|^[ \t]*(add_header|proxy_set_header|ssl_protocols|limit_req_zone)[ \t]", re.M)
_NUMBERED = re.compile(r"\.d/\d+[-_][^/]*$")
_ENV = re.compile(r"\.env(\..*)?|.*\.env", re.I)


def load(
    found: Discovered,
    addons: list[AddonFacts],
    settings: Settings,
    unsaved: Mapping[str, bytes],
    problems: list[Problem],
) -> Instance:
    """Reads everything; what cannot be read becomes a problem with its line."""
    instance = Instance(settings, paths=[file.path for file in found.deployment], alone=found.alone)
    instance.addons = [addon.name for addon in addons]
    for file in found.deployment:
        try:
            content = unsaved[file.real] if file.real in unsaved else read_bytes(file.real, _MAX_SIZE)
            _add(instance, file, Text(decode(content)), found, file.real in unsaved)
        except Unreadable as error:
            problems.append(Problem(error.kind, file.path, error.message))
        except RecursionError:
            problems.append(Problem("too-large", file.path, "nested too deeply"))
        except Exception as error:
            problems.append(Problem("internal-error", file.path, failure("the reader", error)))
    _join(instance, found.root)
    instance.series = series_of(instance, _series_of_addons(addons))
    for conf in instance.confs:
        _tell(instance, conf)
    problems += [problem for item in instance.files for problem in getattr(item, "problems", ())]
    return instance


def _add(instance: Instance, file: FoundFile, text: Text, found: Discovered, unsaved: bool) -> None:
    """Reads one file by what its name and content say that it is."""
    name = posixpath.basename(file.path)
    if _COMPOSE.fullmatch(name):
        instance.composes.append(ComposeFile(file.path, file.real, text))
    elif _DOCKERFILE.fullmatch(name):
        instance.dockerfiles.append(read_dockerfile(Dockerfile(file.path, file.real, text)))
    elif _ENV.fullmatch(name):
        env = read_env(EnvFile(file.path, file.real, text))
        env.tracked, env.ignored = tracked(found.root, file.path), ignored(found.root, file.path)
        instance.envs.append(env)
    elif (server := server_file(file.path, file.real, text)) is not None:
        instance.by_kind[server.kind].append(server)
    elif is_conf(text.text):
        instance.confs.append(read_conf(ConfFile(file.path, file.real, text)))
    elif is_nginx(text.text) and ("nginx" in file.path or _PROXY.search(text.text)):
        instance.nginxes.append(read_nginx(NginxFile(file.path, file.real, text), unsaved))
    elif "odoo" in name and name.endswith(".conf") and is_fragment(text.text):
        instance.fragments = True


def _join(instance: Instance, root: Path) -> None:
    """What belongs together: compose files with their variables and each other, nginx files with includes."""
    variables = {env.path: env.values for env in instance.envs}
    for compose in instance.composes:
        read_compose(compose, variables.get(posixpath.join(compose.folder, ".env"), {}))
    join_files(instance.composes, variables, add_referred(instance.composes, root, variables))
    folders = Counter(conf.folder for conf in instance.confs)
    for conf in instance.confs:
        several = folders[conf.folder] > 1 and _PART.search(conf.path)
        conf.part = instance.fragments or bool(several or _NUMBERED.search(conf.path))
    join_includes(instance.nginxes)
    join_postgresql(instance.postgres_confs)
    join_redis(instance.redis_confs)
    mark_contained(instance)


def _tell(instance: Instance, conf: ConfFile) -> None:
    """Says to an odoo.conf what the services that mount it decide; where none does, those around it may."""
    users = [
        (compose, service)
        for compose, service in instance.projects("odoo")
        if mounts(compose, service, conf.path, instance.paths)
    ]
    services = [service for _, service in users] or _around(instance, conf)
    told = "" if instance.settings.series else series_of_images(service.image or "" for service in services)
    conf.users = frozenset(compose.path for compose, _ in users)
    conf.series = told or instance.series
    conf.elsewhere = instance.command_options(services) | environment_options(instance, conf, services)


def _around(instance: Instance, conf: ConfFile) -> list[Service]:
    """The services of Odoo in the projects of the nearest folder around an odoo.conf that holds any, however
    deep: ``acme/odoo.conf`` is none of ``beta/compose.yml`` where there is an ``acme/docker/compose.yml``."""
    found = list(instance.projects("odoo"))
    folder = conf.folder
    while folder:
        inside = [service for compose, service in found if compose.path.startswith(f"{folder}/")]
        if inside:
            return inside
        folder = posixpath.dirname(folder)
    return [service for _, service in found]


def _series_of_addons(addons: Iterable[AddonFacts]) -> str:
    """The series of all addons, if they have one in common."""
    counted = Counter(addon.series for addon in addons if addon.series)
    return next(iter(counted)) if len(counted) == 1 else ""
