import builtins
from ast import literal_eval


def compute(text):
    # ruleid: odoo-eval-used
    eval(text)
    # ruleid: odoo-eval-used
    exec(text, {})
    # ruleid: odoo-eval-used
    builtins.eval(text)
    # ok: odoo-eval-used
    eval("1 + 1")
    # ok: odoo-eval-used
    literal_eval(text)
