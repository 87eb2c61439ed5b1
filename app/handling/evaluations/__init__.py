"""The forms on which proposers rated replies, over all of them."""
