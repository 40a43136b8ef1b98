"""What is known of Odoo itself: the ORM's own methods, and the facts of each series' addons."""
