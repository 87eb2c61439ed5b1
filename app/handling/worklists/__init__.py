"""What lies on each desk, and what reminds of it."""
