"""What the command line gives to a run: paths, content from stdin, and the settings for them."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from odoo_debt_lint.addons.owner import find_root, is_foreign
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.settings import Settings, find_config, load

_COMMANDS = ("check", "fix", "compare", "explain", "index", "inventory", "rules")


def input_of(paths: tuple[str, ...], options: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, bytes]]:
    """What is to be linted, and content from stdin by real path: that file need not exist yet."""
    name = options["stdin_filename"]
    unsaved: dict[str, bytes] = {}
    if name:
        if set(paths) - {"-", name}:
            raise UsageError("--stdin-filename stands for the only path")
        if os.path.isdir(name):
            raise UsageError(f"--stdin-filename {name}: a folder")
        paths, unsaved = (name,), {os.path.realpath(name): sys.stdin.buffer.read() if sys.stdin else b""}
    elif "-" in paths:
        raise UsageError("what comes from stdin needs its --stdin-filename")
    for path in () if unsaved else paths:
        _need_no_command(path)
    if options["skip_foreign"]:
        return tuple(path for path in paths if not is_foreign(path, unsaved)), unsaved
    return paths or (".",), unsaved


def _need_no_command(path: str) -> None:
    """Raises UsageError for a path that is nowhere and looks like a mistyped command."""
    if os.path.lexists(path):
        return
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(path.lower(), _COMMANDS, 1, 0.75)
    if near:
        raise UsageError(f"{path}: no such file or folder; did you mean the command {near[0]}?")


def settings_of(paths: tuple[str, ...], options: dict[str, Any]) -> Settings:
    """The settings in force for the paths: what the options of a command say, over the configuration."""
    overrides = {name: options[name] for name in Settings.__dataclass_fields__ if name in options}
    config = Path(options["config"]) if options["config"] else None
    if config is not None and options["isolated"]:
        raise UsageError("--isolated uses no configuration file: leave out --config")
    unsaved = options.get("stdin_filename")
    known = [Path(path) for path in paths if os.path.exists(path) or path == unsaved]
    root = find_root(known) if known else None
    if config is None and not options["isolated"] and root is not None:
        config = find_config(known, root)
    settings = load(config, overrides, root)
    return _first(settings) if _is_first(settings.baseline, options.get("write_baseline", "")) else settings


def _is_first(baseline: str, written: str) -> bool:
    """Whether the baseline that the configuration names is about to be written for the first time."""
    same = bool(baseline and written) and os.path.realpath(baseline) == os.path.realpath(written)
    return same and not os.path.exists(baseline)


def _first(settings: Settings) -> Settings:
    return replace(settings, baseline="", new_only=False, max_new_debt=None)
