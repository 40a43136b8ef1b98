"""The report and its writers, one format a module."""
