"""Entering a proposal: its text, who proposes it, what it asks for."""
