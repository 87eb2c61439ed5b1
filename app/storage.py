"""Where the content of files lies: a directory, or another store that fsspec knows.

Each content is called by its SHA-256, so that nothing is ever replaced, and what is sent twice lies
there once. Nothing is deleted here.
"""

import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from app.errors import StoreUnavailable

log = logging.getLogger(__name__)
PIECE = 64 * 1024
INCOMING = "incoming"


class Store:
    """The store at a *url*: a path, or one with a scheme, such as ``s3://bucket/register``."""

    def __init__(self, url: str) -> None:
        self.fs, self.root = url_to_fs(url)
        self.is_local = isinstance(self.fs, LocalFileSystem)

    def place(self, sha256: str) -> str:
        """Return where the content with *sha256* lies."""
        return f"{self.root}/{sha256[:2]}/{sha256}"

    def keep(self, sha256: str, file: BinaryIO) -> None:
        """Put the content of *file*, whose SHA-256 is known, where it stays; durably.

        Raises StoreUnavailable.
        """
        with told("keep", sha256):
            if self.is_there(sha256):
                return
            file.seek(0)
            if self.is_local:
                self.write_durably(sha256, file)
            else:  # an object appears whole or not at all
                with self.fs.open(self.place(sha256), "wb") as target:
                    shutil.copyfileobj(file, target, PIECE)

    def is_there(self, sha256: str) -> bool:
        """Return whether the store has the content with *sha256*."""
        found: bool = self.fs.exists(self.place(sha256))
        return found

    def write_durably(self, sha256: str, file: BinaryIO) -> None:
        """Write under another name, wait for the disk, and rename."""
        os.makedirs(self.root, mode=0o700, exist_ok=True)  # what lies there is not for everyone
        place, passing = self.place(sha256), f"{self.root}/{INCOMING}/{secrets.token_hex(16)}"
        for path in (place, passing):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(passing, "xb") as target:
            shutil.copyfileobj(file, target, PIECE)
            target.flush()
            os.fsync(target.fileno())
        os.replace(passing, place)
        for folder in (os.path.dirname(place), self.root):
            wait_for_folder(folder)

    def pieces(self, sha256: str) -> "Pieces":
        """Return the content with *sha256*, piece by piece; it is opened at once, to be closed.

        Raises StoreUnavailable when it is not there.
        """
        with told("open", sha256):
            return Pieces(self.fs.open(self.place(sha256), "rb"))

    def digest(self, sha256: str) -> str | None:
        """Return the SHA-256 of what lies under the name *sha256*; None where nothing does."""
        if not self.is_there(sha256):
            return None
        found = hashlib.sha256()
        with closing(self.pieces(sha256)) as pieces:
            for piece in pieces:
                found.update(piece)
        return found.hexdigest()

    def names(self) -> Iterator[str]:
        """Yield the name of each content that is there."""
        with told("list", ""):
            found = self.fs.find(self.root) if self.fs.exists(self.root) else []
        names = (str(path).rsplit("/", 2) for path in found)
        yield from (name for *_, folder, name in names if folder != INCOMING)


@contextmanager
def told(what: str, sha256: str) -> Iterator[None]:
    """Log why the block fails and raise StoreUnavailable instead."""
    try:
        yield
    except Exception as error:  # each kind of store raises its own
        log.exception("the store of files could not %s %s", what, sha256)
        raise StoreUnavailable from error


def wait_for_folder(path: str) -> None:
    """Wait until the names in the folder at *path* are on the disk."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True)
class Pieces:
    """What an open *source* holds, piece by piece; whoever is done with it closes it."""

    source: BinaryIO

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces."""
        while piece := self.source.read(PIECE):
            yield piece

    def close(self) -> None:
        """Close the source, read or not."""
        self.source.close()
