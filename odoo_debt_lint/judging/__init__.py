"""Runs the rules that need all files together, one addon after the other."""
