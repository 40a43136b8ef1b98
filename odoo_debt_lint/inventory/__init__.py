"""What is installed and by whom: one line of figures per addon, and how the addons hang together."""
