"""Which of what was typed into a form is kept while it is not sent, and for how long."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

KEPT_FOR = timedelta(days=30)
LARGEST = 400_000
"""How many characters of one form are kept, names and values together."""

MOST_FORMS = 60
"""How many forms of one person are kept; the oldest go first."""

LONGEST_ADDRESS = 300
NEVER_KEPT = frozenset({"form_token", "once", "kept", "back", "key", "secret", "password", "code"})
"""What is of one page only, or secret."""


def content_of(typed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what is kept of what was *typed*, by field."""
    return {name: list(own) for name, own in typed.items() if name not in NEVER_KEPT}


def is_kept(address: str, content: Mapping[str, Sequence[str]]) -> bool:
    """Return whether *content* is kept: it must be small enough, as must its *address*."""
    size = sum(len(name) + sum(map(len, own)) for name, own in content.items())
    return size <= LARGEST and is_address(address)


def is_address(address: str) -> bool:
    """Return whether a form can stand at *address*: no control characters, and not too long."""
    return len(address) <= LONGEST_ADDRESS and address.isprintable()
