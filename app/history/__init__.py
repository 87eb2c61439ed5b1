"""The history as each reader may read it, and erasing words from it."""
