"""Settings of a run: command line over configuration file over defaults, all checked.

``[tool.odoo-debt-lint]`` of a ``pyproject.toml``, or a ``.odoo-debt-lint.toml`` with or without that table;
keys are written with dashes. An unknown key is an error with a hint, never ignored.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from odoo_debt_lint.anchor import anchor, place
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Confidence, Severity
from odoo_debt_lint.source import Unreadable, read_bytes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MAX_SIZE = 1 << 20
OWN_FILE = ".odoo-debt-lint.toml"
SECTION = "odoo-debt-lint"
ENGINES = ("semgrep", "pylint")
_LARGEST = 10**12
"""Of all numbers: with larger ones sums stop being exact, and in the end being possible."""
_OLDEST, _NEWEST = 5, 21
"""The series that Odoo has had, and the one which its main branch becomes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All options of a run; the field names are the keys of the configuration with underscores."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    series: str = ""
    from_series: str = ""
    to: str = ""
    odoo_path: tuple[str, ...] = ()
    min_severity: Severity = Severity.LOW
    min_confidence: Confidence = Confidence.MEDIUM
    fail_on: str = "high"
    max_debt: float | None = None
    max_new_debt: float | None = None
    min_grade: str = ""
    minutes_per_line: float = 5.0
    cores: float | None = None
    memory: float | None = None
    max_complexity: int = 15
    max_extended_models: int = 10
    unmaintained_years: float = 2.0
    unmaintained_before: str = ""
    own_authors: tuple[str, ...] = ()
    respect_gitignore: bool = True
    baseline: str = ""
    new_only: bool = False
    cache: bool = True
    cache_dir: str = ""
    jobs: int = 0
    engines: tuple[str, ...] = ()
    semgrep_config: tuple[str, ...] = ()
    report_title: str = ""
    client: str = ""
    hourly_rate: float | None = None
    currency: str = "EUR"
    lang: str = "en"


def _severity(value: Any) -> Severity:
    try:
        return Severity[str(value).upper()]
    except KeyError:
        raise UsageError(f"unknown severity {value!r}: use low, medium, high or critical") from None


def _confidence(value: Any) -> Confidence:
    try:
        return Confidence[str(value).upper()]
    except KeyError:
        raise UsageError(f"unknown confidence {value!r}: use low, medium or high") from None


def _strings(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise UsageError(f"{key} must be a list of strings")


_LISTS = frozenset("select ignore extend_select exclude engines semgrep_config odoo_path own_authors".split())

_RENAMED = {"from": "from_series"}
"""Keys that are no name for a field in Python."""
_NUMBERS = frozenset(
    "max_debt cores memory max_new_debt minutes_per_line unmaintained_years hourly_rate".split()
)


def _convert(key: str, value: Any) -> Any:
    """One configuration value as its setting's type. Raises UsageError."""
    if key in _LISTS:
        names = _strings(key, value)
        unknown = sorted(set(names) - set(ENGINES)) if key == "engines" else ()
        if unknown:
            raise UsageError(f"unknown engine {unknown[0]!r}: use {' or '.join(ENGINES)}")
        return names
    if key == "per_file_ignores":
        if not isinstance(value, dict):
            raise UsageError("per-file-ignores must be a table of pattern = [rules]")
        return {pattern: _strings(pattern, rules) for pattern, rules in value.items()}
    if key == "min_severity":
        return _severity(value)
    if key == "min_confidence":
        return _confidence(value)
    if key in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
            raise UsageError(f"{key.replace('_', '-')} must be a number from 0 to 10^12")
        if key == "minutes_per_line" and not value:
            raise UsageError("minutes-per-line must be more than 0")
        return float(value)
    if key in ("jobs", "max_complexity", "max_extended_models"):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
            raise UsageError(f"{key.replace('_', '-')} must be a whole number from 0 to 10^12")
        return value
    if key in ("respect_gitignore", "cache", "new_only"):
        if not isinstance(value, bool):
            raise UsageError(f"{key.replace('_', '-')} must be true or false")
        return value
    if not isinstance(value, str):
        raise UsageError(f"{key.replace('_', '-')} must be a string")
    if key == "fail_on":
        if value.lower() not in ("critical", "high", "medium", "low", "never"):
            raise UsageError(f"unknown fail-on {value!r}: use critical, high, medium, low or never")
        return value.lower()
    if key == "lang" and value not in ("en", "es", "fr", "de"):
        raise UsageError(f"unknown lang {value!r}: use en, es, fr or de")
    if key == "unmaintained_before" and value and not _is_day(value):
        raise UsageError("unmaintained-before must be a date like 2024-01-31")
    if key == "min_grade" and value:
        if value.upper() not in tuple("ABCDE"):
            raise UsageError(f"unknown grade {value!r}: use A to E")
        return value.upper()
    if key in ("series", "from_series", "to") and value:
        return _series(value)
    return value


def _is_day(value: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _series(value: str) -> str:
    """A series as ``16.0``. One that Odoo never had is a slip, and a run for it would find too little."""
    if not re.fullmatch(r"\d{1,2}(\.0)?", value):
        raise UsageError(f"unknown series {value!r}: write it like 16.0")
    number = int(value.removesuffix(".0"))
    near = min(max(number, _OLDEST), _NEWEST)
    if near != number:
        raise UsageError(f"unknown series {value!r}; did you mean {near}.0?")
    return f"{number}.0"


def convert(table: dict[str, Any], origin: str) -> dict[str, Any]:
    """Checked values of a configuration table, by field name. Raises UsageError with a hint."""
    names = {item.name for item in fields(Settings)}
    result: dict[str, Any] = {}
    for key, value in table.items():
        name = _RENAMED.get(key, key.replace("-", "_"))
        if name not in names:
            import difflib  # only a mistake needs it

            near = difflib.get_close_matches(name, names, 1)
            hint = f"; did you mean {near[0].replace('_', '-')}?" if near else ""
            raise UsageError(f"{origin}: unknown key {key!r}{hint}")
        try:
            result[name] = _convert(name, value)
        except UsageError as error:
            raise UsageError(f"{origin}: {error}") from None
    return result


def find_config(start: Iterable[Path], root: Path) -> Path | None:
    """The configuration nearest to the first path, looking upwards as far as the root; where that lies below
    the folder in which the run was started, as for a project outside of git, as far as that one."""
    folder = next(iter(start), root).resolve()
    folder = folder if folder.is_dir() else folder.parent
    root = Path.cwd() if Path.cwd() in root.parents else root
    for near in (folder, *folder.parents):
        own = near / OWN_FILE
        if own.is_file():
            return own
        project = near / "pyproject.toml"
        if project.is_file() and SECTION in _tools(_load(project)):
            return project
        if near == root:
            return None
    return None


def _is_endless(line: str) -> bool:
    """Whether a line is a key of so many parts that reading it takes minutes."""
    key = line.partition("=")[0]
    return key.count(".") > 100 and re.fullmatch(r"[\w\-.\[\] \t]+", key) is not None and ".." not in key


def _load(path: Path) -> dict[str, Any]:
    try:
        text = read_bytes(str(path), _MAX_SIZE).decode("utf-8")
        if any(map(_is_endless, text.splitlines())):
            raise UsageError(f"{path}: a key of too many parts")
        table: dict[str, Any] = tomllib.loads(text)
        return table
    except Unreadable as error:
        raise UsageError(f"{path}: {error.message}") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deeply") from None
    except ValueError as error:  # of TOML, of UTF-8, of numbers with thousands of digits
        raise UsageError(f"{path}: {error}") from None


def load(path: Path | None, overrides: dict[str, Any], root: Path | None = None) -> Settings:
    """Settings from a configuration file (if any) and what the command line sets; ``root`` is the folder at
    which the paths of the run begin."""
    values: dict[str, Any] = {}
    if path is not None:
        values = convert(_section(path), str(path))
        place(values, path.parent)
        if root is not None:
            anchor(values, path.resolve().parent, root)
    given = convert({key: value for key, value in overrides.items() if value is not None}, "command line")
    if root is not None:
        anchor(given, Path.cwd(), root)
    values.update(given)
    start, to = values.get("from_series"), values.get("to")
    if start and to and float(start) > float(to):
        raise UsageError(f"--from {start} lies after --to {to}")
    if given.get("from_series") and not to:
        raise UsageError("--from needs --to, the series up to which code is judged")
    if given.get("semgrep_config") and "semgrep" not in values.get("engines", ()):
        raise UsageError("--semgrep-config needs --engine semgrep")
    return Settings(**values)


def _tools(table: dict[str, Any]) -> dict[str, Any]:
    """The tables of all tools; none where the key is something else."""
    tools = table.get("tool")
    return tools if isinstance(tools, dict) else {}


def _section(path: Path) -> dict[str, Any]:
    """Our keys of a file: the table of our name; in a file of our own also those that stand outside of it."""
    table = _load(path)
    section = _tools(table).get(SECTION)
    if section is not None and not isinstance(section, dict):
        raise UsageError(f"{path}: tool.{SECTION} must be a table")
    if path.name == "pyproject.toml":
        table = {}
    elif section is not None:
        table = {key: value for key, value in table.items() if key != "tool"}
    return {**table, **(section or {})}


def as_lines(settings: Settings) -> list[str]:
    """The settings as they would stand in a configuration file; what is not set as a comment."""
    lines = []
    for item in fields(settings):
        key, value = item.name.replace("_", "-"), getattr(settings, item.name)
        lines.append(f"# {key} is not set" if value in (None, "") else f"{key} = {_toml(value)}")
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, Severity | Confidence):
        return f'"{value.label}"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    return str(json.dumps(value, ensure_ascii=False, default=str))
