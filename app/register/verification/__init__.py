"""Whether what is kept agrees with itself and with the history."""
