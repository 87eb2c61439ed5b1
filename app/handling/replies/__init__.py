"""What offices answer, and how the proposers rate it."""
