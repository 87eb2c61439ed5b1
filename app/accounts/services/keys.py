"""Keys: two live secrets at most, each shown once and kept only as a hash."""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import keys as rules
from app.accounts.services.principals import AccountInput, create_principal
from app.audit.services.recorder import record_event
from app.core.clock import utcnow
from app.core.codes import ActorKind, Scope
from app.core.errors import InvalidChange, KeyEnded, PermissionDenied, TooManySecrets
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.models import AccessKey, KeySecret, Principal


@dataclass(frozen=True, kw_only=True)
class KeyInput:
    """A key to be made; it expires after 90 days unless it says otherwise, at most after 365.

    *exchange_id* is the code that its holder exchanges for its secret, *rate_multiple* how many
    times the usual number of requests it may send.
    """

    scopes: Collection[str] = tuple(Scope)
    networks: Collection[str] = ()
    expires_at: datetime | None = None
    exchange_id: int | None = None
    rate_multiple: int | None = None


ANY_KEY = KeyInput()


def add_key(
    session: Session,
    actor: Actor,
    *,
    name: str,
    roles: Collection[str],
    office: str | None = None,
    wanted: KeyInput = ANY_KEY,
    note: str | None = None,
) -> str:
    """Make an account called *name* with a key, and return the key; it cannot be read again.

    Raises InvalidChange for an unknown role, scope or *office* (slug).
    """
    account = AccountInput(kind=ActorKind.INTEGRATOR, name=name, roles=roles, office=office)
    principal = create_principal(session, actor, account, note)
    key = create_key(session, actor, principal, wanted, note)
    return issue_secret(session, actor, key, note)


def first_changes(principal: Principal, key: AccessKey) -> NewChanges:
    """Return what the history of a new *key* begins with."""
    changes: NewChanges = {
        "principal": (None, principal.called),
        "scopes": ([], key.scopes),
        "networks": ([], key.networks),
        "expires_at": (None, key.expires_at.isoformat()),
    }
    if key.rate_multiple is not None:
        changes["rate_multiple"] = (None, key.rate_multiple)
    return changes


def create_key(
    session: Session,
    actor: Actor,
    principal: Principal,
    wanted: KeyInput,
    note: str | None = None,
) -> AccessKey:
    """Add the key that is *wanted*, without a secret yet, and return it; raise InvalidChange."""
    at = utcnow()
    expires_at = wanted.expires_at or at + timedelta(days=rules.USUAL_LIFE)
    check_key(wanted.scopes, wanted.networks, expires_at, at)
    key = AccessKey(
        principal_id=principal.id,
        public_id=rules.new_id(),
        scopes=sorted({str(scope) for scope in wanted.scopes}),
        networks=sorted(set(wanted.networks)),
        expires_at=expires_at,
        exchange_id=wanted.exchange_id,
        rate_multiple=wanted.rate_multiple,
    )
    session.add(key)
    session.flush()
    record_event(session, actor, key, "key.created", first_changes(principal, key), note=note)
    session.flush()
    return key


def check_key(
    scopes: Collection[str], networks: Collection[str], expires_at: datetime, at: datetime
) -> None:
    """Raise InvalidChange naming what a key cannot have."""
    wrong = {}
    if not scopes or set(scopes) - set(Scope):
        listed = ", ".join(Scope)
        wrong["scopes"] = (f"范围只能是：{listed}", f"scopes are: {listed}")
    if bad := [network for network in networks if not is_network(network)]:
        message = ", ".join(bad)
        wrong["networks"] = (f"不是网段：{message}", f"no networks, such as 10.1.0.0/16: {message}")
    if expires_at > at + timedelta(days=rules.LONGEST_LIFE):
        days = rules.LONGEST_LIFE
        wrong["days"] = (f"最长 {days} 天", f"at most {days} days")
    if wrong:
        raise InvalidChange(fields=wrong)


def is_network(text: str) -> bool:
    """Return whether *text* is a network, IPv4 or IPv6, with its length."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return "/" in text and "%" not in text


def can_write(scopes: Collection[str]) -> bool:
    """Return whether a key of these *scopes* can change anything; whoever asks must say why."""
    return bool(set(scopes) - {Scope.READ})


def live_secrets(session: Session, key: AccessKey) -> list[KeySecret]:
    """Return the secrets of *key* that are not revoked, oldest first."""
    own = select(KeySecret).where(KeySecret.key_id == key.id, KeySecret.revoked_at.is_(None))
    return list(session.scalars(own.order_by(KeySecret.id)))


def expiry(days: int, at: datetime) -> datetime:
    """Return the end of a key that is made at the moment *at* for so many days."""
    return at + timedelta(days=days)


def holds(actor: Actor, key: AccessKey) -> bool:
    """Return whether *actor* holds *key*: came in with it, or signed in as the person it is of.

    Another key of the same account is not enough: it may be narrower, or stolen.
    """
    own = actor.principal_id is not None and actor.principal_id == key.principal_id
    return own and actor.key_id in (None, key.id)


def require_holder(actor: Actor, key: AccessKey) -> None:
    """Raise PermissionDenied when *actor* neither holds *key* nor manages keys."""
    if not holds(actor, key) and actor.kind not in (ActorKind.OPERATOR, ActorKind.SYSTEM):
        require(actor, Permission.MANAGE_KEYS)


def require_own(actor: Actor, key: AccessKey) -> None:
    """Raise PermissionDenied when *actor* does not hold *key*; an operator may all the same.

    Who manages keys draws no secret: the holder exchanges the code of a new key, and rotates it.
    """
    if not holds(actor, key) and actor.kind not in (ActorKind.OPERATOR, ActorKind.SYSTEM):
        raise PermissionDenied(
            reason_zh="只有持有人能取这个密钥的口令；遗失的请撤销后另行申请",
            reason_en="only its holder takes a secret of this key; revoke a lost one and ask for"
            " another",
        )


def issue_secret(session: Session, actor: Actor, key: AccessKey, note: str | None = None) -> str:
    """Give *key* a further secret and return the whole key; it cannot be read again.

    So a key is rotated: a second secret, both valid, then the first one revoked. Raises KeyEnded
    for a revoked or expired key, TooManySecrets when two are live, PermissionDenied for anyone
    but the holder and operators.
    """
    require_own(actor, key)
    if key.revoked_at is not None or key.expires_at <= utcnow():
        raise KeyEnded
    if len(live_secrets(session, key)) >= rules.MOST_SECRETS:
        raise TooManySecrets(most=rules.MOST_SECRETS)
    return add_secret(session, actor, key, "key.secret_issued", note)


def add_secret(
    session: Session, actor: Actor, key: AccessKey, operation: str, note: str | None = None
) -> str:
    """Add a secret to *key*, write the event *operation*, and return the whole key."""
    secret = rules.new_secret(key.public_id)
    added = KeySecret(key_id=key.id, secret_sha256=rules.secret_hash(secret), created_at=utcnow())
    session.add(added)
    session.flush()
    changes = {"secret": (None, added.id)}
    record_event(session, actor, key, operation, changes, note=note)
    session.flush()
    return secret


def revoke_secret(
    session: Session, actor: Actor, key: AccessKey, secret: KeySecret, note: str | None = None
) -> None:
    """End one *secret* of *key*; nothing happens when it has ended."""
    require_holder(actor, key)
    if secret.revoked_at is not None:
        return
    secret.revoked_at = utcnow()
    session.flush()
    changes = {"secret": (secret.id, None)}
    record_event(session, actor, key, "key.secret_revoked", changes, note=note)
    session.flush()


def revoke_key(session: Session, actor: Actor, key: AccessKey, note: str | None = None) -> None:
    """End *key* with all its secrets, from the next request on; nothing when it has ended."""
    require_holder(actor, key)
    end_key(session, actor, key, note)


def end_key(session: Session, actor: Actor, key: AccessKey, note: str | None = None) -> None:
    """End *key*, whoever acts; nothing when it has ended."""
    if key.revoked_at is not None:
        return
    key.revoked_at = utcnow()
    changes = {"revoked": (False, True)}
    record_event(session, actor, key, "key.revoked", changes, note=note)
    session.flush()
