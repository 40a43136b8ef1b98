"""Tables of facts about the world outside Odoo, with their sources and the date of the last check."""
