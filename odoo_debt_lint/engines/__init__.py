"""Other linters run beside ours: started first, joined last, their findings merged into the same report."""
