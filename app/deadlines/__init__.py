"""When something is due by the rules of a place, and why."""
