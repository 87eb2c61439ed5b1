"""Reading on after an early answer: who is still sending sees it, and no reset connection."""

import logging
import time
from contextlib import suppress
from functools import partial
from typing import IO, Any

from flask import request
from werkzeug import Response

from app.http.requests import settings

log = logging.getLogger(__name__)

LONGEST = 10.0
"""Seconds after which the connection is cut, whatever is still to come."""

PIECE = 16 * 1024


def drain_later(response: Response) -> Response:
    """Let what the caller still sends be read and thrown away once *response* has been sent.

    At most twice the size of the largest file, and for ten seconds.
    """
    if request.content_length or "Transfer-Encoding" in request.headers:
        most = 2 * max(settings().max_file_bytes, settings().max_body_bytes)
        socket = request.environ.get("gunicorn.socket")
        response.call_on_close(partial(drain, request.stream, most, socket))
    return response


def drain(stream: IO[bytes], most: int, socket: Any) -> None:
    """Read *stream* to its end, or *most* bytes of it; *socket* is what it comes from, if known."""
    end = time.monotonic() + LONGEST
    try:
        while most > 0 and (left := end - time.monotonic()) > 0:
            if socket is not None:
                socket.settimeout(left)
            piece = stream.read(min(PIECE, most))
            if not piece:
                break
            most -= len(piece)
    except Exception as error:  # each server has its own; the answer has been sent
        log.debug("the rest of a body could not be read: %s", error)
    if socket is not None:
        with suppress(OSError):
            socket.settimeout(None)
