"""Files as they come in: read piece by piece, kept with their record or not at all.

A file is the whole body, or one part of a form. And the digest of whatever was sent.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import DomainError, StoreUnavailable
from app.core.schemas.messages import say
from app.core.storage import Store
from app.http.context import Upload, context
from app.http.problems import Refused
from app.http.requests import (
    broken_off,
    database,
    piece_of_body,
    settings,
    too_large,
)
from app.register.files.services import remove_unnamed

log = logging.getLogger(__name__)
BINARY = "application/octet-stream"
FORM = "multipart/form-data"
FILE = "file"
"""The part of a form that is the file."""

PIECE = 64 * 1024
FORM_ROOM = 64 * 1024
"""How many bytes of a form may be something else than its file."""


def check_upload() -> None:
    """Check what the headers say of a file, before anything of it is read.

    Raises Refused: 415 for another content type, 413 when it says that it is too large.
    """
    if request.mimetype not in (BINARY, FORM):
        message = say(
            f"请求内容必须是文件本身（Content-Type: {BINARY}），"
            f"或含有一个文件（字段名 {FILE}）的表单（{FORM}）。",
            f"The body must be the file itself (Content-Type: {BINARY}),"
            f" or a form with one file, called {FILE} ({FORM}).",
        )
        raise Refused(415, message, headers={"Accept": f"{BINARY}, {FORM}"})
    limit = settings().max_file_bytes
    room = FORM_ROOM if request.mimetype == FORM else 0
    if (request.content_length or 0) > limit + room:
        raise too_large(limit)


class Incoming:
    """What a file is written to as it comes in: a temporary file, measured and digested.

    That is gone when the request is over. Raises Refused (413) once it is too large,
    StoreUnavailable when there is no room for it.
    """

    def __init__(self) -> None:
        file: Any = SpooledTemporaryFile(max_size=settings().max_body_bytes)  # noqa: SIM115
        self.upload = context().upload = Upload(file)
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        """Take the next *piece* in."""
        limit = settings().max_file_bytes
        self.upload.size += len(piece)
        if self.upload.size > limit:
            raise too_large(limit)
        self.digest.update(piece)
        put(self.upload.file, piece)
        return len(piece)

    def seek(self, place: int) -> int:
        """Go to a *place*, as whoever parses a form does when a part of it is whole."""
        return self.upload.file.seek(place)

    def whole(self) -> Upload:
        """Return the file, which came in whole."""
        put(self.upload.file, b"")
        self.upload.sha256 = self.digest.hexdigest()
        return self.upload


def read_upload() -> Upload:
    """Return the file that the body is, read once, piece by piece.

    Raises Refused: 413 when it is too large, 400 when it breaks off; StoreUnavailable when there
    is no room for it.
    """
    incoming = Incoming()
    while piece := piece_of_body(PIECE):
        incoming.write(piece)
    if incoming.upload.size < (request.content_length or 0):
        raise broken_off()
    return incoming.whole()


def put(file: BinaryIO, piece: bytes) -> None:
    """Write *piece* to a temporary *file*; raise StoreUnavailable when there is no room for it."""
    try:
        file.write(piece)
        file.flush()
    except OSError as error:
        log.exception("there is no room for a file that comes in")
        raise StoreUnavailable from error


def let_go(error: BaseException | None) -> None:
    """Close the file that came in, when the request is over."""
    upload, context().upload = context().upload, None
    if upload is not None:
        upload.file.close()


# -- kept with its record, or not at all ---------------------------------------------------------


def store() -> Store:
    """Return where the content of files lies."""
    found: Store = current_app.extensions["store"]
    return found


@contextmanager
def held(upload: Upload) -> Iterator[None]:
    """Hold what came in at a passing place of the store while the block writes the record of it.

    When the block fails nothing of it stays, not even what settle() put where it stays.
    """
    upload.passing = passing = store().take_in(upload.file)
    try:
        yield
    except BaseException:
        if upload.settled:
            forget(upload.sha256)
        raise
    finally:
        store().drop(passing)


def settle(upload: Upload) -> None:
    """Put what is held where it stays; the transaction that is going on has the write lock."""
    upload.settled = True
    store().settle(upload.passing, upload.sha256)


def forget(sha256: str) -> None:
    """Take the content of a record that was not written away, unless another one names it.

    Where the database cannot be asked it stays, and `flask files check` finds it.
    """
    try:
        database().write(lambda session: remove_unnamed(session, sha256, store().remove))
    except (SQLAlchemyError, DomainError):
        log.exception("the content %s of a refused file was not taken away", sha256)


# -- its digest ----------------------------------------------------------------------------------


def known_digest() -> str | None:
    """Return the SHA-256 of the body, as far as it was read; None when it was not."""
    upload, content = context().upload, context().content
    if upload is not None:
        return upload.sha256 or None
    return None if content is None else hashlib.sha256(content).hexdigest()


def digest_of_request() -> str:
    """Return the SHA-256 of what was sent: the body, which was read.

    With a file that is also the query, in which the rest of it stands, and of a form the fields,
    but not what separates its parts: that differs each time.
    """
    digest, upload = known_digest() or "", context().upload
    if upload is None:
        return digest
    form = [json.dumps([upload.name, sorted(upload.fields.items())])] if upload.name else []
    whole = "\n".join([*form, digest]).encode()
    return hashlib.sha256(request.query_string + b"\n" + whole).hexdigest()
