"""Pages for people: a second front on the same operations; nothing is decided here."""
