# -*- coding: utf-8 -*-
from odoo import models


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    def import_file(self, path):
        for line in open(path):
            print line
            self.create({'name': unicode(line)})
