"""How records stood through time: one row for each period of an axis."""
