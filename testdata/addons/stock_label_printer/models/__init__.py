from . import label_template
from . import stock_picking
