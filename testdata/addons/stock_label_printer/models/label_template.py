from odoo import api, fields, models


class LabelTemplate(models.Model):
    _name = "stock.label.template"

    name = fields.Char()
    expression = fields.Text(help="Python expression that gives the text of the label")
    printer_ip = fields.Char()
    company_id = fields.Many2one("res.company")
    password = fields.Char()

    def render(self, picking):
        return eval(self.expression, {"picking": picking})

    def preview(self, text):
        """Button of the form view."""
        return {"warning": {"title": "Preview", "message": eval(text)}}

    @api.model
    def create(self, vals):
        record = super().create(vals)
        print("created", record)
        return record

    def name_get(self):
        result = []
        for template in self:
            result.append((template.id, "%s (%s)" % (template.name, template.printer_ip)))
        return result
