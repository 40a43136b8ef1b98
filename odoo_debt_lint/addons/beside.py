"""Which files beside the addons say how Odoo is run: by their names and folders, or by what they hold.

Projects call them as they like (``prod.yaml``, ``stack.yml``, ``etc/server.conf``, ``nightly.sh``): the start
of a file of such a format tells what it is, without its reader.
"""

from __future__ import annotations

import fnmatch
import os
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
_ENOUGH = 1 << 16
_TELLING = {
    "conf": (
        (
            rb"^[ \t]*\[options\]",
            rb"^[ \t]*(addons_path|admin_passwd|db_(host|user|password|name)|dbfilter|list_db|data_dir|"
            rb"proxy_mode|server_wide_modules|limit_time_real)[ \t]*[=:]",
        ),
        (
            rb"^[ \t]*(proxy_pass|proxy_set_header|add_header|ssl_protocols|limit_req_zone)[ \t][^{}\n]*;|"
            rb"^[ \t]*server[ \t]*\{[ \t]*\r?$",
        ),
    ),
    "yaml": (
        (
            rb"^services:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[\w.-]+:",
            rb"^[^#\n]*\b(image|build|extends):",
        ),
    ),
    "sh": (
        (
            rb"\b(pg_dump|pg_dumpall|pg_basebackup|pg_restore|restic|borg|rclone|"
            rb"click-odoo-(backup|restore)db|web/database/(backup|restore))\b",
        ),
    ),
}
"""By extension the groups of patterns all of which must be found; one group is enough."""
_STRANGE = rb"^(?!(version|name|services|networks|volumes|configs|secrets|include|models|x-[\w.-]+):)[\w.-]+:"
"""A key which compose has not: CI and charts have services with images, too."""
_ALIKE = {"cfg": "conf", "yml": "yaml", "bash": "sh"}
_SHELL = re.compile(rb"#!.*sh\b")
_KEEPS = re.compile(
    r"back|bkp|bak|dump|save|archiv|borg|restic|rclone|kopia|off-?_?site|sync|night|daily|hourly|weekly|"
    r"monthly|cron|(^|[^a-z])pg|copia|saving|sicher",
    re.I,
)
"""Names of scripts that may be there to keep a database; others save one on the way to something else."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For names and for whole paths; a run without files beside its addons does not need them."""
    return re.compile("|".join(map(fnmatch.translate, _NAMES))), re.compile(_FOLDERS)


def is_deployment(path: str, real: str = "") -> bool:
    """Whether a file beside the addons configures the instance. ``real`` is where its content can be read,
    if its name alone shall not decide."""
    name = posixpath.basename(path)
    if name.endswith(_NEVER):
        return name.endswith(".py") and _SAVES.search(name) is not None
    names, folders = _patterns()
    return bool(names.match(name) or folders.search(path)) or (bool(real) and _tells(name, real))


def _tells(name: str, real: str) -> bool:
    """Whether the content says it; of files without an extension only scripts are looked at."""
    base, dot, extension = name.rpartition(".")
    extension = _ALIKE.get(extension, extension) if dot and base else "sh"
    if extension not in _TELLING or (extension == "sh" and not _KEEPS.search(base or name)):
        return False
    if not os.path.isfile(real):
        return False
    try:
        with open(real, "rb") as file:
            start = file.read(_ENOUGH)
    except OSError:
        return False
    if not dot and not _SHELL.match(start):
        return False
    if extension == "yaml" and re.search(_STRANGE, start, re.M):
        return False
    return any(all(re.search(item, start, re.M) for item in group) for group in _TELLING[extension])
