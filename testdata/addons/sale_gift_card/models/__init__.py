from . import gift_card, sale_order
