"""The rules, one module each, in a folder per family. They are found here by their place alone."""
