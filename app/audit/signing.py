"""The key that signs checkpoints and receipts: a file outside the database."""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.audit.rules import chain


class Signer:
    """A secret Ed25519 key and what can be known of it."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self.key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public_key = self.key.public_key().public_bytes_raw().hex()
        self.key_id = chain.key_id(self.public_key)

    def sign(self, text: bytes) -> str:
        """Return the signature of *text*, in hex."""
        return self.key.sign(text).hex()

    def has_signed(self, text: bytes, signature: str) -> bool:
        """Return whether *signature* is ours of *text*: a key signs a text in one way only."""
        return self.sign(text) == signature


def is_signed_hex(public: str, text: bytes, signature: str) -> bool:
    """Return whether *signature* of *text* was made with the key of *public*, both in hex.

    It is False for what is no key and no signature at all.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), text)
    except (ValueError, InvalidSignature):
        return False
    return True


def read_signer(path: Path) -> Signer | None:
    """Return the key in the file *path*, or None where there is none.

    Raises ValueError when the file holds something else.
    """
    if not path.exists():
        return None
    secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(secret) != 32:
        raise ValueError(f"{path} holds no key of 32 bytes in hex")
    return Signer(secret)


def make_signer(path: Path) -> Signer:
    """Write a new key to *path*, readable by its owner only; raise FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    secret = secrets.token_bytes(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secret.hex()}\n")
    return Signer(secret)
