"""The anchor: what this host remembers of the newest checkpoint, in a file beside the key."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.core.types import Given

FIELDS = ("number", "sequence", "hash", "at", "key_id", "signature", "resumes_after")
"""What an anchor takes from its checkpoint, which is what the signature covers."""


@dataclass(frozen=True)
class Anchor:
    """The newest checkpoint that this host knows, with its signature.

    *outside* is the file outside that was written last, *outside_bytes* how long it was then.
    """

    number: int
    sequence: int
    hash: str
    at: str
    key_id: str
    signature: str
    resumes_after: int | None = None
    outside: str | None = None
    outside_bytes: int = 0

    @property
    def event(self) -> tuple[int, str]:
        """Return the event up to which the chain was signed, and its hash."""
        return self.sequence, self.hash

    def length_of(self, path: Path | None) -> int:
        """Return how many bytes the file outside at *path* had; 0 for one never written."""
        return self.outside_bytes if path is not None and self.outside == str(path) else 0


def anchor_of(checkpoint: Any) -> Anchor:
    """Return the anchor that remembers *checkpoint*, which must have a number."""
    values = {name: getattr(checkpoint, name) for name in FIELDS}
    return Anchor(**values | {"at": checkpoint.at.isoformat()})


class AnchorFile:
    """The file that holds the anchor; all processes of a host share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: tuple[tuple[int, int], Anchor] | None = None

    def read(self) -> Anchor | None:
        """Return the anchor, None where there is no file.

        What was read stays in memory until the file is another one. Raises ValueError when the
        file cannot be read, or holds something else.
        """
        try:
            found = self.path.stat()
            mark = (found.st_ino, found.st_mtime_ns)
            if self.known is None or self.known[0] != mark:
                self.known = mark, parsed(json.loads(self.path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ValueError(f"{self.path} is no anchor: {error}") from None
        return self.known[1]

    def put(self, newest: Anchor, written: tuple[Path, int] | None = None) -> None:
        """Remember *newest*, and that so many bytes were *written* to a file outside.

        The file never goes back to a checkpoint of a lower number, nor is half of it ever there.
        Raises OSError when it cannot be written, ValueError when what stands there is no anchor.
        """
        with locked(self.path):
            known = self.read()
            if known is not None and written is None:
                newest = replace(newest, outside=known.outside, outside_bytes=known.outside_bytes)
            if written is not None:
                newest = replace(newest, outside=str(written[0]), outside_bytes=written[1])
            if known is None or (known.number <= newest.number and known != newest):
                put_in_place(self.path, json.dumps(asdict(newest), indent=1) + "\n")

    def forget_outside(self, newest: Anchor) -> None:
        """Remember *newest*, and no file outside: the next one written counts as new."""
        with locked(self.path):
            put_in_place(self.path, json.dumps(asdict(newest), indent=1) + "\n")


def parsed(content: Given) -> Anchor:
    """Return the anchor in JSON values; raise TypeError or ValueError for something else."""
    found = Anchor(**content)
    numbers = (found.number, found.sequence, found.outside_bytes)
    texts = (found.hash, found.at, found.key_id, found.signature)
    if not all(isinstance(n, int) for n in numbers) or not all(isinstance(t, str) for t in texts):
        raise ValueError("a value is missing or of another kind")
    return found


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process of this host at a time into the block, by a lock beside the anchor at *path*.

    The file of the lock stays. It is not the folder, which `flask migrate` locks for itself.
    """
    beside = path.with_name(f"{path.name}.lock")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def put_in_place(path: Path, text: str) -> None:
    """Write *text* to *path*, for its owner only: the old content or the new, never a part."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
