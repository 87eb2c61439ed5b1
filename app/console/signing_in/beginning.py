"""Beginning a session in a browser, whoever was found out to sit there and by what."""

from functools import partial

from flask import Response

from app.accounts.queries.principals import holder
from app.accounts.rules.keys import secret_hash
from app.console.cookies import give_cookie
from app.console.signing_in import services
from app.console.signing_in.visitors import COOKIE, visitor
from app.core.clock import utcnow
from app.http.requests import database
from app.http.security.authentication import by_key, failed


def holder_of(secret: str) -> tuple[int, int]:
    """Return who holds the key *secret*, and which secret it is; raise as `by_key` does."""
    actor = by_key(secret.strip())
    mark = secret_hash(secret.strip())
    row = database().read(lambda session: holder(session, mark, utcnow()))
    if row is None or actor.principal_id is None:
        raise failed("unknown, expired or revoked key", None)
    return actor.principal_id, row.secret_id


def begun(response: Response, person: int, secret: int | None, before: int = 0) -> Response:
    """Begin a session and give its token with *response*; the one *before* it ends.

    The token is always a new one: what stood in the browser before is good for nothing any more.
    """
    token, now = services.new_token(), utcnow()
    database().count(lambda session: services.begin_sign_in(session, person, secret, token, now))
    end_before(before)
    give_cookie(response, COOKIE, token)
    return response


def end_before(sign_in_id: int) -> None:
    """End the session that this browser had, and the one *sign_in_id* that it came with."""
    known, now = visitor(), utcnow()
    for number in {known.sign_in_id, sign_in_id} - {0}:
        database().count(partial(services.end_sign_in, sign_in_id=number, now=now))
