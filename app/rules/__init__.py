"""Rules that need neither Flask, nor a session, nor SQL."""
