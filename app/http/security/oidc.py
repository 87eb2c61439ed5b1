"""Access and ID tokens of people, from the identity provider of the installation (OpenID Connect).

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
from app.core.types import Given, Values
from app.http.security.fetching import fetch

log = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
LEEWAY = 30
"""Seconds by which clocks may differ."""

LONGEST_TOKEN = 8192
LONGEST_SUBJECT = 400
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
        audience = self.settings.oidc_audience
        return self.subject_of(token, audience, {})

    def identity(self, token: str, nonce: str) -> str:
        """Return the issuer and the subject of the ID token that was made for *nonce* and for us.

        Raises KeyRequired for any other, NotReady as `subject` does.
        """
        ours = self.settings.oidc_client_id
        party = {"essential": False, "value": ours}
        return self.subject_of(token, ours, {"nonce": {"value": nonce}, "iat": {}, "azp": party})

    def subject_of(self, token: str, audience: str, wanted: Given) -> str:
        """Return the issuer and the subject of a *token* for *audience* that says what is *wanted*.

        None is good where no audience is named: any other program of the provider has such tokens.
        """
        if not self.known or not audience or len(token) > LONGEST_TOKEN:
            raise KeyRequired
        from joserfc.errors import JoseError

        claims = self.claims_of(token)
        try:
            self.registry({"aud": {"value": audience}, **wanted}).validate(claims)
        except (JoseError, ValueError, TypeError):
            raise KeyRequired from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if several and "azp" in wanted and "azp" not in claims:  # whose it is must then be said
            raise KeyRequired
        subject = f"{claims['iss']}|{claims['sub']}"
        if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
            raise KeyRequired
        return subject

    def claims_of(self, token: str) -> Values:
        """Return what a *token* that the provider signed says; raise KeyRequired."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        for hurry in (False, True):
            try:
                decoded = jwt.decode(token, self.provider_keys(hurry), algorithms=ALGORITHMS)
                claims: Values = decoded.claims
                return claims
            except InvalidKeyIdError:
                if hurry:
                    raise KeyRequired from None
            except (JoseError, ValueError, TypeError, KeyError, RecursionError):
                raise KeyRequired from None
        raise KeyRequired

    def registry(self, wanted: Given) -> Any:
        """Return what the claims of a token must say, and what is *wanted* beside."""
        from joserfc.jwt import JWTClaimsRegistry

        options: Values = {name: {"essential": True, **own} for name, own in wanted.items()}
        return JWTClaimsRegistry(
            now=lambda: int(utcnow().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.oidc_issuer},
            sub={"essential": True},
            exp={"essential": True},
            **options,
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
        return fetch(urllib.request.Request(place))  # noqa: S310
