"""What can be done in many rows at once."""
