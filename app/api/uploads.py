"""Files as they come in: a body read piece by piece; and the digest of whatever was sent."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from flask import g, request

from app.api.errors import Refused
from app.api.requests import broken_off, piece_of_body, settings, too_large
from app.schemas.fields import say

BINARY = "application/octet-stream"
PIECE = 64 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that came in as a body: open, its size in bytes, its SHA-256."""

    file: BinaryIO
    size: int
    sha256: str


def read_upload() -> Upload:
    """Return the file that the body is, read once, piece by piece.

    Raises Refused: 415 for another content type, 413 when it is too large, 400 when it breaks off.
    """
    if request.mimetype != BINARY:
        told = say(
            f"请求内容必须是文件本身（Content-Type: {BINARY}）。",
            f"The body must be the file itself (Content-Type: {BINARY}).",
        )
        raise Refused(415, told, headers={"Accept": BINARY})
    limit, length = settings().max_file_bytes, request.content_length or 0
    if length > limit:
        raise too_large(limit)
    file: Any = SpooledTemporaryFile(max_size=settings().max_body_bytes)  # noqa: SIM115
    g.upload = Upload(file, 0, "")
    digest, size = hashlib.sha256(), 0
    for piece in pieces_of_body():
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        digest.update(piece)
        file.write(piece)
    if size < length:
        raise broken_off()
    g.upload = Upload(file, size, digest.hexdigest())
    return g.upload


def pieces_of_body() -> Iterator[bytes]:
    """Yield the body piece by piece; raise Refused (400) when it breaks off."""
    while piece := piece_of_body(PIECE):
        yield piece


def let_go(error: BaseException | None) -> None:
    """Close the file that came in, when the request is over."""
    upload = g.pop("upload", None)
    if upload is not None:
        upload.file.close()


def known_digest() -> str | None:
    """Return the SHA-256 of the body, as far as it was read; None when it was not."""
    if "upload" in g:
        return g.upload.sha256 or None
    return hashlib.sha256(g.content).hexdigest() if "content" in g else None


def digest_of_request() -> str:
    """Return the SHA-256 of what was sent: the body, which was read.

    With a file that is also the query, in which the rest of it stands.
    """
    digest = known_digest() or ""
    if "upload" not in g:
        return digest
    return hashlib.sha256(request.query_string + b"\n" + digest.encode()).hexdigest()
