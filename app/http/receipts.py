"""Receipts: what a write is answered with, to prove later what was written."""

from flask import Response, current_app
from sqlalchemy.orm import Session

from app.audit.rules.chain import receipt_text
from app.audit.signing import Signer
from app.core.base import Head
from app.http.requests import database

HEADER = "Audit-Receipt"


def last_event(session: Session) -> int:
    """Return the sequence of the last event as the transaction sees it."""
    head: Head = session.info["head"]
    return head.sequence


def hand_out(session: Session, begun: int, response: Response) -> None:
    """Name in *response* the last event since *begun*, its hash and its signature.

    Where this host knows up to which event the chain was signed before, that is named and signed
    as well. There is no receipt while the database is not the one that was signed before.
    """
    head: Head = session.info["head"]
    if head.sequence == begun:
        return
    signer, checkpointing = database().signer, current_app.extensions["checkpointing"]
    if signer is None:
        response.headers[HEADER] = f"{head.sequence};{head.hash};"
    elif checkpointing.may_sign(session, signer):
        anchor = checkpointing.newest_anchor()
        known = None if anchor is None else anchor.event
        response.headers[HEADER] = receipt(signer, head, known)


def receipt(signer: Signer, head: Head, anchor: tuple[int, str] | None) -> str:
    """Return the receipt of what was written last, with the event *anchor* and its hash."""
    signature = signer.sign(receipt_text(head.sequence, head.hash, anchor))
    before = "" if anchor is None else f";{anchor[0]};{anchor[1]}"
    return f"{head.sequence};{head.hash};{signer.key_id};{signature}{before}"
