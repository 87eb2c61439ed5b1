"""Access tokens of people, from the identity provider of the installation (OpenID Connect).

Needs the extra ``oidc``. Algorithms and claims are named, nothing is taken from the token itself.
"""

import json
import logging
import threading
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.core.clock import utcnow
from app.core.config import Settings
from app.core.errors import KeyRequired, NotReady

log = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
LEEWAY = 30
"""Seconds by which clocks may differ."""

LONGEST_TOKEN = 8192
LONGEST_SUBJECT = 400
LONGEST_KEYS = 256 * 1024
FETCH_SECONDS = 5
FRESH = timedelta(minutes=10)
AGAIN = timedelta(minutes=1)
"""How long the provider's keys are kept, and how soon an unknown key makes us look again."""


class Tokens:
    """Checks tokens against the keys of one provider: a file, or an https address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.Lock()
        self.keys: Any = None
        self.read_at: datetime | None = None
        self.changed: float | None = None

    @property
    def known(self) -> bool:
        """Return whether this installation has an identity provider."""
        return bool(self.settings.oidc_issuer and self.settings.oidc_jwks)

    def subject(self, token: str) -> str:
        """Return the issuer and the subject of a valid *token*; raise KeyRequired otherwise.

        Raises NotReady when the provider's keys were never to be read.
        """
        if not self.known or len(token) > LONGEST_TOKEN:
            raise KeyRequired
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        for hurry in (False, True):
            try:
                decoded = jwt.decode(token, self.provider_keys(hurry), algorithms=ALGORITHMS)
                break
            except InvalidKeyIdError:
                if hurry:
                    raise KeyRequired from None
            except (JoseError, ValueError, TypeError, KeyError, RecursionError):
                raise KeyRequired from None
        try:
            self.registry().validate(decoded.claims)
        except (JoseError, ValueError, TypeError):
            raise KeyRequired from None
        subject = f"{decoded.claims['iss']}|{decoded.claims['sub']}"
        if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
            raise KeyRequired
        return subject

    def registry(self) -> Any:
        """Return what the claims of a token must say."""
        from joserfc.jwt import JWTClaimsRegistry

        return JWTClaimsRegistry(
            now=lambda: int(utcnow().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.oidc_issuer},
            aud={"essential": True, "value": self.settings.oidc_audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def provider_keys(self, hurry: bool) -> Any:
        """Return the provider's keys, read anew when old, or when an unknown one is asked for."""
        with self.lock:
            now = utcnow()
            age = now - self.read_at if self.read_at else None
            if age is None or age > FRESH or (hurry and age > AGAIN) or self.file_changed():
                self.read_anew(now)
            return self.keys

    def read_anew(self, now: datetime) -> None:
        """Read the provider's keys; go on with those known when that fails, or raise NotReady."""
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            self.keys = KeySet.import_key_set(json.loads(self.read_keys()))
        except (OSError, ValueError, KeyError, TypeError, JoseError):
            log.exception("the keys of the identity provider cannot be read")
            if self.keys is None:
                raise NotReady from None
        self.read_at = now

    def file_changed(self) -> bool:
        """Return whether the keys are in a file that was written since."""
        if self.settings.oidc_jwks.startswith("https://"):
            return False
        path = Path(self.settings.oidc_jwks)
        return path.exists() and path.stat().st_mtime != self.changed

    def read_keys(self) -> bytes:
        """Read the provider's keys from the file or the address that the settings name."""
        place = self.settings.oidc_jwks
        if not place.startswith("https://"):
            self.changed = Path(place).stat().st_mtime
            return Path(place).read_bytes()
        with urllib.request.urlopen(place, timeout=FETCH_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read(LONGEST_KEYS)
            return content
