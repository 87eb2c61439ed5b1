"""Dossiers over HTTP: as JSON, and as a page to print."""
