"""Reads postgresql.conf as PostgreSQL does: a later setting wins, includes are read where they stand."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from odoo_debt_lint.deployment.setting import TEMPLATE, Setting, SettingsFile
from odoo_debt_lint.finding import Location, Problem

_LINE = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)?)(?:\s*=\s*|\s+)"
    r"(?:'(?P<quoted>(?:[^'\\]|''|\\.)*)'|(?P<bare>[^\s#'][^\s#]*))\s*(?:#.*)?$"
)
_INCLUDES = ("include", "include_if_exists", "include_dir")
_PART = re.compile(r"\.d/[^/]+$|(^|/)\d+[-_][^/]*$|auto\.conf$")
_KNOWN = frozenset(
    (
        "listen_addresses port max_connections superuser_reserved_connections unix_socket_directories ssl "
        "ssl_cert_file ssl_key_file ssl_ca_file ssl_ciphers ssl_min_protocol_version password_encryption "
        "authentication_timeout tcp_keepalives_idle shared_buffers huge_pages temp_buffers work_mem "
        "max_prepared_transactions hash_mem_multiplier maintenance_work_mem autovacuum_work_mem "
        "max_stack_depth shared_memory_type dynamic_shared_memory_type temp_file_limit "
        "max_files_per_process bgwriter_delay bgwriter_lru_maxpages effective_io_concurrency "
        "maintenance_io_concurrency max_worker_processes max_parallel_workers_per_gather "
        "max_parallel_maintenance_workers max_parallel_workers wal_level fsync synchronous_commit "
        "wal_sync_method full_page_writes wal_compression wal_log_hints wal_buffers wal_writer_delay "
        "commit_delay checkpoint_timeout checkpoint_completion_target checkpoint_segments max_wal_size "
        "min_wal_size archive_mode archive_command archive_timeout restore_command max_wal_senders "
        "wal_keep_segments wal_keep_size max_replication_slots wal_sender_timeout hot_standby "
        "hot_standby_feedback primary_conninfo primary_slot_name synchronous_standby_names "
        "random_page_cost seq_page_cost cpu_tuple_cost effective_cache_size default_statistics_target "
        "jit log_destination logging_collector log_directory log_filename log_rotation_age "
        "log_rotation_size log_truncate_on_rotation log_min_messages log_min_error_statement "
        "log_min_duration_statement log_min_duration_sample log_checkpoints log_connections "
        "log_disconnections log_duration log_line_prefix log_lock_waits log_statement log_temp_files "
        "log_timezone log_autovacuum_min_duration track_activities track_counts track_io_timing "
        "track_functions track_activity_query_size autovacuum autovacuum_max_workers autovacuum_naptime "
        "autovacuum_vacuum_threshold autovacuum_vacuum_scale_factor autovacuum_analyze_scale_factor "
        "autovacuum_vacuum_cost_delay autovacuum_vacuum_cost_limit vacuum_cost_limit search_path "
        "default_tablespace statement_timeout lock_timeout idle_in_transaction_session_timeout datestyle "
        "timezone client_encoding lc_messages lc_monetary lc_numeric lc_time default_text_search_config "
        "shared_preload_libraries session_preload_libraries deadlock_timeout max_locks_per_transaction "
        "data_directory hba_file ident_file external_pid_file cluster_name update_process_title "
        "stats_temp_directory bytea_output row_security client_min_messages default_transaction_isolation"
    ).split()
)
"""Names by which the file is known; there are more."""


@dataclass
class PostgresFile(SettingsFile):
    """A postgresql.conf."""

    kind: ClassVar[str] = "postgresql"


def is_postgresql(path: str, text: str) -> bool:
    """Whether a file of PostgreSQL's name or folder is its configuration."""
    if not re.search(r"postgres|pgsql|(^|/)pg", path.lower()) or re.search(
        r"^[ \t]*\[[^\]\n]+\]|[{}][ \t]*$", text, re.M
    ):
        return False
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    names = [match["name"].lower() for line in lines if (match := _LINE.match(line))]
    known = sum(name in _KNOWN or name in _INCLUDES for name in names)
    if not lines:
        return any(
            f"#{name} " in text or f"# {name} " in text for name in ("shared_buffers", "listen_addresses")
        )
    return known > 0 and 2 * len(names) >= len(lines)


def read_postgresql(file: PostgresFile) -> PostgresFile:
    """Fills in the lines of this file alone; ``join_postgresql`` makes the settings of them."""
    template = "{%" in file.text.text
    for number, line in enumerate(file.text.lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is not None:
            where = Location(file.path, file.text.line_span(number))
            file.lines.append(Setting(match["name"].lower(), _value(match), where))
        elif not template and not TEMPLATE.search(line):
            message = "no setting: neither name = value nor a comment"
            file.problems.append(Problem("syntax", file.path, message, number))
    return file


def _value(match: re.Match[str]) -> str | None:
    quoted = match["quoted"]
    value = match["bare"] if quoted is None else re.sub(r"''|\\'", "'", quoted)
    return None if TEMPLATE.search(value) else value.strip()


def join_postgresql(files: list[PostgresFile]) -> None:
    """Gives every file its settings, those of the files it includes among them."""
    plain = {file.path: file for file in files}
    for file in files:
        for item in _expanded(file, plain, (file.path,)):
            if item.name in _INCLUDES:
                file.complete = False
            else:
                file.settings[item.name] = item
        if _PART.search(file.path):
            file.complete = False


def _expanded(file: PostgresFile, files: dict[str, PostgresFile], seen: tuple[str, ...]) -> Iterator[Setting]:
    for item in file.lines:
        found = list(_included(item, file, files.values())) if item.name in _INCLUDES else []
        for other in found:
            other.included = True
            if other.path not in seen and len(seen) < 10:
                yield from _expanded(other, files, (*seen, other.path))
        if not found:
            yield item


def _included(item: Setting, file: PostgresFile, files: Iterable[PostgresFile]) -> Iterator[PostgresFile]:
    """The files of the run that an include means, those of a folder in the order of their names."""
    if not item.value:
        return
    if item.name == "include_dir":
        name = posixpath.basename(item.value.rstrip("/"))
        inside = [other for other in files if posixpath.basename(other.folder) == name]
        yield from sorted((other for other in inside if other is not file), key=lambda other: other.path)
        return
    exact = posixpath.normpath(posixpath.join(file.folder, item.value))
    name = posixpath.basename(item.value)
    same = [other for other in files if posixpath.basename(other.path) == name and other is not file]
    near = [other for other in same if other.path == exact]
    yield from near or (same if len(same) == 1 else [])
