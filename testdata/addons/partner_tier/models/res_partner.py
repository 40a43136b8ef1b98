from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    tier_id = fields.Many2one("partner.tier", index="btree_not_null")
    tier_sequence = fields.Integer(related="tier_id.sequence")

    def _partners_by_tier(self, tier_name):
        """Ids of the partners of a tier, archived ones included."""
        self.env.cr.execute(
            """
            SELECT partner.id
              FROM res_partner partner
              JOIN partner_tier tier ON tier.id = partner.tier_id
             WHERE tier.name->>'en_US' = %s
            """,
            [tier_name],
        )
        return [row[0] for row in self.env.cr.fetchall()]
