"""Between the program and whoever is connected: lengths, bodies read on, early refusals."""
