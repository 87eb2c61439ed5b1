"""The curated seed records: reading them, checking them, loading them."""
