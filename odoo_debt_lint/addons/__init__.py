"""Which addons and files there are, what is known of each, and to what a path belongs."""
