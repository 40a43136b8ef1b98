"""What text in code says of one installation: its servers, addresses, mailboxes, folders."""

from __future__ import annotations

import ipaddress
import re

from odoo_debt_lint.checks.references._pieces import candidates

HINTS = candidates(
    r"://",
    r"@(?<=[\w.+-]@)[\w-]+\.",
    r"\.\d+\.\d+\.\d",
    r"/(?<=[\"']/)(?:home|opt|srv|mnt|root|Users|var|etc|usr|tmp)/",
    r":(?<=[\"'][A-Za-z]:)[\\/]",
)
"""What a function must hold to be worth a walk."""
URL = re.compile(
    r"\b(?:https?|ftps?|sftp|wss?|ldaps?|smtps?|postgres(?:ql)?|mysql|redis|amqp|mongodb)://"
    r"(?:[^\s/@'\"<>]*@)?(\[[^\]]+\]|[^\s/:'\"<>%{}?#)]+)(?::\d+)?(/[^\s'\"<>]*)?",
    re.I,
)
_IP = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.]*\.\d)(/\d+)?(?![\w/])")
_MAIL = re.compile(r"(?:[^<>@]*<)?([\w.+-]+)@((?:[\w-]+\.)+[a-z]{2,})>?", re.I)
_PATH = re.compile(
    r"/(?:home|opt|srv|mnt|root|Users|var|etc|usr|tmp)/[\w.@+%{}()-]+(?:/[\w.@+%{}() -]*)*|"
    r"[A-Za-z]:[\\/]{1,2}[\w.@+%{}()-]+(?:[\\/][\w.@+%{}() -]*)*"
)
"""Each separator ends a part, so that a text which is no path in the end is given up at once."""
_STANDARD_PATH = re.compile(
    r"/etc/(passwd|shadow|hosts|localtime|timezone|os-release|ssl/|pki/|machine-id)|/usr/share/(zoneinfo|fonts)|"
    r"/home/[\w-]+/?$|/var/run/docker|/var/log$|/tmp/?$|c:[\\/]+windows",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"example|(^|\.)(test|invalid|localdomain)$|your|xxx|placeholder|schemas?\.|"
    r"\bmy[-_]?(company|domain|site|server|shop|store|organi[sz]ation)\.|"
    r"(^|\.)(domain|company|site|email|mail|test|foo|bar)\.(com|org|net|io|tld)$",
    re.I,
)
_OWN_LABELS = frozenset(
    (
        "erp odoo crm intranet intra vpn db database nas srv internal prod production preprod preproduction "
        "staging backoffice extranet"
    ).split()
)
_INNER_LABELS = frozenset({"internal", "intranet", "intra", "corp", "lan", "erp", "odoo"})
"""What makes a host one's own also behind another label, as in ``api.internal.shop.be``."""
_INTERNAL_ZONES = frozenset("local lan internal intra intranet corp home localnet private".split())
_PUBLIC_ODOO = re.compile(
    r"^(www|apps|iap.*|upgrade|download|nightly|runbot|accounts|services|partner-autocomplete|media-api.*|odoofin|"
    r"production|.*\.api|docs|documentation|demo\d*|help|.*-api|oauth|static|cdn|tips|l10n-.*|account-?.*)$"
)
_DOCUMENT_PATH = re.compile(
    r"/(docs?|help|blog|contact|privacy|support|about|terms|faq|page|forum|slides|apps)\b|^/?$", re.I
)
_NOBODY = re.compile(
    r"(no-?reply|do-?not-?reply|git|postmaster|mailer-daemon|user|username|email|name|test)\b", re.I
)
_PUBLIC_ADDRESSES = ("8.8.8.8", "8.8.4.4", "1.1.1.1", "192.0.2.", "198.51.100.", "203.0.113.")
_ZONES = frozenset("ac co com edu go gob gov gouv gub ind ne net nom or org web".split())
"""What stands above a country's code where names are given below both: ``com.mx``, ``co.uk``."""
_FOREIGN_SITES = frozenset(
    (
        "github.com gitlab.com odoo.com odoo-community.org bitbucket.org google.com facebook.com "
        "linkedin.com twitter.com youtube.com odoo.sh"
    ).split()
)


def own_host(host: str, path: str, website: str) -> bool:
    """Whether a host of a URL is a server of one installation and not a service for everybody."""
    cut = host.endswith(".")
    host = host.lower().strip(".[]")
    if cut and "." not in host:
        # the text ends in the middle of the name
        return False
    if not host or host in ("localhost", "host", "ip", "hostname"):
        return False
    if host.partition(".")[0] in _OWN_LABELS and "." in host and not host.endswith((".odoo.com", ".odoo.sh")):
        return domain_of(host) not in _FOREIGN_SITES
    if _PLACEHOLDER.search(host):
        return False
    if is_address(host):
        return own_address(host)
    labels = host.split(".")
    if len(labels) == 1:
        return bool(re.fullmatch(r"[a-z][a-z0-9-]{2,}", host))
    if labels[-1] in _INTERNAL_ZONES:
        return True
    if _INNER_LABELS.intersection(labels[1:-2]) and not host.endswith((".odoo.com", ".odoo.sh")):
        return domain_of(host) not in _FOREIGN_SITES
    if host.endswith((".odoo.com", ".odoo.sh")):
        return not _PUBLIC_ODOO.match(host.rpartition(".odoo.")[0])
    same = domain_of(website) == domain_of(host) and domain_of(host) not in _FOREIGN_SITES
    return same and not _DOCUMENT_PATH.search(path)


def domain_of(host: str) -> str:
    """The last two labels of a host or URL, below a country's ``com.mx`` the last three; empty for none."""
    bare = re.sub(r"^\w+://", "", host).partition("/")[0].partition(":")[0].lower()
    labels = [label for label in bare.split(".") if label]
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _ZONES
    return ".".join(labels[-3:] if country else labels[-2:]) if len(labels) > 1 else ""


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def own_address(text: str) -> bool:
    """Whether an address is one of somebody's machines, and not a number of a version or a special range."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified or address.is_multicast or address.is_reserved:
        return False
    if text.startswith(_PUBLIC_ADDRESSES):
        return False
    if address.is_private:
        return True
    parts = [int(part) for part in text.split(".")] if address.version == 4 else []
    return len(parts) == 4 and parts[0] > 20 and max(parts[1:]) > 9


def address_in(text: str) -> str:
    """An address in a text that is not much more than it; networks are none."""
    for match in _IP.finditer(text) if len(text) < 80 else ():
        if not match[2] and not match[1].endswith(".0") and own_address(match[1]):
            return match[1]
    return ""


def mailbox(text: str) -> str:
    """The text as an e-mail address of somebody."""
    match = _MAIL.fullmatch(text.strip())
    if match is None or _PLACEHOLDER.search(match[2]) or match[2].lower() in _FOREIGN_SITES:
        return ""
    if _NOBODY.match(match[1]):
        return ""
    return f"{match[1]}@{match[2]}"


def own_path(text: str) -> str:
    """The text as an absolute path of one machine."""
    bare = text.strip()
    return bare if _PATH.fullmatch(bare) and not _STANDARD_PATH.match(bare) else ""
