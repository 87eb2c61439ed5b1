"""What was ever asked about something, by whom, and what came of it."""
