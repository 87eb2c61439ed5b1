"""Exchange codes: two halves in two hands, which together give the holder of a new key its secret.

Whoever asks for a key sees one half, whoever approves it the other, each once; of both only the
SHA-256 is kept. Neither can draw the secret alone.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries.exchanges import code_of, is_open
from app.accounts.queries.principals import actor_of
from app.accounts.rules import keys as rules
from app.accounts.services.keys import add_secret
from app.core.clock import utcnow
from app.core.errors import ExchangeRefused
from app.models import AccessKey, Approval, Exchange


class Half(NamedTuple):
    """A half of a code, and the place of the account that it is for in the request, from 0."""

    account: int
    half: str


def begin(session: Session, approval: Approval, numbers: Collection[int]) -> list[Half]:
    """Begin a code for each account of *numbers*, and return the halves of whoever asks."""
    halves = [Half(number, rules.new_half()) for number in numbers]
    for number, half in halves:
        mark = rules.secret_hash(half)
        session.add(Exchange(approval_id=approval.id, number=number, asked_sha256=mark))
    session.flush()
    return halves


def complete(session: Session, approval: Approval) -> list[Half]:
    """Complete the codes of *approval*, and return the halves of whoever approves it."""
    halves = []
    for code in codes_of(session, approval):
        half = rules.new_half()
        code.approved_sha256 = rules.secret_hash(half)
        halves.append(Half(code.number, half))
    session.flush()
    return halves


def codes_of(session: Session, approval: Approval) -> list[Exchange]:
    """Return the codes of *approval* in the order of its accounts."""
    own = select(Exchange).where(Exchange.approval_id == approval.id)
    return list(session.scalars(own.order_by(Exchange.number)))


def exchange(
    session: Session, halves: Collection[str], request_id: str | None
) -> tuple[AccessKey, str]:
    """Give the key of the code that *halves* make its first secret; return the key and its text.

    Raises ExchangeRefused for a code that is wrong, was used, or is older than 72 hours.
    """
    found = code_of(session, [rules.secret_hash(half) for half in halves])
    if found is None or not is_open(found, utcnow()):
        raise ExchangeRefused
    key = session.get_one(AccessKey, found.key_id)
    holder = actor_of(session, key.principal_id, request_id)
    acting = replace(holder, key_prefix=key.called, approval_id=found.approval_id)
    return key, add_secret(session, acting, key, "key.exchanged")
