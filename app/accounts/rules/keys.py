"""How a key is written: ``prk_``, the id of the key, 256 random bits, a checksum.

The checksum tells a mistyped key, or one found in a file, from a wrong one without the database.
"""

import base64
import hashlib
import re
import secrets
import zlib

LABEL = "prk"
ID_LENGTH = 10
LONGEST_LIFE = 365
USUAL_LIFE = 90
MOST_SECRETS = 2
LARGEST_BUDGET = 20
HALF_LABEL = "prh"
LONGEST_HALF = 100

FORM = re.compile(r"prk_([a-z2-7]{10})_([A-Za-z0-9_-]{43})_([0-9a-f]{8})")


def new_id() -> str:
    """Return a new id of a key."""
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:ID_LENGTH]


def new_secret(public_id: str) -> str:
    """Return a new key with the id *public_id*."""
    text = f"{LABEL}_{public_id}_{secrets.token_urlsafe(32)}"
    return f"{text}_{checksum(text)}"


def new_half() -> str:
    """Return one half of a new exchange code; both together are exchanged for a key, once."""
    text = f"{HALF_LABEL}_{secrets.token_urlsafe(32)}"
    return f"{text}_{checksum(text)}"


def checksum(text: str) -> str:
    """Return the checksum of what stands before it."""
    return f"{zlib.crc32(text.encode()):08x}"


def id_in(text: str) -> str | None:
    """Return the id that stands in a well-formed key, or None."""
    match = FORM.fullmatch(text)
    return match[1] if match and checksum(text[:-9]) == match[3] else None


def secret_hash(text: str) -> str:
    """Return what is kept of a key, or of a half of an exchange code."""
    return hashlib.sha256(text.encode()).hexdigest()


def reference_of(public_id: str) -> str:
    """Return how a key is called in the history."""
    return f"{LABEL}_{public_id}"
