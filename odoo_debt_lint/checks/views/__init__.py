"""Rules of the family views."""
