"""The way to the identity provider and back, kept in one sealed cookie for ten minutes."""

import base64
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.clock import utcnow

COOKIE = "__Host-way"
"""Lax, unlike the others: a browser that comes back from the provider must bring it."""

LASTS = timedelta(minutes=10)
PURPOSE = b"the way to the identity provider and back"
NONCE = 12
LONGEST = 4000


@dataclass(frozen=True)
class Way:
    """What must come back (*state*), stand in the ID token (*nonce*) and prove that we asked.

    *back* is the page that is then shown, *before* the session that this browser had, *until* the
    second at which it is too late.
    """

    state: str
    nonce: str
    verifier: str
    back: str
    before: int
    until: int


def new_way(back: str, before: int) -> Way:
    """Return a new way, with 256 random bits for each of its three secrets."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Way(state, nonce, verifier, back, before, int((utcnow() + LASTS).timestamp()))


def sealed(way: Way, secret: bytes) -> str:
    """Return *way* so that the browser that keeps it can neither read nor alter it."""
    nonce = secrets.token_bytes(NONCE)
    content = json.dumps(asdict(way)).encode()
    return base64.urlsafe_b64encode(nonce + box(secret).encrypt(nonce, content, PURPOSE)).decode()


def opened_way(text: str, secret: bytes) -> Way | None:
    """Return the way that was sealed in *text*, or None where it is none, or too late."""
    try:
        content = base64.urlsafe_b64decode(text[:LONGEST].encode())
        found = box(secret).decrypt(content[:NONCE], content[NONCE:], PURPOSE)
    except (ValueError, InvalidTag):
        return None
    way = Way(**json.loads(found))
    return way if utcnow().timestamp() < way.until else None


def box(secret: bytes) -> AESGCM:
    """Return the cipher of a key that is drawn from *secret* for this purpose alone."""
    return AESGCM(hmac.digest(secret, PURPOSE, "sha256"))
