"""What the files that deploy an instance say."""
