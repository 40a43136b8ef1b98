import ssl

import requests


def fetch(url):
    # ruleid: odoo-tls-verification-disabled
    requests.get(url, verify=False, timeout=5)
    # ruleid: odoo-tls-verification-disabled
    ssl._create_unverified_context()
    # ok: odoo-tls-verification-disabled
    return requests.get(url, verify="/etc/ssl/ca.pem", timeout=5)
