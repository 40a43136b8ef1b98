"""Rules about attacks: what a visitor or an ordinary user could make the code do."""
