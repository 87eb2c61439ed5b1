"""Pages of those who watch over what offices do: late, claimed, verified, looked back at."""
