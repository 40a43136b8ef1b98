{
    "name": "Partner Tier",
    "summary": "Tiers of customers by what they bought",
    "version": "18.0.1.0.0",
    "license": "LGPL-3",
    "author": "Acme Retail IT",
    "website": "https://acme.example",
    "category": "Sales",
    "depends": ["contacts"],
    "data": [
        "security/ir.model.access.csv",
        "views/res_partner_views.xml",
    ],
}
