"""A service of a compose project as the rules ask for it: its role, mounts, ports, limits."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from odoo_debt_lint.deployment.merge import as_map, as_names
from odoo_debt_lint.deployment.mounts import split_mount
from odoo_debt_lint.deployment.nodes import Node
from odoo_debt_lint.finding import Location

_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("backup", re.compile(r"backup|restic|borg|duplicity|wal-g|pgbackrest|barman|dump")),
    (
        "monitoring",
        re.compile(
            r"prometheus|grafana|exporter|netdata|loki|promtail|zabbix|datadog|uptime|cadvisor|sentry|newrelic|"
            r"alertmanager|signoz|elastic-agent|telegraf|healthchecks|gatus|checkmk|beszel"
        ),
    ),
    (
        "",
        re.compile(
            r"pgbouncer|pgpool|pgadmin|adminer|commander|insight|certbot|letsencrypt|postgrest|postgraphile|"
            r"sentinel"
        ),
    ),
    ("postgres", re.compile(r"postgres|postgis|timescale|pgvector|(^|[-_/])pg\d*$")),
    ("redis", re.compile(r"redis|valkey|keydb|dragonfly")),
    ("proxy", re.compile(r"nginx|traefik|caddy|haproxy|(^|[-_/])(httpd|apache2?|swag)$")),
    ("odoo", re.compile(r"odoo|openerp|doodba")),
)
_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 100.64.0.0/10 "
        "::1/128 fc00::/7 fe80::/10"
    ).split()
)
"""Addresses that the world does not reach."""
_SERVERS = frozenset({"odoo", "postgres", "redis", "proxy"})
_MEMORY = (("deploy", "resources", "limits", "memory"), ("mem_limit",))
_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_OTHER_PROGRAM = re.compile(r"^(\S*/)?(node|npx|npm|yarn|pnpm|bun|deno|celery|uvicorn|streamlit|java|php)\s")
_RUNS_ODOO = re.compile(r"^(python3?\s+)?(\S*/)?(odoo|odoo-bin|openerp-server)(\s|$)")
_STARTS = re.compile(rf"{_RUNS_ODOO.pattern}|^-|^(postgres|redis-server|nginx)(\s|$)")
_ENDS = re.compile(r"(^|\s)(--stop-after-init|shell|scaffold|populate|db|neutralize|cloc|--version)(\s|$)")
"""Commands that start a server, and those which end when they are done."""
_OF_ODOO = ("/var/lib/odoo", "/mnt/extra-addons")
_ASKS = re.compile(r"ODOO_(\w+_)?(URL|ENDPOINT)")
_NO_TCP = frozenset({"udp", "sctp"})
_MOST_CORES = 100_000
_ONE_SHOT = re.compile(
    r"init|migrat|setup|upgrade|certbot|install|restore|seed|wait|job|backup|shell|click-odoo"
)


@dataclass(frozen=True, slots=True)
class Port:
    """A published port of TCP; ``host`` is empty for all interfaces, ``last`` when it is no range."""

    host: str
    target: str
    where: Location
    last: str = ""

    @property
    def everywhere(self) -> bool:
        return self.host in ("", "0.0.0.0", "::", "*")

    @property
    def open(self) -> bool:
        """Whether it is published on all interfaces, or on an address of the internet."""
        try:
            address = ipaddress.ip_address(self.host or "::")
        except ValueError:
            return self.everywhere
        inside = (network for network in _INSIDE if network.version == address.version)
        return self.everywhere or not any(address in network for network in inside)


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount; ``named`` says that the source is a volume and no path."""

    source: str
    target: str
    read_only: bool
    where: Location

    @property
    def named(self) -> bool:
        return (
            bool(self.source) and self.source[0] not in "./~$\\" and not re.match(r"[A-Za-z]:", self.source)
        )


@dataclass(frozen=True)
class Service:
    """One service after merging; ``where`` is its key."""

    name: str
    node: Node
    where: Location

    @property
    def image(self) -> str | None:
        return self.node.value("image")

    @property
    def profiles(self) -> list[str]:
        """The profiles of which one must be active for the service to start; none: it always does."""
        node = self.node.get("profiles")
        return node.texts if node is not None else []

    @property
    def whole(self) -> bool:
        """Whether it can run: a part of a service for another file has neither image nor build."""
        return "image" in self.node.pairs or "build" in self.node.pairs

    @cached_property
    def role(self) -> str:
        """What the service is for: odoo, postgres, redis, proxy, backup, monitoring, or nothing known."""
        image = (self.image or "").lower().partition("@")[0]
        base = re.sub(r":[^/:]*$", "", image)
        short = posixpath.basename(base)
        for name in filter(None, (short, base if short != base else "", self.name.lower())):
            for role, pattern in _ROLES:
                if pattern.search(name):
                    below = name == base != short
                    other = _OTHER_PROGRAM.search(self.command) or (below and self._asks)
                    return "" if role == "odoo" and other else role
        if self._is_odoo:
            return "odoo"
        environment = self.environment.pairs if self.environment is not None else {}
        return "postgres" if self.name in ("db", "database") and "POSTGRES_PASSWORD" in environment else ""

    @property
    def _is_odoo(self) -> bool:
        """Whether it runs Odoo, or is built for it, under a name that does not say so."""
        configured = any(mount.target.startswith("/etc/odoo") for mount in self.mounts)
        if configured or _RUNS_ODOO.search(self.command):
            return True
        owned = any(mount.target.startswith(_OF_ODOO) and not mount.read_only for mount in self.mounts)
        listens = any(port.target in ("8069", "8072") for port in self.ports)
        return "build" in self.node.pairs and (owned or listens)

    @property
    def _asks(self) -> bool:
        """Whether it is told where Odoo is, as programs beside it are."""
        known = self.environment.pairs if self.environment is not None else {}
        return any(_ASKS.fullmatch(name) for name in known)

    @property
    def one_shot(self) -> bool:
        """Whether it is a job that ends, and no server."""
        if _ONE_SHOT.search(self.name.lower()):
            return True
        return self.node.value("restart") in ("no", "on-failure") and not self._serves

    @property
    def _serves(self) -> bool:
        """Whether its image, as it is started or with a port, is a server for all its restart policy."""
        starts = _STARTS.search(self.command) and not _ENDS.search(self.command)
        return self.role in _SERVERS and bool("ports" in self.node.pairs or not self.command or starts)

    @cached_property
    def environment(self) -> Node | None:
        node = self.node.get("environment")
        return as_map(node) if node is not None else None

    @cached_property
    def depends_on(self) -> Node | None:
        node = self.node.get("depends_on")
        return as_names(node) if node is not None else None

    @property
    def command(self) -> str:
        """The words of entrypoint and command; unknown ones are left out."""
        nodes = (self.node.get("entrypoint"), self.node.get("command"))
        return " ".join(text for node in nodes if node is not None for text in node.texts)

    @cached_property
    def mounts(self) -> list[Mount]:
        node = self.node.get("volumes")
        return [mount for item in node.items if (mount := _mount(item))] if node is not None else []

    @property
    def hidden_mounts(self) -> bool:
        """Whether it has mounts that are not known."""
        node = self.node.get("volumes")
        return "volumes_from" in self.node.pairs or (
            node is not None and any(item.kind == "scalar" and item.text is None for item in node.items)
        )

    @cached_property
    def ports(self) -> list[Port]:
        node = self.node.get("ports")
        return [port for item in node.items for port in _ports(item)] if node is not None else []

    @property
    def memory(self) -> int | None:
        """Bytes of memory it may use, where the file says so."""
        for keys in _MEMORY:
            match = re.fullmatch(
                r"(\d{1,18}(?:\.\d+)?)\s*([bkmgt]?)i?b?", (self.node.value(*keys) or "").lower()
            )
            if match:
                return int(float(match[1]) * _UNITS[match[2]])
        return None

    @property
    def cores(self) -> float | None:
        for keys in (("deploy", "resources", "limits", "cpus"), ("cpus",)):
            try:
                cores = float(self.node.value(*keys) or "")
            except ValueError:
                continue
            return cores if 0 < cores < _MOST_CORES else None
        return None

    @property
    def limited(self) -> bool:
        """Whether it has a limit of memory; 0 is none."""
        found = (self.node.get(*keys) for keys in _MEMORY)
        return any(node is not None and node.tag != "null" and node.text != "0" for node in found)


def _mount(node: Node) -> Mount | None:
    if node.kind == "map":
        target = node.value("target")
        if target is None:
            return None
        read_only = node.on("read_only")
        source = node.value("source") or ""
        if node.value("type") == "bind" and source and source[0] not in "./~$\\":
            source = f"./{source}"  # a path, as the type says
        return Mount(source, target, read_only, node.location)
    if node.text is None:
        return None
    parts = split_mount(node.text)
    if len(parts) == 1:
        return Mount("", parts[0], False, node.location)
    return Mount(parts[0], parts[1], "ro" in (parts[2].split(",") if len(parts) > 2 else ()), node.location)


def _ports(node: Node) -> Iterator[Port]:
    if node.kind == "map":
        target = node.value("target")
        if target and node.value("protocol") not in _NO_TCP:
            yield Port(node.value("host_ip") or "", target, node.location)
        return
    match = re.fullmatch(
        r"(?:(\[[^\]]+\]|[^:\[\]]+):)?(?:([\d-]*):)(\d+)(?:-(\d+))?(?:/tcp)?", node.text or ""
    ) or re.fullmatch(r"()()(\d+)(?:-(\d+))?(?:/tcp)?", node.text or "")
    if match:
        yield Port((match[1] or "").strip("[]"), match[3], node.location, match[4] or "")
