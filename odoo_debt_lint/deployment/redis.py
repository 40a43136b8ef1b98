"""Reads redis.conf as Redis does: a directive a line, quotes, includes; a later one wins."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from odoo_debt_lint.deployment.setting import TEMPLATE, Setting, SettingsFile
from odoo_debt_lint.finding import Location, Problem

_WORD = re.compile(r"(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\')*)'|([^\s\"']\S*))(?:\s+|$)")
_KNOWN = frozenset(
    (
        "bind bind-source-addr protected-mode port tcp-backlog unixsocket unixsocketperm timeout "
        "tcp-keepalive tls-port tls-cert-file tls-key-file tls-ca-cert-file daemonize supervised pidfile "
        "loglevel logfile syslog-enabled databases always-show-logo set-proc-title proc-title-template "
        "save stop-writes-on-bgsave-error rdbcompression rdbchecksum dbfilename dir replicaof slaveof "
        "masterauth masteruser replica-serve-stale-data slave-serve-stale-data replica-read-only "
        "slave-read-only repl-diskless-sync repl-backlog-size repl-disable-tcp-nodelay replica-priority "
        "slave-priority aclfile acllog-max-len user requirepass rename-command maxclients maxmemory "
        "maxmemory-policy maxmemory-samples lazyfree-lazy-eviction lazyfree-lazy-expire "
        "lazyfree-lazy-server-del io-threads oom-score-adj disable-thp appendonly appendfilename "
        "appenddirname appendfsync no-appendfsync-on-rewrite auto-aof-rewrite-percentage "
        "auto-aof-rewrite-min-size aof-load-truncated aof-use-rdb-preamble lua-time-limit "
        "cluster-enabled cluster-config-file cluster-node-timeout slowlog-log-slower-than "
        "slowlog-max-len latency-monitor-threshold notify-keyspace-events hash-max-ziplist-entries "
        "hash-max-listpack-entries list-max-ziplist-size list-compress-depth set-max-intset-entries "
        "zset-max-ziplist-entries hll-sparse-max-bytes activerehashing client-output-buffer-limit hz "
        "dynamic-hz aof-rewrite-incremental-fsync rdb-save-incremental-fsync jemalloc-bg-thread include "
        "loadmodule activedefrag client-query-buffer-limit proto-max-bulk-len enable-debug-command"
    ).split()
)


@dataclass
class RedisFile(SettingsFile):
    """A redis.conf."""

    kind: ClassVar[str] = "redis"


def is_redis(path: str, text: str) -> bool:
    """Whether a file of Redis' name or folder is its configuration, and not that of a sentinel."""
    if not re.search(r"redis|valkey|keydb", path.lower()) or re.search(r"^[ \t]*(sentinel |\[)", text, re.M):
        return False
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    known = sum(words[0].lower() in _KNOWN for words in lines)
    if not lines:
        return "# maxmemory" in text
    return 2 * known >= len(lines)


def read_redis(file: RedisFile) -> RedisFile:
    """Fills in the lines of this file alone; ``join_redis`` makes the settings of them."""
    for number, line in enumerate(file.text.lines, 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        where = Location(file.path, file.text.line_span(number))
        words = words_of(stripped)
        if words is not None:
            file.lines.append(directive(words[0], words[1:], where))
        elif not TEMPLATE.search(stripped):
            file.problems.append(Problem("syntax", file.path, "unbalanced quotes", number))
    return file


def words_of(line: str) -> list[str] | None:
    """The words of a line without their quotes; nothing when quotes are not balanced.

    Redis knows no comments behind a directive; who writes one means it as such.
    """
    words: list[str] = []
    position = 0
    while position < len(line):
        match = _WORD.match(line, position)
        if match is None:
            return None
        if words and match[0].startswith("#"):
            break
        words.append(next(group for group in match.groups() if group is not None))
        position = match.end()
    return words


def directive(name: str, values: list[str], where: Location) -> Setting:
    """A directive; that of the default user has a name of its own, as there is one for each user."""
    name = name.lower()
    if name == "user" and values and values[0] == "default":
        name = "user default"
    value = " ".join(values)
    return Setting(name, None if TEMPLATE.search(value) else value, where)


def join_redis(files: list[RedisFile]) -> None:
    """Gives every file its settings, those of the files it includes among them."""
    for file in files:
        for item in _expanded(file, files, (file.path,)):
            if item.name == "include":
                file.complete = False
            else:
                file.settings[item.name] = item


def _expanded(file: RedisFile, files: list[RedisFile], seen: tuple[str, ...]) -> Iterator[Setting]:
    for item in file.lines:
        name = posixpath.basename(item.value or "") if item.name == "include" else ""
        same = [
            other for other in files if name and posixpath.basename(other.path) == name and other is not file
        ]
        if len(same) != 1:
            yield item
            continue
        same[0].included = True
        if same[0].path not in seen and len(seen) < 10:
            yield from _expanded(same[0], files, (*seen, same[0].path))
