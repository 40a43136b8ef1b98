"""What the memory of a PostgreSQL asks for, by the usual shares."""

from __future__ import annotations

from odoo_debt_lint.deployment.servers import Server
from odoo_debt_lint.deployment.setting import MIB, shown

_CONNECTIONS = 100
_LEAST_WORK, _MOST_WORK = 4 * MIB, 64 * MIB


def advice(server: Server) -> str:
    """What the memory of a server asks for."""
    memory = server.memory
    if not memory:
        return "it takes a quarter of the memory, effective_cache_size three quarters"
    connections = server.settings.get("max_connections")
    number = (connections.number if connections is not None else None) or _CONNECTIONS
    work = min(max(memory / 4 / number, _LEAST_WORK), _MOST_WORK)
    return (
        f"{shown(memory)} of memory ask for shared_buffers = {shown(memory / 4)}, "
        f"effective_cache_size = {shown(memory * 3 / 4)}, work_mem = {shown(work)}"
    )
