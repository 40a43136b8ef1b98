"""What an index of the target series tells and no list of changes holds."""
