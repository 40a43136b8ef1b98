"""The one exception that ends a run."""


class UsageError(Exception):
    """Bad input of the user: one clear line, exit code 2."""
