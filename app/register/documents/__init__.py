"""Source documents, kept character for character."""
