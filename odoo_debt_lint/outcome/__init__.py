"""What findings amount to: which of them count, what they cost, what they are against an earlier run."""
