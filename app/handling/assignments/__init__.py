"""What was dispatched to which office, and what becomes of it."""
