"""The fixed texts of the audit in other languages.

English stands in the code and is the key. A catalogue is a JSON file beside the templates; a text that it
does not hold stays English. Messages and documentation of rules are English in every report.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "es", "fr", "de")
_CATALOGUES = Path(__file__).parent / "templates"
_SEPARATORS = {"en": (",", "."), "es": (".", ","), "fr": ("\u202f", ","), "de": (".", ",")}


@lru_cache
def catalogue(lang: str) -> dict[str, str]:
    """English text to translation."""
    if lang == "en":
        return {}
    texts: dict[str, str] = json.loads((_CATALOGUES / f"texts.{lang}.json").read_text("utf-8"))
    return texts


class Language:
    """Texts and numbers of a language."""

    def __init__(self, lang: str) -> None:
        self.texts = catalogue(lang)
        self.thousands, self.decimal = _SEPARATORS[lang]

    def __call__(self, text: str, **values: Any) -> str:
        known = self.texts.get(text, text)
        return known.format(**values) if values else known

    def number(self, value: float, digits: int = 0) -> str:
        """``1,204.5`` as the language writes it."""
        parts = f"{value:,.{digits}f}".split(".")
        return self.decimal.join([parts[0].replace(",", self.thousands), *parts[1:]])

    def counted(self, number: int, noun: str) -> str:
        """``1 finding``, ``1,204 findings``."""
        head, _, rest = noun.partition(" ")
        several = " ".join(part for part in (f"{head}s", rest) if part)
        return f"{self.number(number)} {self(noun if number == 1 else several)}"

    def hours(self, value: float) -> str:
        """``25 min``, ``3.5 h``, ``1,204 h``."""
        minutes = round(value * 60)
        if minutes < 60:
            return f"{minutes} min"
        return f"{self.number(value, 1 if round(value, 1) < 10 else 0)} h"
