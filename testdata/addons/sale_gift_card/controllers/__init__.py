from . import gift_card
