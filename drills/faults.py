"""Planted faults: what each check must find, or it proves nothing."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Checkpoint, Event, ProgressReport, Recommendation
from drills.checks import Place, Verify, findings
from drills.databases import opened
from drills.writers import OPERATIONS, Ledger, Write

Plant = Callable[[Session], None]
CHANGED = Event.operation != OPERATIONS["reports"]


def delete_event(session: Session) -> None:
    """Delete the event of a change."""
    session.execute(sa.delete(Event).where(Event.sequence == last(session, CHANGED).sequence))


def change_silently(session: Session) -> None:
    """Change a record past the register."""
    shift_version(session, 1)


def undo_change(session: Session) -> None:
    """Take a record back to the version before."""
    shift_version(session, -1)


def shift_version(session: Session, by: int) -> None:
    """Write another version to the record that was changed last."""
    own = Recommendation.id == last(session, CHANGED).record_id
    values = {"version": Recommendation.version + by}
    session.execute(sa.update(Recommendation).where(own).values(values))


def delete_report(session: Session) -> None:
    """Delete a report whose event stays."""
    newest = session.scalar(sa.select(sa.func.max(ProgressReport.id)))
    session.execute(sa.delete(ProgressReport).where(ProgressReport.id == newest))


def rewrite_event(session: Session) -> None:
    """Rewrite what an event tells, without its hash."""
    own = Event.sequence == last(session, CHANGED).sequence
    session.execute(sa.update(Event).where(own).values(note="rewritten"))


def relink_event(session: Session) -> None:
    """Let an event follow another one than it did."""
    own = Event.sequence == last(session, CHANGED).sequence
    session.execute(sa.update(Event).where(own).values(previous_hash="f" * 64))


def delete_checkpoint(session: Session) -> None:
    """Delete the newest signature of the chain."""
    newest = session.scalar(sa.select(sa.func.max(Checkpoint.sequence)))
    session.execute(sa.delete(Checkpoint).where(Checkpoint.sequence == newest))


def nothing(session: Session) -> None:
    """Plant no fault."""


def last(session: Session, condition: sa.ColumnElement[bool]) -> Event:
    """Return the last event of a recommendation for which *condition* holds."""
    own = sa.and_(Event.record_type == "recommendation", Event.outcome == "done", condition)
    found = session.scalar(sa.select(Event).where(own).order_by(Event.sequence.desc()).limit(1))
    if found is None:
        raise RuntimeError("a fault cannot be planted: nothing was written")
    return found


IN_DATABASE: dict[str, tuple[Plant, str]] = {
    "event": (delete_event, "without_event"),
    "change": (change_silently, "without_event"),
    "undone": (undo_change, "without_change"),
    "report": (delete_report, "without_change"),
    "relinked": (relink_event, "chain"),
    "rewritten": (rewrite_event, "verification"),
    "unsigned": (delete_checkpoint, "verification"),
}
"""Fault → how it is planted in the database, and the findings that must name it."""


def forget(ledger: Ledger) -> None:
    """Note a write as acknowledged that nobody ever sent."""
    write = Write("drill-never-sent", 1, OPERATIONS["reports"], None, "never sent")
    ledger.acknowledged.append(write)


def repeat_refusal(ledger: Ledger) -> None:
    """Note a write as refused that was acknowledged."""
    ledger.refused.append(ledger.acknowledged[-1].request)


IN_LEDGER: dict[str, tuple[Callable[[Ledger], None], str]] = {
    "forgotten": (forget, "lost"),
    "refused": (repeat_refusal, "false_answers"),
}
"""Fault → how it is planted in the ledger, and the findings that must name it."""


WHOLE = (None, "verification")
"""Kinds of findings for which the whole database must be verified."""


def unproved(url: str, ledger: Ledger, verify: Verify) -> list[str]:
    """Plant every fault in turn, take it back, and return a sentence for each one not found.

    What the *ledger* holds must have been written to the database at *url*, without a fault.
    """
    sound = found_with(url, ledger, verify, nothing, None)
    wrong = [f"a fault where none was planted: {told}" for told in sound]
    for name, (plant, kind) in IN_DATABASE.items():
        if not found_with(url, ledger, verify, plant, kind):
            wrong.append(f"the planted fault {name!r} was not found")
    for name, (spoil, kind) in IN_LEDGER.items():
        spoilt = Ledger(list(ledger.acknowledged), list(ledger.refused))
        spoil(spoilt)
        if not found_with(url, spoilt, verify, nothing, kind):
            wrong.append(f"the planted fault {name!r} was not found")
    return wrong


def found_with(
    url: str, ledger: Ledger, verify: Verify, plant: Plant, kind: str | None
) -> list[str]:
    """Return the findings of one *kind* (None: all) while a fault is planted, and no longer."""
    with opened(url) as database, Session(database.engine) as session:
        plant(session)
        found = findings(session, ledger, Place(), verify if kind in WHOLE else None)
        session.rollback()
    return found.sentences() if kind is None else getattr(found, kind)


def plant_for_good(url: str, ledger: Ledger, name: str | None) -> None:
    """Plant the fault *name* where a drill will look, if it is one of ours."""
    if name in IN_LEDGER:
        IN_LEDGER[name][0](ledger)
    if name in IN_DATABASE:
        with opened(url) as database, Session(database.engine) as session:
            IN_DATABASE[name][0](session)
            session.commit()
