class Report:
    def _load(self, name, ids):
        cr = self.env.cr
        # ruleid: odoo-sql-text-built
        cr.execute("SELECT id FROM sale WHERE name = '%s'" % name)
        # ruleid: odoo-sql-text-built
        self.env.cr.execute(f"SELECT id FROM sale WHERE name = '{name}'")
        # ruleid: odoo-sql-text-built
        self._cr.execute("SELECT id FROM sale WHERE name = '{}'".format(name))
        # ok: odoo-sql-text-built
        cr.execute("SELECT id FROM sale WHERE name = %s", (name,))
        # ok: odoo-sql-text-built
        cr.execute("SELECT id FROM %s" % self._table)
        # ok: odoo-sql-text-built
        self.wizard.execute("run %s" % name)
