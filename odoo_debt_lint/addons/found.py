"""What the paths of a run hold: addons, their files, and the files that deploy an instance."""

from __future__ import annotations

from pathlib import Path

import msgspec


class FoundFile(msgspec.Struct, frozen=True):
    """``path`` is relative to the root, ``inside`` to the addon; ``role`` tells how it is read. ``excluded``
    are those which the user does not want to hear of."""

    path: str
    inside: str
    role: str
    real: str
    reported: bool = True
    excluded: bool = False


class FoundAddon(msgspec.Struct, frozen=True):
    """An addon folder; ``path`` relative to the root. ``names`` are the paths inside the addon of all its
    files, also of those that are not read (images, ignored files, links); a folder that is a link has its own
    with ``/`` at the end."""

    name: str
    path: str
    manifest: str
    files: tuple[FoundFile, ...]
    names: frozenset[str] = frozenset()


class Discovered(msgspec.Struct):
    """What the paths hold. ``alone``: they were files and no folder, what is not here may be beside them."""

    root: Path
    addons: list[FoundAddon] = []
    deployment: list[FoundFile] = []
    notices: list[str] = []
    alone: bool = False
