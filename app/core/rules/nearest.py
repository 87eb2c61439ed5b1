"""What may have been meant by a word that nothing is called."""

from collections.abc import Collection
from difflib import get_close_matches

MOST_NAMES = 3000
"""Among how many names the nearest one is looked for."""


def nearest(text: str, names: Collection[str]) -> str | None:
    """Return the one of *names* that *text* may have been meant for, or None."""
    if text in names or len(names) > MOST_NAMES:
        return text if text in names else None
    found = get_close_matches(text, names, n=1)
    return found[0] if found else None
