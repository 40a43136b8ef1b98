"""What is worked out when it is first asked for, and kept while its owner lasts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_T = TypeVar("_T")


class Memo:
    """Remembers by key what was made. What is remembered must not depend on who has asked for it first."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What ``make`` gives, made at the first call with this key."""
        if key not in self._made:
            self._made[key] = make()
        found: _T = self._made[key]
        return found

    def forget(self) -> None:
        """Lets go of all of it."""
        self._made.clear()
