"""Password or key that stays in an image.

## What it does
Reports `ENV` and `ARG` with a secret as value, files of secrets that are copied (`.env`, keys), and tokens in
commands, such as `git clone https://user:token@…`.

## Why is this bad
Every layer can be read by whoever can pull the image, also what a later line deletes.

## How to fix
`RUN --mount=type=secret`, or variables at run time.

## Not reported
Variables without value, placeholders, names of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks.security._secrets import is_secret, kind_of, shape_of
from odoo_debt_lint.deployment.dockerfile import Dockerfile, Instruction
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_PAIR = re.compile(r"([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S*)")
_FILES = re.compile(
    r"(^|/)(\.env(\.prod(uction)?)?|id_(rsa|ed25519|ecdsa)|\.netrc|\.pgpass|\.git-credentials)$"
)


def check(file: Dockerfile) -> Hits:
    for item in file.instructions:
        what = next(_secrets(item), "")
        if what:
            yield Hit(item.span, f"{what} stays in the image")


def _secrets(item: Instruction) -> Iterator[str]:
    if item.name in ("ENV", "ARG"):
        pairs = _PAIR.findall(item.text)
        if item.name == "ENV" and not pairs and " " in item.text:
            pairs = [tuple(item.text.split(None, 1))]
        for name, value in pairs:
            text = value.strip("\"'")
            kind = kind_of(name)
            if kind and "$" not in text and not name.upper().endswith("_FILE") and is_secret(kind, text):
                yield f"the secret {name}"
    elif item.name in ("COPY", "ADD") and "--from" not in item.text:
        words = [word.strip("[],\"'") for word in item.text.split() if not word.startswith("--")]
        for word in words[:-1]:
            if _FILES.search(word):
                yield f"the file {word}"
    elif item.name == "RUN":
        what = shape_of(item.text)
        if what:
            yield what


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnDeployment(("dockerfile",), check),),
    tags=("secret",),
)
