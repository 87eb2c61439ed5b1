"""The lists that the registry keeps: tags, sessions, proposers, organizations, requests."""
