"""The command line: options, what they ask for, and what a run of it prints and returns."""
