{
    "name": "Gift cards for the shop",
    "summary": "Sell gift cards, redeem them at checkout",
    "version": "16.0.1.4.0",
    "license": "LGPL-3",
    "author": "Acme Retail IT",
    "website": "https://acme.example",
    "category": "Sales",
    "depends": ["sale", "website_sale"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron.xml",
        "views/gift_card_views.xml",
        "views/sale_order_views.xml",
        "views/templates.xml",
    ],
}
