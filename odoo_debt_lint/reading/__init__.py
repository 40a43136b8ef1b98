"""Reads all files, from the cache or in processes of their own, and hands them to rules."""
