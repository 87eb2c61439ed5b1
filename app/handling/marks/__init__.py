"""Marks of proposals, such as an excellent one's: given, and taken back."""
