"""Lets ``python -m odoo_debt_lint`` do what the command does."""

import os
import sys

# ``-m`` lets Python look for modules in the current folder first: there may be addons called ``calendar`` and
# ``resource``, or worse. Only a checkout of this project is looked into.
try:
    _here = os.getcwd()
except OSError:  # it has been removed
    _here = ""
if sys.path[:1] in ([""], [_here]) and not (
    _here and os.path.samefile(_here, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
):
    del sys.path[0]

from odoo_debt_lint.cli.program import entry

if __name__ == "__main__":
    entry()
