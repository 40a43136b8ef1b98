"""Static linter for custom Odoo addons which turns findings into technical debt in hours."""

__version__ = "0.1.0"
