"""Which files beside the addons say how Odoo is run, by their names and folders."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from functools import cache

_NAMES = (
    "*odoo*.conf", "openerp*.conf", "odoo*.cfg", ".odoorc", "odoorc",
    "*compose*.y*ml", "docker-stack*.y*ml", "Dockerfile*", "*.[dD]ockerfile", "Containerfile*",
    "nginx*.conf", ".env",
    ".env.*", "*.env", "*postgres*.conf", "*_hba*.conf", "pg_hba*", "*redis*.conf", "*valkey*.conf",
    "*sshd_config*",
    "jail*.local", "jail*.conf", "*crontab*", "*.cron", "*.timer", "*.service", "*backup*.sh",
    "*backup*.bash", "*dump*.sh", "*restore*.sh", "*respaldo*.sh", "*sauvegarde*.sh", "*sicherung*.sh",
    "*snapshot*.sh", "*cron*.sh",
)  # fmt: skip
_NEVER = tuple(".py .pyc .xml .csv .po .pot .js .css .scss .html .png .svg .jpg .md .rst .txt .json".split())
_FOLDERS = (
    r"(^|/)nginx/(?:.*/)?[^/]+\.conf$|(^|/)(nginx|conf\.d)/([^/]+\.conf|[^/.]+)$|"
    r"(^|/)sites-(available|enabled)/[^/]+$|"
    r"(^|/)(logrotate\.d|fail2ban|jail\.d|cron\.(d|hourly|daily|weekly|monthly))/[^/]+$|"
    r"(^|/)(postgres\w*|pgsql|pg|redis|sshd_config\.d)/(?:[^/]+/)?[^/]+\.conf$|"
    r"(^|/)backups?/(?:[^/]+/)?[^/]+\.(sh|bash)$"
)
_SAVES = re.compile(r"backup|pg_?dump|respaldo|sauvegarde")
"""What scripts in Python that make backups are called; other Python beside the addons configures nothing."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For names and for whole paths; a run without files beside its addons does not need them."""
    return re.compile("|".join(map(fnmatch.translate, _NAMES))), re.compile(_FOLDERS)


def is_deployment(path: str) -> bool:
    """Whether a file beside the addons configures the instance."""
    name = posixpath.basename(path)
    if name.endswith(_NEVER):
        return name.endswith(".py") and _SAVES.search(name) is not None
    names, folders = _patterns()
    return bool(names.match(name) or folders.search(path))
