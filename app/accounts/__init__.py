"""Who may come in, what each may see and do, and what one asks and another approves."""
