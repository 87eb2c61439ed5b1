"""The identity provider as pages use it: where people are sent, and what a code of theirs gives.

The code flow of OpenID Connect with PKCE. What is sent and answered is never logged.
"""

import base64
import hashlib
import json
import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request

from flask import current_app

from app.console.signing_in.ways import Way
from app.core.addresses import is_safe
from app.core.clock import utcnow
from app.core.config import Settings
from app.core.types import Given
from app.http.security.fetching import fetch
from app.http.security.oidc import FRESH

log = logging.getLogger(__name__)

SCOPE = "openid"
FORM = "application/x-www-form-urlencoded"


class ProviderAway(Exception):
    """The identity provider does not answer, or not as it should."""


class CodeRefused(Exception):
    """The identity provider takes a code for none of its own, or for used."""


@dataclass(frozen=True)
class Endpoints:
    """Where people are sent to sign in, and where a code is exchanged."""

    authorization: str
    token: str


class IdentityProvider:
    """The provider that the settings name, for one application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.Lock()
        self.found: Endpoints | None = None
        self.read_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Return whether people can sign in to the pages by it."""
        own = self.settings
        is_named = own.oidc_discovery or (own.oidc_authorization and own.oidc_token)
        return bool(own.oidc_issuer and own.oidc_jwks and own.oidc_client_id and is_named)

    def way_there(self, way: Way, back: str) -> str:
        """Return the address at which somebody signs in who is to come *back*.

        Raises ProviderAway.
        """
        place = self.endpoints().authorization
        query = {
            "response_type": "code",
            "client_id": self.settings.oidc_client_id,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": way.state,
            "nonce": way.nonce,
            "code_challenge": challenge_of(way.verifier),
            "code_challenge_method": "S256",
        }
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(query)}"

    def id_token(self, code: str, way: Way, back: str) -> str:
        """Return the ID token that *code* is exchanged for; raise ProviderAway, CodeRefused."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.settings.oidc_client_id,
            "code_verifier": way.verifier,
        }
        headers = {"Content-Type": FORM, "Accept": "application/json", **self.credentials()}
        place = self.endpoints().token
        asked = Request(place, urlencode(fields).encode(), headers, method="POST")  # noqa: S310
        token = answer_to(asked).get("id_token")
        if not isinstance(token, str):
            raise ProviderAway("no ID token in the answer")
        return token

    def credentials(self) -> dict[str, str]:
        """Return the header by which this program is known to the provider; none without secret."""
        if self.settings.oidc_client_secret is None:
            return {}
        try:
            secret = self.settings.oidc_client_secret.read_text(encoding="utf-8").strip()
        except OSError:
            raise ProviderAway("OIDC_CLIENT_SECRET cannot be read") from None
        pair = f"{quote(self.settings.oidc_client_id, safe='')}:{quote(secret, safe='')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def endpoints(self) -> Endpoints:
        """Return the addresses of the provider, as the settings or it itself say.

        What it says is read anew every ten minutes; what is known goes on when that fails.
        """
        own = self.settings
        if not own.oidc_discovery:
            return checked(Endpoints(own.oidc_authorization, own.oidc_token))
        with self.lock:
            now = utcnow()
            if self.found is None or self.read_at is None or now - self.read_at > FRESH:
                try:
                    self.found = self.discovered()
                except ProviderAway as error:
                    if self.found is None:
                        raise
                    log.warning("the identity provider's description: %s", error)
                self.read_at = now
            return self.found

    def discovered(self) -> Endpoints:
        """Return the addresses that the description of the provider names; raise ProviderAway."""
        place = self.settings.oidc_discovery
        try:
            said = answer_to(Request(place)) if "://" in place else read(Path(place))  # noqa: S310
        except CodeRefused:
            raise ProviderAway("it does not give its description") from None
        if said.get("issuer") != self.settings.oidc_issuer:
            raise ProviderAway("its description is of another issuer")
        names = ("authorization_endpoint", "token_endpoint")
        return checked(Endpoints(*(str(said.get(name, "")) for name in names)))


def checked(found: Endpoints) -> Endpoints:
    """Return the addresses *found*; raise ProviderAway where others could read on the way."""
    if not is_safe(found.authorization) or not is_safe(found.token):
        raise ProviderAway("its addresses are not https")
    return found


def read(path: Path) -> Given:
    """Return the JSON object in a file; raise ProviderAway."""
    try:
        return opened(path.read_bytes())
    except OSError:
        raise ProviderAway("OIDC_DISCOVERY cannot be read") from None


def answer_to(asked: Request) -> Given:
    """Return the JSON object that the provider answers; raise CodeRefused, ProviderAway."""
    try:
        return opened(fetch(asked))
    except HTTPError as error:
        error.close()
        if error.code in (400, 403):
            raise CodeRefused from None
        raise ProviderAway(f"it answers {error.code}") from None
    except (OSError, ValueError) as error:
        raise ProviderAway(type(error).__name__) from None


def opened(content: bytes) -> Given:
    """Return the JSON object in *content*; raise ProviderAway."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ProviderAway("its answer is no JSON") from None
    if not isinstance(found, dict):
        raise ProviderAway("its answer is no object")
    return found


def challenge_of(verifier: str) -> str:
    """Return what is shown of a *verifier* before it is: its SHA-256 (S256 of RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def identity_provider() -> IdentityProvider:
    """Return the identity provider of this application."""
    known, own = current_app.extensions, current_app.extensions["settings"]
    if "identity_provider" not in known or known["identity_provider"].settings is not own:
        known["identity_provider"] = IdentityProvider(own)
    found: IdentityProvider = known["identity_provider"]
    return found
