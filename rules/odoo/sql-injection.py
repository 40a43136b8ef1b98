from odoo import http
from odoo.http import request, route


class Main(http.Controller):
    @http.route("/find", auth="user")
    def find(self, name, order="id", **kw):
        # ruleid: odoo-sql-injection
        request.env.cr.execute("SELECT id FROM sale WHERE name = '%s'" % name)
        query = f"SELECT id FROM sale ORDER BY {order}"
        # ruleid: odoo-sql-injection
        request.env.cr.execute(query)
        # ruleid: odoo-sql-injection
        request.env.cr.execute("SELECT id FROM sale WHERE " + kw["where"])
        # ok: odoo-sql-injection
        request.env.cr.execute("SELECT id FROM sale WHERE name = %s", (name,))
        # ok: odoo-sql-injection
        request.env.cr.execute("SELECT id FROM sale WHERE id = %s" % int(kw["id"]))

    @route("/params", auth="public")
    def params(self):
        # ruleid: odoo-sql-injection
        request.env.cr.execute("SELECT id FROM sale WHERE name = '%s'" % request.params["name"])
