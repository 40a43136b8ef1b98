"""What the files of an instance say together: its score card, its runbook, and what only its server knows."""
