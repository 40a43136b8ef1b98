"""Where the values in one body come from: an abstract interpretation of libcst nodes in statement order."""
