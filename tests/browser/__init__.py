"""The pages for people, in a real browser; CONTRIBUTING says how such a test is written."""
