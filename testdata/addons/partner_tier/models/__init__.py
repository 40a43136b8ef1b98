from . import partner_tier
from . import res_partner
