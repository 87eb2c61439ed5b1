"""Single recommendations: who has them, how far they are."""
