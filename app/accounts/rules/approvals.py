"""What is staged with a request for approval."""

import hashlib

from app.core.canonical_json import canonical_json
from app.core.types import Given


def digest_of(staged: Given) -> str:
    """Return the SHA-256 of what was *staged*: an approval holds for just that."""
    return hashlib.sha256(canonical_json(staged).encode()).hexdigest()
