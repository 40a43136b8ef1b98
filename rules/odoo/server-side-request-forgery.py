import requests
from odoo import http


class Main(http.Controller):
    @http.route("/fetch", auth="public")
    def fetch(self, url):
        # ruleid: odoo-server-side-request-forgery
        requests.get(url, timeout=5)
        # ok: odoo-server-side-request-forgery
        return requests.post("https://api.example.com", data={"url": url}, timeout=5)
