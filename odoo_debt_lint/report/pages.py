"""Pages that need nothing else: how a template becomes one HTML file.

A page carries a content security policy that allows its own style and scripts by their hashes and nothing
else, so that even a hole in the escaping would run nothing and call nobody.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from odoo_debt_lint.report.texts import Language

TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, page: Any, text: Language) -> str:
    """The page; equal input gives equal bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["_"] = environment.filters["translated"] = text
    return environment.get_template(template).render(page=page) + "\n"


def policy(*scripts: str) -> str:
    """The content security policy of a page with our style and these scripts."""
    hashes = " ".join(f"'{content_hash(name)}'" for name in scripts)
    return (
        f"default-src 'none'; style-src '{content_hash('report.css')}'; script-src {hashes}; "
        "base-uri 'none'; form-action 'none'"
    )


def content_hash(name: str) -> str:
    """The hash of an inlined file, as a content security policy wants it."""
    text = (TEMPLATES / name).read_text("utf-8").removesuffix("\n")
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
