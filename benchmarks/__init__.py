"""Measures beside peers in the same run; `python -m benchmarks --help` says how."""
