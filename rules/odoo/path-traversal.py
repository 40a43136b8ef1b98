import os

from odoo import http


class Main(http.Controller):
    @http.route("/file", auth="user")
    def file(self, name):
        # ruleid: odoo-path-traversal
        with open("/srv/" + name) as stream:
            stream.read()
        # ok: odoo-path-traversal
        with open("/srv/" + os.path.basename(name)) as stream:
            return stream.read()
