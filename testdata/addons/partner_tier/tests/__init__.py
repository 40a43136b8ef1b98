from . import test_partner_tier
