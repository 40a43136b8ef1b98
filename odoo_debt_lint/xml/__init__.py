"""Reads data files: records, views, templates and csv rows, and combines view archs as Odoo does."""
