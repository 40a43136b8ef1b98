"""Which fields and methods of which records a file uses, for the migrations that are ahead."""
