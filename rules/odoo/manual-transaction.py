class Order:
    def close(self):
        # ruleid: odoo-manual-transaction
        self.env.cr.commit()
        # ok: odoo-manual-transaction
        with self.env.cr.savepoint():
            self.state = "done"
