import urllib.request

import requests


def fetch(url):
    # ruleid: odoo-request-without-timeout
    requests.get(url)
    # ruleid: odoo-request-without-timeout
    urllib.request.urlopen(url)
    # ok: odoo-request-without-timeout
    requests.post(url, timeout=10)
    # ok: odoo-request-without-timeout
    return requests.Session()
