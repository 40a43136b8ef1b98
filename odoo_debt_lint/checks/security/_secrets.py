"""What a secret looks like: by the name it goes by, or by a shape which only keys have."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from odoo_debt_lint.checks._hints import Hints

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

PASSWORD, TOKEN = "password", "token"
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_PASSWORDS = frozenset(
    "password passwd pwd passphrase passwort contrasena pgpassword dbpassword adminpassword".split()
)
_SHORT = frozenset({"pass", "pw", "psw", "pswd"})
_TOKENS = frozenset("token secret apikey accesskey secretkey authkey privatekey apitoken authtoken".split())
_KEYS = frozenset(
    "api secret private access auth encryption signing client master subscription license webhook".split()
)
_NOUNS = _PASSWORDS | _TOKENS | {"key", "pass", "credential", "credentials", "auth", "tokens", "secrets"}
_TAILS = frozenset("value default prod production live".split())
_ABOUT = frozenset(
    (
        "no is has show hide reset forgot forget change changed csrf page next sync cursor unknown "
        "invalid wrong missing error msg message label min max require required use generate send check "
        "verify confirm repeat placeholder help test demo dummy fake example separator sep start end push "
        "xsrf public column field"
    ).split()
)
"""Words before the noun that make it the name of something about a secret."""

_STOP = frozenset(
    (
        "char text string str varchar required optional none null true false hidden input invalid error "
        "on off basic bearer oauth oauth2 login user username name email self auto manual default totp "
        "ldap saml unknown missing empty wrong incorrect expired reset changed test tests demo dummy fake "
        "foo bar baz example sample plain md5 sha1 sha256 sha512 aes rsa public private bytes binary hex "
        "base64 utf-8 utf8 readonly visible session cookie header body form json xml ascii random strong "
        "weak short long file settings config code new-password current-password one-time-code url value "
        "test123 testing anonymous guest x xx xxx yes no"
    ).split()
)
_PLACEHOLDER = re.compile(
    r"change[-_ ]?(me|this|it)|\byour|your[-_]|xxx|\*\*\*|\.\.\.|<[^>]*>|\$\{|\{|%\(|%s|placeholder|example|"
    r"dummy|replace|insert[-_]|enter[-_]|[-_]here\b|^(todo|fixme|tbd|n/?a|foo|bar|test|demo|fake|sample|mock)[-_0-9]*$|"
    r"^(test|demo|fake|dummy|mock|sample)[-_]|^[^\w]*$|^(?P<one>.)(?P=one)*$|redacted|masked|secret[-_]?key$|password\d?$",
    re.I,
)
_IDENTIFIER = re.compile(r"_*[A-Za-z][A-Za-z0-9]*([._\- ][A-Za-z0-9]+)*:?")
_XMLID = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+")
_FILE = re.compile(r"\.(pem|key|crt|cer|json|txt|xml|py|js|csv|ini|conf|html|p12|pfx|env)$", re.I)

SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a Stripe key", re.compile(r"\b(?:[sr]k_live_[0-9a-zA-Z]{16,}|whsec_[0-9a-zA-Z+/]{24,})")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{30,}|github_pat_\w{22,})")),
    ("a GitLab token", re.compile(r"\bglpat-[\w-]{18,}")),
    ("a Google API key", re.compile(r"\bAIza[\w-]{30,}")),
    (
        "a Slack token",
        re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w{10,}"),
    ),
    ("a signed token (JWT)", re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
    ("an AI provider's key", re.compile(r"\bsk-(?:proj-|ant-|or-)?[\w-]*\d[\w-]{19,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{16,}\.[\w-]{16,}")),
    ("a Shopify token", re.compile(r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}")),
    ("a Telegram bot's token", re.compile(r"\b\d{8,10}:AA[\w-]{30,}")),
    ("a Mailgun key", re.compile(r"\bkey-[0-9a-f]{32}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/=:-]{8,}")),
)
_MAX_TEXT = 20_000
_LONGEST = 100
"""Characters of a name that is remembered."""
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@\"'{}%<>]+:([^\s/@\"'{}%<>$]{3,})@[\w.-]+", re.I)
_DSN = re.compile(r"\b(?:dbname|host|server|user|uid)=.{0,200}?\bpassword=([^\s;'\"&%{}]{3,})", re.I)
_QUERY = re.compile(
    r"[?&]((?:api[_-]?|access[_-]?|auth[_-]?)?(?:key|token)|(?:client_)?secret|password|pwd)="
    r"([^\s&\"'{}%<>#]{8,})",
    re.I,
)
_SHAPE_HINTS = {
    "IA": "AKIA ASIA",
    "_live": "k_live_",
    "whsec": "whsec_",
    "gh": "ghp_ gho_ ghu_ ghs_ ghr_",
    "pat": "github_pat_ glpat- shpat_",
    "shp": "shpca_ shppa_ shpss_",
    "AI": "AIza",
    "xox": "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs-",
    "hooks": "hooks.slack",
    "eyJ": "eyJ",
    "sk": "sk-",
    "SG": "SG.",
    "AA": ":AA",
    "key": "key- ?key= &key= api_key= apikey=",
    "token": "?token= &token= _token=",
    "secret": "secret=",
    "PRIVATE": "PRIVATE",
    "password": "password=",
    "PASSWORD": "PASSWORD=",
}
_NAME_HINTS = {
    "pass": "passw passphrase _pass",
    "pw": "pwd _pw",
    "psw": "psw",
    "secret": "secret",
    "token": "token",
    "key": (
        "api_key apikey access_key accesskey auth_key authkey private_key privatekey client_key clientkey "
        "signing_key signingkey encryption_key encryptionkey license_key licensekey master_key masterkey"
    ),
    "auth": "authoriz auth= basicauth authenticate",
    "login": ".login(",
    "execute_kw": "execute_kw",
    "jwt": "jwt",
    "hmac": "hmac",
}
_CREDENTIALS = re.compile(r"://[^\s/@]+:[^\s/@]+@")


_SHAPED = re.compile("|".join(re.escape(hint) for hints in _SHAPE_HINTS.values() for hint in hints.split()))
_in_shapes, _in_names = Hints(_SHAPE_HINTS), Hints(_NAME_HINTS, fold=True)


def may_shape(text: str) -> bool:
    """Whether a text can hold a key known by its shape; a quick look, many times cheaper than a regex."""
    return _SHAPED.search(text) is not None or _may_hold_credentials(text)


def _may_hold_credentials(text: str) -> bool:
    return "@" in text and "://" in text and _CREDENTIALS.search(text) is not None


def shaped_in(file: PythonFile) -> bool:
    """Whether a file can hold such a key."""
    return _in_shapes.within(file) or _may_hold_credentials(file.text.text)


def named_in(file: PythonFile) -> bool:
    """Whether a file can name a secret."""
    return _in_names.within(file)


def kind_of(name: str) -> str:
    """``password``, ``token`` or nothing: what a name says that it holds."""
    return _remembered_kind(name) if len(name) <= _LONGEST else _kind(name)


@lru_cache(20_000)
def _remembered_kind(name: str) -> str:
    return _kind(name)


def _kind(name: str) -> str:
    words = [word.lower() for word in _WORDS.findall(name)]
    while words and (words[-1].isdigit() or words[-1] in _TAILS):
        words.pop()
    last, before = words[-1] if words else "", words[-2] if len(words) > 1 else ""
    if not words or _ABOUT.intersection(words[: -2 if (before, last) == ("verify", "token") else -1]):
        return ""
    if last in _PASSWORDS or (last in _SHORT and before) or (before == "pass" and last in ("word", "phrase")):
        return PASSWORD
    if last in _TOKENS or (last == "key" and before in _KEYS):
        return TOKEN
    return ""


def is_secret(kind: str, value: str, loose: bool = False) -> bool:
    """Whether a literal that goes by such a name is a secret and no placeholder, name, label or path.

    ``loose`` values stand where labels and types are as common as secrets, such as in a dict.
    """
    lowered = value.lower()
    if len(value) < 4 or len(value) > 4000 or lowered in _STOP or _PLACEHOLDER.search(value):
        return False
    if (
        re.search(r"\s", value)
        or value.startswith(("/", "./", "http:", "https:", "#", "."))
        or _FILE.search(value)
    ):
        return False
    if _is_name(value) or _XMLID.fullmatch(value):
        return False
    letters, digits = bool(re.search(r"[A-Za-z]", value)), len(re.findall(r"\d", value))
    if kind == PASSWORD:
        return (
            not loose
            or bool(digits)
            or not value.isalnum()
            or lowered in ("admin", "odoo", "root", "postgres")
        )
    if len(value) < 8:
        return False
    if letters and digits:
        return digits > 2 or len(value) > 15 or not _IDENTIFIER.fullmatch(value)
    return len(value) >= 24 and value.isalnum() and value not in (lowered, value.upper())


def _is_name(value: str) -> bool:
    """``access_token``, ``API_KEY``, ``newPassword``: the name of a field and no value."""
    if not _IDENTIFIER.fullmatch(value) or len(re.findall(r"\d", value)) > 1:
        return False
    words = [word.lower() for word in _WORDS.findall(value)]
    return any(word.rstrip("s") in _NOUNS or word in _NOUNS for word in words)


def shape_of(text: str) -> str:
    """What key a text holds, by its shape; empty for none."""
    text = text[:_MAX_TEXT]
    if not may_shape(text):
        return ""
    for what, pattern in SHAPES:
        match = pattern.search(text)
        if match is not None and not _is_filler(match[0]):
            return what
    for pattern in (_URL, _DSN):
        match = pattern.search(text)
        if match is not None and _is_real_password(match[1]):
            return "a password" if pattern is _DSN else "a URL with a password"
    match = _QUERY.search(text)
    if match is not None and is_secret(kind_of(match[1]) or TOKEN, match[2], loose=True):
        return "a URL with a key"
    return ""


def _is_filler(text: str) -> bool:
    """``sk_live_xxxxxxxx`` and ``ghp_yourtoken…``: the shape alone."""
    return bool(re.search(r"x{5}|your|\.\.\.|\*\*\*|<|0{8}", text, re.I))


def _is_real_password(value: str) -> bool:
    lowered = value.lower()
    return lowered not in _STOP and lowered not in _NOUNS | _PASSWORDS and not _PLACEHOLDER.search(value)
