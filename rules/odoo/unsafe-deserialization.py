import json
import pickle

import yaml


def read(data):
    # ruleid: odoo-unsafe-deserialization
    pickle.loads(data)
    # ruleid: odoo-unsafe-deserialization
    yaml.load(data)
    # ok: odoo-unsafe-deserialization
    yaml.safe_load(data)
    # ok: odoo-unsafe-deserialization
    return json.loads(data)
