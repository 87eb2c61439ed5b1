"""The procedure of a proposal, from its draft to its end."""
