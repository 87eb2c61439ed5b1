"""The programs beside which ours is measured; each answers the same list."""
