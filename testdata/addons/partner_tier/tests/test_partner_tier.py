from odoo.tests import TransactionCase


class TestPartnerTier(TransactionCase):
    def test_partners_by_tier(self):
        tier = self.env["partner.tier"].create({"name": "Gold"})
        partner = self.env["res.partner"].create({"name": "Ann", "tier_id": tier.id})
        self.env.flush_all()
        self.assertEqual(self.env["res.partner"]._partners_by_tier("Gold"), [partner.id])
        self.assertEqual(tier.partner_count, 1)
