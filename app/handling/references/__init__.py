"""What a reference stands for."""
