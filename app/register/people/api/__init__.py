"""Sessions, persons and organizations over HTTP."""
