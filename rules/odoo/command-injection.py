import os
import subprocess

from odoo import http


class Main(http.Controller):
    @http.route("/print", auth="user")
    def print(self, name, **kw):
        # ruleid: odoo-command-injection
        os.system("lpr " + name)
        # ruleid: odoo-command-injection
        subprocess.run(f"lpr {name}", shell=True)
        # ok: odoo-command-injection
        subprocess.run(["lpr", "--copies", str(int(kw["copies"]))])
