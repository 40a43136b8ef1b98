{
    "name": "Label printer",
    "version": "17.0.0.3.1",
    "author": "Freelancer",
    "depends": ["stock"],
    "data": ["views/stock_picking_views.xml"],
    "images": [],
}
