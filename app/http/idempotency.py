"""Idempotency-Key: a POST that is sent again gets the answer it got before."""

import re
from collections.abc import Callable

from flask import Response, request
from sqlalchemy.orm import Session

from app.core.errors import InFlight, ShownOnce
from app.core.schemas.messages import say
from app.http import stored_answers
from app.http.context import RequestContext
from app.http.problems import Refused
from app.http.requests import database
from app.http.stored_answers import Claim
from app.http.uploads import digest_of_request

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT_HEADERS = ("Audit-Receipt", "ETag", "Link", "Location")
BARE = re.compile(r"[!#-\[\]-~]{1,255}")
QUOTED = re.compile(r'"([ !#-\[\]-~]{1,255})"')


def claim_of_request(known: RequestContext) -> Claim | None:
    """Return what a POST with an Idempotency-Key claims, or None; raise Refused (400).

    Of an operation for anyone nothing is claimed: there is nobody whose it would be.
    """
    given, actor = request.headers.get(HEADER), known.actor
    if given is None or request.method != "POST":
        return None
    if actor is None or actor.principal_id is None:
        return None
    match = QUOTED.fullmatch(given)
    if match is None and not BARE.fullmatch(given):
        message = say(
            f"Idempotency-Key 应为 1 至 {LONGEST} 个可见 ASCII 字符。",
            f"An Idempotency-Key has 1 to {LONGEST} visible ASCII characters.",
        )
        raise Refused(400, message, kind="malformed-idempotency-key")
    return Claim(
        principal_id=actor.principal_id,
        method=request.method,
        path=request.path,
        key=match[1] if match else given,
        body_sha256=digest_of_request(),
    )


def claiming(claim: Claim | None) -> Callable[[Session], None] | None:
    """Return what notes *claim* at the beginning of a transaction."""
    return None if claim is None else lambda session: stored_answers.claimed(session, claim)


def earlier_answer(claim: Claim) -> Response | None:
    """Return the answer that *claim* got before, or None."""
    found = database().read(lambda session: stored_answers.earlier(session, claim))
    if found is None:
        return None
    if found.body is None or found.status is None:
        raise ShownOnce
    response = Response(found.body, found.status, mimetype="application/json")
    response.headers.update(found.headers or {})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Idempotency-Replayed"] = "true"
    return response


def once(claim: Claim | None, error: InFlight) -> Response:
    """Return what another request with the same claim got meanwhile, or raise *error*."""
    found = earlier_answer(claim) if claim else None
    if found is None:
        raise error
    return found


def keep(session: Session, claim: Claim | None, response: Response, secret: bool) -> None:
    """Keep the answer to *claim* in the transaction that carries it out; never a *secret* one."""
    if claim is None:
        return
    headers = {n: response.headers[n] for n in KEPT_HEADERS if n in response.headers}
    body = None if secret else response.get_data(as_text=True)
    stored_answers.answered(session, claim, response.status_code, headers, body)
