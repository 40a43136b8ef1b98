"""What a file of a server is: its name makes a candidate of it, its content decides."""

from __future__ import annotations

import posixpath
import re
from typing import TypeAlias

from odoo_debt_lint.deployment.fail2ban import JailFile, is_jail, read_jails
from odoo_debt_lint.deployment.pg_hba import HbaFile, is_hba, read_hba
from odoo_debt_lint.deployment.postgresql import PostgresFile, is_postgresql, read_postgresql
from odoo_debt_lint.deployment.redis import RedisFile, is_redis, read_redis
from odoo_debt_lint.deployment.schedule import ScheduleFile, is_crontab, is_unit, read_crontab, read_unit
from odoo_debt_lint.deployment.script import ScriptFile, is_script, read_script
from odoo_debt_lint.deployment.sshd import SshdFile, is_sshd, read_sshd
from odoo_debt_lint.source import Text

ServerFile: TypeAlias = "PostgresFile | HbaFile | RedisFile | SshdFile | JailFile | ScheduleFile | ScriptFile"
_CRON = re.compile(r"crontab|\.cron$|(^|/)cron\.d/|(^|/)cron(tabs?)?(/[^/.]+)?$")
_CRON_FOLDER = re.compile(r"(^|/)cron\.(hourly|daily|weekly|monthly)/[^/]+$")
_JAIL = re.compile(r"(^|/)jail[^/]*\.(local|conf)$|(^|/)(jail\.d|fail2ban)/[^/]+\.(local|conf)$")
_SSHD = re.compile(r"sshd_config|(^|/)sshd_config\.d/")
_NO_DATA = re.compile(r"\.(md|rst|txt|html?|py|ya?ml|json|xml|j2|erb|tpl)$")


def server_file(path: str, real: str, text: Text) -> ServerFile | None:
    """The file as its reader's object, or nothing for a file of another kind."""
    content, name = text.text, posixpath.basename(path)
    if is_script(path, content) or _CRON_FOLDER.search(path):
        return read_script(ScriptFile(path, real, text))
    if is_unit(path, content):
        return read_unit(ScheduleFile(path, real, text))
    if _NO_DATA.search(name):
        return None
    if "hba" in name:
        return read_hba(HbaFile(path, real, text)) if is_hba(content) else None
    if _SSHD.search(path) and is_sshd(content):
        return read_sshd(SshdFile(path, real, text))
    if _JAIL.search(path) and is_jail(content):
        return read_jails(JailFile(path, real, text))
    if _CRON.search(path) and is_crontab(content):
        return read_crontab(ScheduleFile(path, real, text))
    if name.endswith(".conf") and is_redis(path, content):
        return read_redis(RedisFile(path, real, text))
    if name.endswith(".conf") and is_postgresql(path, content):
        return read_postgresql(PostgresFile(path, real, text))
    return None
