"""Sessions, persons and organizations over the interface."""
