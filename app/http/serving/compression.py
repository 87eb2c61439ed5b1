"""Answers made shorter on their way, where no proxy does it.

Only readings, and only what is text. A page that holds a token of a form, or an answer that holds a
secret, never is: its length would tell of it (the attack called BREACH).
"""

import gzip

from flask import request
from werkzeug import Response

from app.http.requests import settings

SHORTEST = 1000
"""Bytes below which nothing is won."""

LONGEST = 1024 * 1024
LEVEL = 5
ASKED = "Accept-Encoding"
READ = frozenset({"GET", "HEAD"})
TEXTS = frozenset(
    {
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)


def compress(response: Response) -> Response:
    """Return *response*, its body gzipped where the caller takes that and it is worth it.

    The entity tag becomes a weak one, since the bytes are others; what stands in it does not.
    """
    if settings().proxy_hops or request.method not in READ:
        return response
    known = response.headers.get("Vary")
    response.headers["Vary"] = f"{known}, {ASKED}" if known else ASKED
    if "gzip" not in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
        return response
    if not can_be_shorter(response) or request.accept_encodings.quality("gzip") <= 0:
        return response
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


def can_be_shorter(response: Response) -> bool:
    """Return whether *response* is a reading of text, as a whole, neither short nor huge."""
    return (
        response.status_code == 200
        and response.mimetype in TEXTS
        and not response.is_streamed
        and not response.direct_passthrough
        and "no-store" not in response.headers.get("Cache-Control", "")
        and SHORTEST <= len(response.get_data()) <= LONGEST
    )
