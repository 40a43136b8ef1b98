from odoo.tests.common import TransactionCase


class TestGiftCard(TransactionCase):
    def test_balance(self):
        card = self.env["gift.card"].create(
            {"code": "A1", "amount": 50, "currency_id": self.env.company.currency_id.id}
        )
        self.assertEqual(card.balance, 50)
