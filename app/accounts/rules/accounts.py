"""Accounts that are asked for: what stands in a request for the name of one that waits."""

import secrets

from app.audit.rules.chain import plain_json, seal_of
from app.core.types import Given, Values

MOST_AT_ONCE = 500
"""So many accounts can be asked for at once."""


def kept_apart(name: str, subject: str | None) -> Values:
    """Return what is kept of an account's name and subject, until it is decided on, with a salt."""
    return {"name": name, "subject": subject, "salt": secrets.token_hex(32)}


def mark_of(kept: Given) -> str:
    """Return the seal of what is *kept* apart; without its salt it tells nothing."""
    return seal_of(kept["salt"], plain_json([kept["name"], kept["subject"]]))
