"""Reads Python twice: a cheap skeleton of every file (ast), and exact bodies of what is judged (libcst)."""
