"""Reads sshd_config as OpenSSH does: the first value of a keyword wins, ``Match`` blocks stand apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import Entry, File
from odoo_debt_lint.deployment.setting import TEMPLATE

_LINE = re.compile(r"\s*([A-Za-z][A-Za-z0-9]+)(?:\s*=\s*|\s+)\"?([^\"#]*?)\"?\s*(?:#.*)?$")
_KNOWN = frozenset(
    (
        "port listenaddress protocol hostkey permitrootlogin passwordauthentication pubkeyauthentication "
        "permitemptypasswords kbdinteractiveauthentication challengeresponseauthentication usepam "
        "x11forwarding printmotd acceptenv subsystem allowusers allowgroups denyusers authorizedkeysfile "
        "loglevel logingracetime maxauthtries maxsessions strictmodes clientaliveinterval usedns banner "
        "clientalivecountmax allowtcpforwarding gatewayports permittunnel chrootdirectory forcecommand "
        "authenticationmethods ciphers macs kexalgorithms hostkeyalgorithms syslogfacility compression "
        "tcpkeepalive addressfamily include match ignorerhosts hostbasedauthentication rekeylimit"
    ).split()
)
_PART = re.compile(r"\.d/[^/]+$")


@dataclass
class SshdFile(File):
    """An sshd_config; ``options`` are those for everybody, by their name in small letters.

    ``complete``: no other file can set what is missing here. ``contained``: it is that of a container.
    """

    options: dict[str, Entry] = field(default_factory=dict)
    complete: bool = True
    contained: bool = False
    development: bool = False
    kind: ClassVar[str] = "sshd"

    def value(self, *names: str) -> str | None:
        """The first of the names that is set, in small letters."""
        entry = self.entry(*names)
        return entry.value.lower() if entry is not None and entry.value is not None else None

    def entry(self, *names: str) -> Entry | None:
        return next((self.options[name] for name in names if name in self.options), None)


def is_sshd(text: str) -> bool:
    """Whether most lines are keywords of sshd."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    known = sum(re.split("=", words[0])[0].lower() in _KNOWN for words in lines)
    return 2 * known >= len(lines) if lines else "#PasswordAuthentication" in text


def read_sshd(file: SshdFile) -> SshdFile:
    """Fills in the options before the first ``Match``."""
    file.complete = not _PART.search(file.path)
    for number, line in enumerate(file.text.lines, 1):
        match = None if line.lstrip().startswith("#") else _LINE.match(line)
        if match is None:
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "match":
            file.complete = file.complete and bool(file.options)
            break
        if name == "include":
            file.complete = False
        entry = Entry(name, None if TEMPLATE.search(value) else value, file.text.line_span(number))
        file.options.setdefault(name, entry)
    return file
