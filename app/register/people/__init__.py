"""Sessions, persons, organizations, and the reference data known by heart."""
