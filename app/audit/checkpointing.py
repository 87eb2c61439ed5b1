"""Making checkpoints while the program runs: with writes, and a minute after the last of them."""

import logging
import threading
from contextlib import suppress
from typing import Any

import click
from flask import has_request_context
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.audit.anchors import Anchor, AnchorFile, anchor_of
from app.audit.outside_copies import add_lines, check_length, newer, read_lines
from app.audit.queries import witnesses
from app.audit.services.checkpoints import is_due, make_checkpoint, uncovered
from app.audit.signing import Signer
from app.core.base import Head
from app.core.config import Settings
from app.core.database import Database
from app.core.errors import Busy, DomainError, Sentence
from app.models import Checkpoint

log = logging.getLogger(__name__)


class Checkpointing:
    """What makes the checkpoints of one database.

    Before it signs, it compares the database with what this host remembers; *refused* says why
    nothing is signed, once *compared*.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.anchor = AnchorFile(settings.anchor_file)
        self.refused: Sentence | None = None
        self.compared = False
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
        """Compare, and look in a minute after what an earlier run left, at the first request."""
        signer = self.database.signer
        if not self.awake and signer is not None:
            self.awake = True
            self.later()
            with suppress(SQLAlchemyError, DomainError):  # /readyz tells of those
                self.database.read(lambda session: self.objection(session, signer))

    # -- whether anything may be signed ----------------------------------------------------------

    def objection(self, session: Session, signer: Signer) -> Sentence | None:
        """Return why nothing may be signed in this database, None where all is well.

        Where the newest checkpoint is newer than what this host remembers, that is remembered.
        """
        with session.no_autoflush:
            newest = witnesses.newest_checkpoint(session)
            found = self.compare(session, signer, newest)
        if found is not None and found != self.refused:
            log.error("nothing is signed: %s", found[1])
        self.refused, self.compared = found, True
        if found is None and newest is not None and newest.number is not None:
            self.remember(signer, newest)
        return found

    def compare(self, session: Session, signer: Signer, newest: Any) -> Sentence | None:
        """Return how the database differs from what this host remembers, None where it does not."""
        try:
            anchor = self.anchor.read()
        except ValueError as error:
            message = f"审计锚（AUDIT_ANCHOR）不能读取：{error}"
            return message, f"the anchor of the audit (AUDIT_ANCHOR) cannot be read: {error}"
        found = witnesses.other_key(newest, signer.key_id)
        if found is None and anchor is not None:
            found = witnesses.foreign_anchor(anchor, signer.key_id, signer.has_signed)
            found = found or witnesses.lost_anchor(session, anchor, signer.has_signed)
        return found

    def remember(self, signer: Signer, newest: Any) -> None:
        """Bring the anchor to the *newest* checkpoint that stands in the database, truly signed."""
        known = self.newest_anchor()
        if known is not None and known.number >= newest.number:
            return
        if signer.has_signed(witnesses.text_of(newest), newest.signature):
            self.try_to_keep(anchor_of(newest))

    def may_sign(self, session: Session, signer: Signer) -> bool:
        """Return whether what is written may be signed, as it was found last."""
        if not self.compared:
            self.objection(session, signer)
        return self.refused is None

    def newest_anchor(self) -> Anchor | None:
        """Return the newest checkpoint that this host remembers, None where it knows of none."""
        with suppress(ValueError):
            return self.anchor.read()
        return None

    # -- making them -----------------------------------------------------------------------------

    def look(self, session: Session) -> None:
        """Make a checkpoint in this transaction when one is due, or in a minute.

        Outside of requests, at the command line say, there may be no later: it is made at once.
        """
        head: Head = session.info["head"]
        if self.database.signer is None or uncovered(head) == 0:
            return
        seconds, events = self.settings.checkpoint_seconds, self.settings.checkpoint_events
        due = self.refused is None and is_due(head, seconds=seconds, events=events)
        if not has_request_context() or due:
            self.make(session)
        else:
            self.later()

    def make(self, session: Session) -> Checkpoint | None:
        """Make a checkpoint, and keep it outside once it is committed; None where none is made.

        It stays made when the files cannot be written: the next one takes it along.
        """
        signer = self.database.signer
        if signer is None or self.objection(session, signer) is not None:
            return None
        made = make_checkpoint(session, signer)
        if made is not None:
            event.listen(session, "after_commit", lambda _: self.try_outside(made), once=True)
        return made

    def try_outside(self, made: Checkpoint) -> None:
        """Keep *made* outside the database; where that fails, say so and let the work go on."""
        written = None
        try:
            written = self.write_outside()
        except (OSError, ValueError, SQLAlchemyError, DomainError) as error:
            log.error("checkpoints could not be written outside: %s", error)
        self.try_to_keep(anchor_of(made), written)

    def try_to_keep(self, newest: Anchor, written: Any = None) -> None:
        """Bring the anchor to *newest*; where that fails, say so and let the work go on."""
        try:
            self.anchor.put(newest, written)
        except (OSError, ValueError) as error:
            log.error("the anchor could not be written: %s", error)

    def write_outside(self) -> Any:
        """Add every checkpoint to the file outside that is newer than its last line.

        So what another process, or an earlier run, could not write is caught up. Return the file
        and how long it is now, None where there is no such file in the settings. Raises OSError
        when it cannot be written, and ValueError when it is shorter than it was, or its end is no
        checkpoint of this register.
        """
        path = self.settings.checkpoints_file
        if path is None:
            return None
        with self.lock:
            anchor = self.anchor.read()
            least = 0 if anchor is None else anchor.length_of(path)
            size = add_lines(
                path, lambda last: self.database.read(lambda session: newer(session, last)), least
            )
        return path, size

    def catch_up(self) -> None:
        """Write outside what is missing there, and the anchor; raises OSError and ValueError."""
        written = self.write_outside()
        own = select(Checkpoint).where(Checkpoint.number.is_not(None))
        newest = self.database.read(
            lambda session: session.scalar(own.order_by(Checkpoint.sequence.desc()).limit(1))
        )
        if newest is not None:
            self.anchor.put(anchor_of(newest), written)

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
        if self.refused is not None:
            self.later()

    # -- for verify ------------------------------------------------------------------------------

    def witness(self) -> witnesses.Witness:
        """Return what is kept outside the database; read it before the database is looked at."""
        problems, anchor, lines = [], None, None
        try:
            anchor = self.anchor.read()
        except ValueError as error:
            problems.append(str(error))
        path, has_key = self.settings.checkpoints_file, self.database.signer is not None
        if path is not None and (path.exists() or anchor is not None):
            try:
                check_length(path, path.stat().st_size, anchor.length_of(path) if anchor else 0)
                lines = read_lines(path)
            except (OSError, ValueError) as error:
                problems.append(f"CHECKPOINTS_FILE: {error}")
        return witnesses.Witness(anchor, lines, problems, self.settings.checkpoint_events, has_key)
