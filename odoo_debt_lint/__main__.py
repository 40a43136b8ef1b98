"""Lets ``python -m odoo_debt_lint`` do what the command does."""

from odoo_debt_lint.cli import main

if __name__ == "__main__":
    main()
