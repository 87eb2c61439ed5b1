"""Keeping what comes in with the request that is being answered, and giving it back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.console.unsent import queries, rules, services
from app.core.clock import utcnow
from app.http.requests import database


def keep_form(principal_id: int, address: str, typed: Mapping[str, Sequence[str]]) -> bool:
    """Keep what a principal *typed* into the form at *address*; return whether it is kept."""
    content, now = rules.content_of(typed), utcnow()
    if not rules.is_kept(address, content):
        return False
    with suppress(IntegrityError):  # the same form came in twice at once, and the other is kept
        database().count(
            lambda session: services.keep_unsent(session, principal_id, address, content, now)
        )
    return True


def forget_form(principal_id: int, address: str) -> None:
    """Forget what a principal typed into the form at *address*."""
    if not rules.is_address(address):
        return
    database().count(lambda session: services.forget_unsent(session, principal_id, address))


def kept_form(
    principal_id: int, address: str
) -> tuple[Mapping[str, Sequence[str]], datetime] | None:
    """Return what a principal typed into the form at *address*, and when; None for nothing."""
    now = utcnow()
    if not rules.is_address(address):
        return None
    row = database().read(lambda session: queries.unsent_form(session, principal_id, address, now))
    return (row.content, row.saved_at) if row else None
