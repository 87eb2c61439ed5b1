"""Where the content of files lies: a directory, or another store that fsspec knows.

Each content is called by its SHA-256, so that nothing is ever replaced, and what is sent twice lies
there once. What comes in lies in a passing place until the record of it is written.
"""

import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from app.core.errors import StoreUnavailable

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
        self.settle(self.take_in(file), sha256)

    def take_in(self, file: BinaryIO) -> str:
        """Write the content of *file* to a passing place, durably, and return that place.

        Raises StoreUnavailable; what was written until then is gone.
        """
        passing = f"{self.root}/{INCOMING}/{secrets.token_hex(16)}"
        with naming_failures("take in", passing):
            file.seek(0)
            try:
                self.write(passing, file)
            except BaseException:
                self.drop(passing)
                raise
        return passing

    def write(self, passing: str, file: BinaryIO) -> None:
        """Write the content of *file* to a *passing* place; of a directory, wait for the disk."""
        if not self.is_local:
            with self.fs.open(passing, "wb") as target:
                shutil.copyfileobj(file, target, PIECE)
            return
        os.makedirs(self.root, mode=0o700, exist_ok=True)  # what lies there is not for everyone
        os.makedirs(os.path.dirname(passing), exist_ok=True)
        with open(passing, "xb") as target:
            shutil.copyfileobj(file, target, PIECE)
            target.flush()
            os.fsync(target.fileno())

    def settle(self, passing: str, sha256: str) -> None:
        """Put what lies in a *passing* place where the content with *sha256* stays.

        Where that lies there already nothing is replaced. Raises StoreUnavailable.
        """
        with naming_failures("keep", sha256):
            place = self.place(sha256)
            if self.is_there(sha256):
                self.drop(passing)
            elif self.is_local:
                os.makedirs(os.path.dirname(place), exist_ok=True)
                os.replace(passing, place)
                for folder in (os.path.dirname(place), self.root):
                    wait_for_folder(folder)
            else:
                self.fs.mv(passing, place)

    def drop(self, passing: str) -> None:
        """Take away what lies in a *passing* place, if anything; a failure is only logged.

        What stays is found by `flask files check`.
        """
        try:
            if self.fs.exists(passing):
                self.fs.rm(passing)
        except Exception:  # each kind of store raises its own
            log.exception("the store of files could not take %s away", passing)

    def remove(self, sha256: str) -> None:
        """Take away the content with *sha256*, which no record may name; raise StoreUnavailable."""
        with naming_failures("remove", sha256):
            if self.is_there(sha256):
                self.fs.rm(self.place(sha256))

    def is_there(self, sha256: str) -> bool:
        """Return whether the store has the content with *sha256*."""
        found: bool = self.fs.exists(self.place(sha256))
        return found

    def pieces(self, sha256: str) -> "Pieces":
        """Return the content with *sha256*, piece by piece; it is opened at once, to be closed.

        Raises StoreUnavailable when it is not there.
        """
        with naming_failures("open", sha256):
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
        yield from (name for folder, name, _ in self.lying() if folder != INCOMING)

    def left_over(self, before: datetime) -> Iterator[tuple[str, int]]:
        """Yield the passing places in which something lies since *before* a moment, and its size.

        What comes in now lies there too, but not for long.
        """
        for folder, name, size in self.lying():
            passing = f"{self.root}/{INCOMING}/{name}"
            at = self.written_at(passing) if folder == INCOMING else None
            if at is not None and at < before:
                yield passing, size

    def size(self, sha256: str) -> int:
        """Return the size of the content with *sha256*, in bytes; 0 where there is none."""
        with naming_failures("measure", sha256):
            return int(self.fs.size(self.place(sha256)) or 0) if self.is_there(sha256) else 0

    def lying(self) -> list[tuple[str, str, int]]:
        """Return everything that lies in the store: its folder, its name, its size in bytes."""
        with naming_failures("list", ""):
            if not self.fs.exists(self.root):
                return []
            found = self.fs.find(self.root, detail=True)
        places = ((str(path).rsplit("/", 2), info) for path, info in found.items())
        return [(folder, name, int(info["size"] or 0)) for (*_, folder, name), info in places]

    def written_at(self, passing: str) -> datetime | None:
        """Return when what lies in a *passing* place was written; None where nobody can say."""
        try:
            found: datetime = self.fs.modified(passing)
        except (FileNotFoundError, NotImplementedError):  # it settled meanwhile
            return None
        return found


@contextmanager
def naming_failures(what: str, sha256: str) -> Iterator[None]:
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

    def __iter__(self) -> "Pieces":
        """Return itself: it is read once."""
        return self

    def __next__(self) -> bytes:
        """Return the next piece."""
        piece = self.source.read(PIECE)
        if not piece:
            raise StopIteration
        return piece

    def seekable(self) -> bool:
        """Return whether it can be read from a place on."""
        return self.source.seekable()

    def seek(self, place: int) -> int:
        """Go to *place*, in bytes, from which it is read on."""
        return self.source.seek(place)

    def tell(self) -> int:
        """Return from where it is read on."""
        return self.source.tell()

    def close(self) -> None:
        """Close the source, read or not."""
        self.source.close()
