"""Finding by words: how they are folded, the index of what is found by them, and what is asked."""
