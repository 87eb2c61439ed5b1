"""Figures: numbers with their formula, each with the list of just the records it counts."""
