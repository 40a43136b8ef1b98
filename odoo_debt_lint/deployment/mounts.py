"""The short form of a mount: ``source:target:mode``."""

from __future__ import annotations

from odoo_debt_lint.deployment.nodes import Node


def mount_target(node: Node) -> str | None:
    """Where a volume is mounted in the container."""
    if node.kind == "map":
        return node.value("target")
    if node.text is None:
        return None
    parts = split_mount(node.text)
    return parts[1] if len(parts) > 1 else parts[0]


def split_mount(text: str) -> list[str]:
    """``source:target:mode``, with the drive letter of a Windows path left to its path."""
    parts = text.split(":")
    if len(parts) > 1 and len(parts[0]) == 1 and parts[0].isalpha() and parts[1][:1] in ("/", "\\"):
        parts[:2] = [":".join(parts[:2])]
    return parts
