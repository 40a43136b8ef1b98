"""Which values leave a file through calls and results, told from the ``ast`` alone."""
