"""Receipts: what a write is answered with, to prove later what was written."""

from flask import Response
from sqlalchemy.orm import Session

from app.api.requests import database
from app.database import Head
from app.rules.chain import receipt_text

HEADER = "Audit-Receipt"


def last_event(session: Session) -> int:
    """Return the sequence of the last event as the transaction sees it."""
    head: Head = session.info["head"]
    return head.sequence


def hand_out(session: Session, begun: int, response: Response) -> None:
    """Name in *response* the last event since *begun*, its hash and its signature."""
    head: Head = session.info["head"]
    if head.sequence == begun:
        return
    signer = database().signer
    signed = ""
    if signer is not None:
        signed = f"{signer.key_id};{signer.sign(receipt_text(head.sequence, head.hash))}"
    response.headers[HEADER] = f"{head.sequence};{head.hash};{signed}"
