"""Making checkpoints while the program runs: with writes, and a minute after the last of them."""

import json
import logging
import threading
from typing import Any

from flask import has_request_context
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config import Settings
from app.database import Database, Head
from app.errors import DomainError
from app.models import Checkpoint
from app.services.checkpoints import is_due, make_checkpoint, uncovered

log = logging.getLogger(__name__)


class Checkpointing:
    """What makes the checkpoints of one database."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.timer: threading.Timer | None = None
        self.lock = threading.Lock()
        self.unwritten: list[str] = []
        self.awake = False

    def begin(self) -> None:
        """Look at every write from now on."""
        self.database.before_commit.append(self.look)

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
        """Make a checkpoint, and write it outside once it is committed."""
        if self.database.signer is None:
            return None
        made = make_checkpoint(session, self.database.signer)
        if made is not None and self.settings.checkpoints_file is not None:
            line = line_of(made)
            event.listen(session, "after_commit", lambda _: self.write_outside(line), once=True)
        return made

    def write_outside(self, line: str) -> None:
        """Add *line* to the file of checkpoints outside the database, after those it missed."""
        with self.lock:
            self.unwritten.append(line)
            try:
                with open(str(self.settings.checkpoints_file), "a", encoding="utf-8") as file:
                    file.write("".join(self.unwritten))
            except OSError:
                log.exception("checkpoints could not be written outside: %s", len(self.unwritten))
            else:
                self.unwritten = []

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
        except (SQLAlchemyError, DomainError):
            log.exception("a checkpoint could not be made")
            self.later()


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
