"""What offices promised, and whether they kept it."""
