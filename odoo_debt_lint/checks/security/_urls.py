"""Where a URL leads whose text holds request values: what is constant at its beginning decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._web import leading, tested
from odoo_debt_lint.python.flow.values import HOLE, Level, Value

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_HOST = re.compile(rf"^\s*[a-z][a-z0-9+.-]*://[^{HOLE}/?#%{{]+[/?#:]", re.I)
_LOCAL = re.compile(rf"^\s*(/[^{HOLE}/\\%{{]|[?#])")
_CHECKED = re.compile(
    r"netloc|hostname|\.host\b|allowed|whitelist|is_safe|safe_url|startswith|url_parse|urlparse|urlsplit|"
    r"\bre\.(full)?match|\.(full)?match\(|is_local|\bin [A-Z_]{3,}|validate|['\"]//['\"]|['\"]://['\"]",
    re.I,
)
_URL_CALLS = re.compile(
    r"(check|validate|assert|ensure|verify|is_safe|sanitize)_?\w*(url|redirect|host|domain|link)", re.I
)


def open_host(body: Body, node: Any, local: bool = False) -> bool:
    """Whether a request value can choose the host, or could if the parameters held one; ``local``: a path of
    the own server is harmless."""
    value = body.flow.value(node)
    if value.level is not Level.USER and not value.via:
        return False
    start = leading(body, node)
    if start.text is None:
        fixed = start.level < Level.USER and not start.via
    elif _HOST.match(start.text):
        fixed = True
    else:
        # "?", "#" or a path in front
        fixed = local and _LOCAL.match(start.text) is not None
    if fixed:
        return False
    return not (tested(body, node, _CHECKED) or _checked_by_call(body))


def deciding(body: Body, node: Any) -> Value:
    """The value that decides the host: what the text begins with, if that is no text which is known."""
    start = leading(body, node)
    return start if start.text is None and start.level < Level.USER else body.flow.value(node)


def _checked_by_call(body: Body) -> bool:
    return any(_URL_CALLS.search(called.name) for called in body.flow.met.values())
