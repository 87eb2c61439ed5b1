"""Fetching from the identity provider: in a few seconds, so many bytes, from just the address."""

import urllib.request
from datetime import timedelta
from http.client import HTTPException

from app.core.addresses import is_safe
from app.core.clock import utcnow

SECONDS = 5
LONGEST_ANSWER = 256 * 1024
PIECE = 16 * 1024


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for the error that it is: what is sent goes to nobody else."""

    def redirect_request(self, *given: object) -> None:
        """Lead nowhere."""


OPENER = urllib.request.build_opener(NoRedirect)


def fetch(asked: urllib.request.Request) -> bytes:
    """Return what is answered to *asked*.

    Raises OSError (urllib's HTTPError is one) where it is refused, leads elsewhere, takes longer
    than a few seconds or is too long, and ValueError for an address that others could read.
    """
    if not is_safe(asked.full_url):
        raise ValueError("neither https nor this machine")
    end, content = utcnow() + timedelta(seconds=SECONDS), bytearray()
    try:
        with OPENER.open(asked, timeout=SECONDS) as answer:
            while piece := answer.read1(PIECE):
                content += piece
                if len(content) > LONGEST_ANSWER or utcnow() > end:
                    raise OSError("the answer is too long or too slow")
    except HTTPException as error:  # an answer that is none, or breaks off
        raise OSError(type(error).__name__) from None
    return bytes(content)
