"""What every operation shares: the envelope around each request, with no feature in it."""
