from odoo import http
from odoo.http import request


class Main(http.Controller):
    @http.route("/save", auth="user")
    def save(self, **post):
        # ruleid: odoo-mass-assignment
        request.env["res.partner"].create(post)
        # ruleid: odoo-mass-assignment
        request.env.user.partner_id.write(dict(post))
        # ruleid: odoo-mass-assignment
        request.env.user.partner_id.write({"active": True, **post})
        # ok: odoo-mass-assignment
        request.env.user.partner_id.write({"name": post.get("name")})
