"""Finding out who calls: by a key, or by a token of the identity provider, in one header only."""

import ipaddress
import logging
from dataclasses import replace
from functools import cache

from flask import current_app, request

from app.accounts.queries.principals import as_actor, holder, known_as
from app.accounts.rules import keys
from app.core.clock import utcnow
from app.core.errors import KeyRequired, PermissionDenied
from app.core.rules.permissions import ANONYMOUS, Actor
from app.http.context import context
from app.http.requests import database
from app.http.security import security_log
from app.http.security.oidc import Tokens
from app.http.security.rate_limits import Limits, network_of

log = logging.getLogger(__name__)

LONGEST_HEADER = 9000

ACTING = "register.actor"
"""Where a page of ours that calls an operation inside the process says who acts, and by what their
requests are counted. It is no header: nothing that comes in from outside can set it.
"""


def limits() -> Limits:
    """Return the limits of this application."""
    found: Limits = current_app.extensions["limits"]
    return found


def authenticate() -> Actor:
    """Return whoever sends the request; anonymous without a key, where reading is public.

    Raises KeyRequired for a key or a token that is no valid one (SignInsExhausted when that
    happens too often), PermissionDenied for a key from a network that is not its own, and
    TooManyRequests.
    """
    if ACTING in request.environ:
        actor: Actor
        actor, context().budget = request.environ[ACTING]
        context().actor = actor
        return actor
    header = request.headers.get("Authorization")
    if header is None:
        return anonymous()
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or len(secret) > LONGEST_HEADER:
        raise failed("no bearer", None)
    return by_token(secret) if secret.count(".") == 2 else by_key(secret)


def anonymous() -> Actor:
    """Return whoever reads without a key, and count the request; raise TooManyRequests."""
    context().actor = ANONYMOUS
    if (subject := address_of_reader(request.remote_addr)) is not None:
        known = limits()  # who reads a page now and then costs no write
        known.take(subject, lent=known.handful)
    return ANONYMOUS


def address_of_reader(address: str | None) -> str | None:
    """Return what the limit of a reader without a key is counted by: the address they come from.

    None for this very machine: behind a proxy that PROXY_HOPS does not count every reader seems to
    come from there, and one limit for all of them would shut the register. That is warned of.
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "address:unknown"
    if not ip.is_loopback:
        return f"address:{ip if ip.version == 4 else network_of(address)}"
    if "X-Forwarded-For" in request.headers:
        warn_of_proxy()
    return None


@cache
def warn_of_proxy() -> None:
    """Warn, once in a process, of a proxy that hides where readers come from."""
    log.warning(
        "readers come through a proxy on this machine, and PROXY_HOPS does not count it: their"
        " addresses are not known, so that nobody without a key is limited"
    )


def by_key(secret: str) -> Actor:
    """Return the holder of the key *secret*."""
    public_id = keys.id_in(secret)
    if public_id is None:
        raise failed("malformed key", None)
    mark, now = keys.secret_hash(secret), utcnow()
    row = database().read(lambda session: holder(session, mark, now))
    if row is None:
        raise failed("unknown, expired or revoked key", public_id)
    actor = as_actor(
        row,
        context().request_id,
        scopes=frozenset(row.scopes),
        key_id=row.key_id,
        key_prefix=keys.reference_of(row.public_id),
    )
    known_place = not row.networks or comes_from(row.networks)
    context().actor = actor if known_place else replace(actor, roles=frozenset())
    take(f"key:{row.key_id}", row.rate_multiple or 1)
    if not known_place:
        raise PermissionDenied(
            reason_zh="这个密钥不能从您所在的网络使用",
            reason_en="this key cannot be used from your network",
        )
    return actor


def by_token(token: str) -> Actor:
    """Return the person whom the identity provider's *token* names."""
    tokens: Tokens = current_app.extensions["tokens"]
    try:
        subject = tokens.subject(token)
    except KeyRequired:
        raise failed("no valid token", None) from None
    row = database().read(lambda session: known_as(session, subject))
    if row is None:
        raise failed("a person without an account", None)
    context().actor = actor = as_actor(row, context().request_id)
    take(f"principal:{row.id}", 1)
    return actor


def take(subject: str, times: int) -> None:
    """Count a request of *subject*, which may send so many *times* the usual number."""
    context().budget = (subject, times)
    limits().take(subject, times=times)


def take_more(number: int) -> None:
    """Count a *number* of requests more of whoever sends this one; raise TooManyRequests."""
    subject, times = context().budget
    limits().take_more(subject, number, times)


def comes_from(networks: list[str]) -> bool:
    """Return whether the request comes from one of *networks*."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)


def failed(what: str, public_id: str | None) -> KeyRequired:
    """Note a failed attempt in the security log and among the counts; return the refusal."""
    subjects = [network_of(request.remote_addr)]
    if public_id:
        subjects.append(f"key:{public_id}")
    security_log.note(what, key=public_id or "")
    limits().failed(subjects)
    return KeyRequired()
