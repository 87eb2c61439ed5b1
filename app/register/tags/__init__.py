"""What recommendations are about."""
