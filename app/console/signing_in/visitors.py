"""Who looks at a page: found out from the cookie, before the page does anything."""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import g, request

from app.accounts.queries.principals import as_actor
from app.accounts.rules.keys import reference_of
from app.console.signing_in import queries, services
from app.core.clock import utcnow
from app.core.rules.permissions import ANONYMOUS, Actor
from app.core.types import Row
from app.http.context import context
from app.http.requests import database
from app.http.security.authentication import anonymous, comes_from, take

COOKIE = "__Host-register"
"""The cookie with the token of a session: for this very host, and https (or loopback) only."""

GUEST = "__Host-guest"
"""The cookie of a browser in which nobody is signed in: the form for signing in must repeat what
follows from it, so that no other site signs a reader in as somebody else."""

TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
WARNED = timedelta(days=14)
"""How long before a key ends its holder is told so on every page."""


@dataclass(frozen=True)
class Visitor:
    """Whoever looks at a page. Nobody signed in has no *token*.

    *key_ends_at* is when the key ends by which they signed in, None where that was by the identity
    provider. *ended_for* is the principal whose
    session has ended: what they were writing is kept, and nothing else is done for them.
    """

    actor: Actor = ANONYMOUS
    token: str = ""
    sign_in_id: int = 0
    key_ends_at: datetime | None = None
    ended_for: int | None = None
    secret_id: int | None = None

    @property
    def is_signed_in(self) -> bool:
        """Return whether somebody is signed in."""
        return self.actor.principal_id is not None

    def form_token(self, address: str) -> str:
        """Return the token that a form sent to *address* must carry."""
        return form_token(self.token, address)

    @property
    def key_ends_soon(self) -> str | None:
        """Return when the key ends, where that is within two weeks."""
        ends = self.key_ends_at
        return ends.isoformat() if ends is not None and ends - utcnow() < WARNED else None


def form_token(token: str, address: str) -> str:
    """Return what a form sent to *address* must carry, of whoever has the *token* in a cookie."""
    return hmac.new(token.encode(), address.encode(), "sha256").hexdigest()


def guest_token() -> str:
    """Return the token of a browser in which nobody is signed in; a new one where it has none."""
    given = request.cookies.get(GUEST, "")
    if "guest_token" not in g:
        g.guest_token = given if TOKEN_FORM.fullmatch(given) else services.new_token()
    found: str = g.guest_token
    return found


def visitor() -> Visitor:
    """Return who looks at the page that is being answered."""
    found: Visitor = g.visitor
    return found


def welcome() -> None:
    """Find out who looks at the page, and count the request; raise TooManyRequests."""
    g.visitor = Visitor()
    token = request.cookies.get(COOKIE, "")
    g.visitor = found = known_by(token) if TOKEN_FORM.fullmatch(token) else Visitor()
    context().actor = found.actor
    if found.actor.principal_id is None:
        anonymous()


def known_by(token: str) -> Visitor:
    """Return whose session *token* is, where it goes on."""
    now = utcnow()
    mark = services.token_hash(token)
    row = database().read(lambda session: queries.sign_in_of(session, mark))
    if row is None:
        return Visitor()
    if not queries.is_open(row, now):
        return Visitor(ended_for=row.principal_id if row.ended_at is None else None)
    person = database().read(lambda session: queries.person_of(session, row, now))
    if person is None:
        return Visitor()
    actor, times = acting(person, row.secret_id is not None)
    take(f"principal:{person.id}", times)
    if now - row.seen_at >= services.SEEN_EVERY:
        database().count(lambda session: services.see_again(session, row.id, now))
    ends = person.expires_at if row.secret_id is not None else None
    return Visitor(actor, token, row.id, ends, secret_id=row.secret_id)


def acting(person: Row, by_key: bool) -> tuple[Actor, int]:
    """Return the actor that signed in, and how many times the usual number they may send.

    One whose key is not for the network they come from may do nothing.
    """
    if not by_key:
        return as_actor(person, context().request_id), 1
    actor = as_actor(
        person,
        context().request_id,
        scopes=frozenset(person.scopes),
        key_id=person.key_id,
        key_prefix=reference_of(person.public_id),
    )
    if person.networks and not comes_from(person.networks):
        actor = replace(actor, roles=frozenset())
    return actor, person.rate_multiple or 1
