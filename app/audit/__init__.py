"""The history that nobody can change unseen: events, their chain, what seals and proves them."""
