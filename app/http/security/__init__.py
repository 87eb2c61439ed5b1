"""Who calls, how often, and what was refused."""
