"""The contract, written out: what comes in, what goes out, what can be filtered by."""
