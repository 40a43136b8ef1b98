"""MD5 or SHA-1 for passwords, tokens or signatures.

## What it does
Reports `md5` and `sha1` where what is hashed, the name that takes the result or the method around it speaks
of
passwords, tokens, secrets, keys or signatures. HMAC with SHA-1 is low.

## Why is this bad
Both can be computed billions of times a second and collide: passwords are found, signatures forged.

## How to fix
Passwords: `passlib` as Odoo does. Tokens: `secrets.token_urlsafe()`. Signatures: HMAC with SHA-256. Where a
payment
provider demands the old one, say so in a suppression.

## Not reported
Hashes of content (attachments, cache keys, change detection), `usedforsecurity=False`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import is_named, uses_module
from odoo_debt_lint.checks.security._verify import SECRET
from odoo_debt_lint.checks.security._web import argument, resolved, word
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.rule import Block, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_WEAK = re.compile(r"^(md5|sha1|sha|sha-1)$", re.I)
_CONTENT = re.compile(
    r"checksum|etag|cache|attachment|content|datas|file|fingerprint|gravatar|avatar|uniq|dedup|color|asset|chunk",
    re.I,
)
_RANDOM = re.compile(r"\burandom\(|\bsecrets\.(token_\w+|randbits|SystemRandom)\b|get_random_bytes\(")
_FILE_NAME = re.compile(r"(?:%s|\})\.[a-z]\w{1,4}['\"]")
_NO_SECRET = re.compile(r"checksum|etag|cache|avatar", re.I)
_ABOUT = re.compile(
    SECRET.pattern
    + r"|salt|credential|(^|_)sign_|verify|verification_?code|nonce|hash_key|sha_?sign|sha_?in|sha_?out"
    r"|check_?mac|mac_?value",
    re.I,
)


def check(call: Any, body: Body) -> Hits:
    symbol = body.callee(call)
    hmac = symbol in ("hmac.new", "hmac.HMAC", "hmac.digest")
    name = _hmac_digest(call, body) if hmac else _hash_name(call, symbol, body)
    if not name or word(call, "usedforsecurity") == "False":
        return
    if hmac:
        yield Hit(call, f"HMAC with {name}: use SHA-256", severity=Severity.LOW if "1" in name else None)
    elif _for_security(call, body):
        yield Hit(call, f"{name} for a password, token or signature: it is broken for that")


def _hash_name(call: Any, symbol: str, body: Body) -> str:
    """``MD5`` or ``SHA-1`` when the call makes such a hash."""
    owner, _, last = symbol.rpartition(".")
    if symbol == "hashlib.new":
        node = argument(call, 0, "name")
        text = body.flow.value(node).text if node is not None else None
        return _label(text or "") if text and _WEAK.match(text) else ""
    if owner in ("hashlib", "md5", "sha") and _WEAK.match(last):
        return _label(last)
    if symbol in ("md5.new", "sha.new"):
        return _label(owner)
    if symbol.startswith(("Crypto.Hash.", "Cryptodome.Hash.")) and last == "new":
        return _label(owner.rpartition(".")[2]) if _WEAK.match(owner.rpartition(".")[2]) else ""
    return ""


def _label(name: str) -> str:
    return "MD5" if name.lower() == "md5" else "SHA-1"


def _hmac_digest(call: Any, body: Body) -> str:
    node = argument(call, 2, "digestmod", "digest")
    if node is None:
        return ""
    value = body.flow.value(node)
    last = value.text if value.text is not None else body.flow.symbol(node).rpartition(".")[2]
    return _label(last) if _WEAK.match(last) else ""


def _for_security(call: Any, body: Body) -> bool:
    """By the names around: what is hashed, what takes the result, what the method is called."""
    hashed = body.code(call)
    if call.args:
        hashed += " " + body.code(resolved(body, _innermost(call.args[0].value)))
    takes = _taker(call, body)
    hashed += _fed(takes, body)
    if _RANDOM.search(hashed) and not _ABOUT.search(_words(_RANDOM.sub("", hashed))):
        return False
    if _ABOUT.search(takes) and not _NO_SECRET.search(takes):
        return True
    if _CONTENT.search(takes) or _CONTENT.search(hashed) or _names_file(call, body):
        return False
    if _ABOUT.search(_words(hashed)):
        return True
    return bool(_ABOUT.search(body.unit.name)) and not _CONTENT.search(body.unit.name)


def _names_file(call: Any, body: Body) -> bool:
    """Whether the result becomes the name of a file: ``"%s.xml" % md5(...).hexdigest()``."""
    from odoo_debt_lint.python.walk import walk

    texts = (node for node in body.nodes if isinstance(node, cst.BinaryOperation | cst.FormattedString))
    return any(
        _FILE_NAME.search(body.code(node)) and any(item is call for item in walk(node)) for node in texts
    )


def _fed(name: str, body: Body) -> str:
    """What is hashed by ``name.update(...)`` later on."""
    fed = [item.node for item in body.flow.met.values() if item.name == "update" and item.node.args]
    return "".join(
        f" {body.code(node.args[0])}" for node in fed if name and body.code(node.func.value) == name
    )


def _words(code: str) -> str:
    """Names and literals apart, so that ``key`` in ``_key_`` is found by whole words."""
    return " ".join(re.findall(r"\w+", code))


def _innermost(node: Any) -> Any:
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        node = node.func.value
    return node


def _taker(call: Any, body: Body) -> str:
    """The name, key or keyword that takes the result."""
    from odoo_debt_lint.python.walk import walk

    for node in body.nodes:
        if isinstance(node, cst.Assign) and any(item is call for item in walk(node.value)):
            inner = _within(node.value, call, body)
            return inner or " ".join(body.code(target.target) for target in node.targets)
        if isinstance(node, cst.Return | cst.Expr) and node.value is not None:
            if any(item is call for item in walk(node.value)):
                return _within(node.value, call, body)
        if isinstance(node, cst.Comparison) and any(item is call for item in walk(node)):
            return body.code(node)
    return ""


def _within(root: Any, call: Any, body: Body) -> str:
    """The key of a dict, keyword of a call or name of a comparison which takes it inside an expression."""
    from odoo_debt_lint.python.walk import walk

    found = ""
    for node in walk(root):
        inside: Any = None
        if isinstance(node, cst.DictElement):
            inside, name = node.value, body.code(node.key)
        elif isinstance(node, cst.Arg) and node.keyword is not None:
            inside, name = node.value, node.keyword.value
        elif isinstance(node, cst.Comparison):
            inside, name = node, body.code(node)
        if inside is not None and any(item is call for item in walk(inside)):
            found = name
    return found


_NAMES = frozenset({"md5", "MD5", "sha1", "SHA1", "sha", "SHA", "new"})


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether a module of digests is used, and a weak one named."""
    if uses_module(unit, file, ("hmac", "md5", "sha", "Crypto", "Cryptodome")):
        return True
    return is_named(unit, file, _NAMES) and uses_module(unit, file, ("hashlib",))


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=45,
    listeners=(OnNode(("Call",), check),),
    roles=frozenset({"code", "hook", "migration"}),
    glance=glance,
    triggers=(b"md5", b"sha1", b"MD5", b"SHA", b"hashlib.new", b"sha.new"),
)
