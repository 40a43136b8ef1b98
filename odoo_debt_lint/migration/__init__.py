"""What a migration breaks: facts as data, and the engine that finds and mends what they name."""
