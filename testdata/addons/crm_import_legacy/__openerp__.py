{
    'name': 'CRM import',
    'version': '16.0.1.0.0',
    'license': 'AGPL-3',
    'author': 'Acme Retail IT',
    'depends': ['crm'],
    'data': ['data/stages.xml', 'data/removed.xml'],
}
