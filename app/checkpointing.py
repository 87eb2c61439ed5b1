"""Making checkpoints while the program runs: with writes, and a minute after the last of them."""

import fcntl
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import has_request_context
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config import Settings
from app.database import Database, Head
from app.errors import Busy, DomainError
from app.models import Checkpoint
from app.services.checkpoints import is_due, make_checkpoint, uncovered

log = logging.getLogger(__name__)

LONGEST_LINE = 4096
"""Bytes from the end of the file outside in which its last line stands whole."""

BEGIN = b'{"sequence": '
"""How each line of the file outside begins; nothing else is ever cut away from it."""


class Checkpointing:
    """What makes the checkpoints of one database."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.timer: threading.Timer | None = None
        self.lock = threading.Lock()
        self.awake = False

    def begin(self) -> None:
        """Look at every write from now on; say it once where nothing will be signed.

        At the command line the commands say it: the first of them makes the key.
        """
        self.database.before_commit.append(self.look)
        if self.database.signer is None and click.get_current_context(silent=True) is None:
            log.error("AUDIT_KEY: %s is not there: nothing is signed", self.settings.audit_key)

    def wake(self) -> None:
        """Look in a minute after what an earlier run of the program left, at the first request."""
        if not self.awake and self.database.signer is not None:
            self.awake = True
            self.later()

    def look(self, session: Session) -> None:
        """Make a checkpoint in this transaction when one is due, or in a minute.

        Outside of requests, at the command line say, there may be no later: it is made at once.
        """
        head: Head = session.info["head"]
        if self.database.signer is None or uncovered(head) == 0:
            return
        seconds, events = self.settings.checkpoint_seconds, self.settings.checkpoint_events
        if not has_request_context() or is_due(head, seconds=seconds, events=events):
            self.make(session)
        else:
            self.later()

    def make(self, session: Session) -> Checkpoint | None:
        """Make a checkpoint, and write it outside once it is committed.

        It stays made when the file cannot be written: the next one takes it along.
        """
        if self.database.signer is None:
            return None
        made = make_checkpoint(session, self.database.signer)
        if made is not None and self.settings.checkpoints_file is not None:
            event.listen(session, "after_commit", lambda _: self.try_outside(), once=True)
        return made

    def try_outside(self) -> None:
        """Write outside what is missing there; where that fails, say so and let the work go on."""
        try:
            self.write_outside()
        except (OSError, ValueError, SQLAlchemyError, DomainError) as error:
            log.error("checkpoints could not be written outside: %s", error)

    def write_outside(self) -> None:
        """Add every checkpoint to the file outside that is newer than its last line.

        So what another process, or an earlier run, could not write is caught up. Nothing happens
        where there is no such file in the settings. Raises OSError when it cannot be written, and
        ValueError when its end is no checkpoint of this register.
        """
        if self.settings.checkpoints_file is None:
            return
        with self.lock, open(self.settings.checkpoints_file, "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # of several processes one at a time; ends with it
            last = last_line(file, self.settings.checkpoints_file)
            rows = self.database.read(lambda session: newer(session, last))
            file.write("".join(map(line_of, rows)).encode())
            file.flush()
            os.fsync(file.fileno())

    def later(self) -> None:
        """Make a checkpoint in a minute, unless that is planned already."""
        with self.lock:
            if self.timer is not None:
                return
            self.timer = threading.Timer(self.settings.checkpoint_seconds, self.sign_now)
            self.timer.daemon = True
            self.timer.start()

    def sign_now(self) -> None:
        """Make a checkpoint in a transaction of its own; try again in a minute when that fails."""
        with self.lock:
            self.timer = None
        try:
            self.database.write(self.make)
        except Busy as error:
            log.error("a checkpoint could not be made: %s", error)
            self.later()
        except (SQLAlchemyError, DomainError):
            log.exception("a checkpoint could not be made")
            self.later()


def last_line(file: BinaryIO, path: Path) -> int:
    """Return the event up to which the last whole line of *file* goes, 0 for an empty one.

    What broke off after it, as on a full disk, is cut away: it is written anew. Raises ValueError
    naming *path* when the line is no checkpoint.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    whole, _, torn = file.read().rpartition(b"\n")
    try:
        last = int(json.loads(whole.splitlines()[-1])["sequence"]) if whole else 0
    except (ValueError, LookupError, TypeError):
        last = None
    if last is None or torn[: len(BEGIN)] != BEGIN[: len(torn)]:
        raise ValueError(f"the last line of {path} is no checkpoint")
    if torn:
        file.truncate(size - len(torn))
    return last


def newer(session: Session, last: int) -> list[Checkpoint]:
    """Return the checkpoints after the event *last*, oldest first.

    Raises ValueError when this register never signed that event: the file is another's, or the
    database is an old copy.
    """
    if last and session.get(Checkpoint, last) is None:
        raise ValueError(f"the file ends with event {last}, which is not signed in this database")
    rows = select(Checkpoint).where(Checkpoint.sequence > last).order_by(Checkpoint.sequence)
    return list(session.scalars(rows))


def line_of(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as a line of the file outside."""
    return json.dumps(shown(checkpoint)) + "\n"


def shown(checkpoint: Any) -> dict[str, Any]:
    """Return a checkpoint as JSON values."""
    return {
        "sequence": checkpoint.sequence,
        "hash": checkpoint.hash,
        "at": checkpoint.at.isoformat(),
        "key_id": checkpoint.key_id,
        "signature": checkpoint.signature,
    }
