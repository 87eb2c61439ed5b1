"""Signing in to the pages: a session in the database and a cookie that holds its token."""
