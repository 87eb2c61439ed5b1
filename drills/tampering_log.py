"""Tampering with the events of the log, with and without hashes that are made to fit."""

import json

import sqlalchemy as sa

from app.audit.rules import chain
from app.audit.signing import Signer
from drills.tampering_checkpoints import (
    CHECKPOINTS,
    EVENTS,
    HEADS,
    OTHER,
    forget_checkpoints,
    read_log,
    set_checkpoint,
    signed_by,
)
from drills.tampering_tools import Attack, Row, altered, rows_of


def write_log(attack: Attack, rows: list[Row]) -> None:
    """Put *rows* in the place of all events."""
    attack.connection.execute(sa.delete(EVENTS))
    attack.connection.execute(sa.insert(EVENTS), rows)


def hash_of(row: Row) -> str:
    """Return the hash that *row* should have."""
    try:
        return chain.event_hash({**row, "at": row["at"].isoformat()})
    except (ValueError, TypeError, AttributeError):  # what it says is no JSON any more
        return chain.seal_of("", str(row))


def fit(rows: list[Row], start: int, stop: int | None = None) -> None:
    """Give the rows from *start* on the hashes that what stands there now should have."""
    for place in range(start, len(rows) if stop is None else stop):
        before = rows[place - 1]["hash"] if place else chain.FIRST_HASH
        rows[place]["previous_hash"] = before
        rows[place]["hash"] = hash_of(rows[place])


def number_anew(rows: list[Row], start: int = 1) -> None:
    """Give *rows* numbers without a gap."""
    for number, row in enumerate(rows, start):
        row["sequence"] = number


def set_head(attack: Attack, rows: list[Row]) -> None:
    """Let the head agree with the last event."""
    last = {name: rows[-1][name] for name in ("sequence", "hash")} | {"event_at": rows[-1]["at"]}
    attack.connection.execute(sa.update(HEADS).values(last))


def refit_checkpoints(attack: Attack, rows: list[Row], signer: Signer | None = None) -> None:
    """Let every checkpoint name the hash of its event, perhaps signed with another key."""
    hashes = {row["sequence"]: row["hash"] for row in rows}
    for row in rows_of(attack, CHECKPOINTS):
        number = row["sequence"]
        values = {"hash": hashes.get(number, row["hash"])}
        if signer is not None:
            values |= signed_by(signer, row | values)
        set_checkpoint(attack, number, values)


COVERED = [name for name in chain.EVENT if name not in ("sequence", "previous_hash")]


def alter_event(attack: Attack, row: Row, names: list[str]) -> str:
    """Alter one of the columns *names* of an event and say which."""
    column, before = EVENTS.columns[attack.dice.choice(names)], dict(row)
    if column.key == "sequence":
        row["sequence"] = attack.dice.choice((-1, 0, 100_000))
    elif column.key == "changes" and attack.dice.random() < 0.7:  # else it may be JSON no more
        row["changes"] = chain.plain_json({**json.loads(row["changes"]), "added": [None, 1]})
    else:
        row[column.key] = altered(attack, column, row[column.key])
    old, new = before[column.key], row[column.key]
    return f"event {before['sequence']}: {column.key} {old!r:.60} → {new!r:.60}"


def edit(attack: Attack) -> str:
    """Edit an event; half the time its own hash is made to fit."""
    rows = read_log(attack)
    row = attack.dice.choice(rows)
    if attack.dice.random() < 0.5:
        told = alter_event(attack, row, list(chain.EVENT)) + ", its own hash fits"
        row["hash"] = hash_of(row)
    else:
        told = alter_event(attack, row, [*chain.EVENT, "hash"])
    write_log(attack, rows)
    return told


def swap(attack: Attack) -> str:
    """Exchange two events: their numbers, or their places with all hashes after made to fit."""
    rows = read_log(attack)
    one, other = sorted(attack.dice.sample(range(len(rows)), 2))
    rows[one], rows[other] = rows[other], rows[one]
    number_anew(rows)
    told = finish(attack, rows, one, KINDS)
    return f"events {one + 1} and {other + 1} exchanged, {told}"


def delete(attack: Attack) -> str:
    """Delete an event: leave a gap, close it in the hashes alone, or number anew as well."""
    rows = read_log(attack)
    place = attack.dice.randrange(len(rows) - 1)
    del rows[place]
    gap = attack.dice.random() < 0.3
    if not gap:
        number_anew(rows)
    told = finish(attack, rows, place, KINDS)
    return f"event {place + 1} deleted{', a gap left' if gap else ''}, {told}"


def insert(attack: Attack) -> str:
    """Insert an event that never was, at the latest before the last one."""
    rows = read_log(attack)
    place = attack.dice.randrange(len(rows))
    forged = dict(attack.dice.choice(rows))
    told = alter_event(attack, forged, COVERED)
    rows.insert(place, forged)
    before_all = place == 0 and attack.dice.random() < 0.5
    number_anew(rows, 0 if before_all else 1)
    return f"inserted at {place + 1}: {told}, {finish(attack, rows, place, KINDS)}"


KINDS = ("as they were", "fitting", "fitting, checkpoints too")
HARDER = (*KINDS[1:], "fitting, checkpoints signed anew", "fitting, checkpoints deleted")
"""How the hashes are after a way that changes the order of events, and after one that rehashes."""


def finish(attack: Attack, rows: list[Row], place: int, kinds: tuple[str, ...]) -> str:
    """Write the log back in one of *kinds*, and say how its hashes are."""
    kind = attack.dice.choice(kinds)
    if kind.startswith("fitting"):
        fit(rows, place)
        set_head(attack, rows)
    if kind.endswith("signed anew"):
        refit_checkpoints(attack, rows, OTHER)
    elif kind.endswith("checkpoints too"):
        refit_checkpoints(attack, rows)
    elif kind.endswith("checkpoints deleted"):
        forget_checkpoints(attack, rows[place]["sequence"])
    write_log(attack, rows)
    return f"hashes {kind}"


def rehash(attack: Attack) -> str:
    """Edit an event and make every hash after it fit, and the head."""
    rows = read_log(attack)
    place = attack.dice.randrange(len(rows))
    told = alter_event(attack, rows[place], COVERED)
    return f"{told}, {finish(attack, rows, place, HARDER)}"


def rewrite(attack: Attack) -> str:
    """Edit an event that was signed and make everything fit: hashes, head, no checkpoint after."""
    rows = read_log(attack)
    place = attack.dice.randrange(rows_of(attack, CHECKPOINTS)[-1]["sequence"])
    told = alter_event(attack, rows[place], COVERED)
    return f"{told}, {finish(attack, rows, place, HARDER[-1:])}"


def cut(attack: Attack) -> str:
    """Cut the last events off."""
    number = len(read_log(attack))
    return shorten(attack, attack.dice.randrange(2, number - 1))


def drop_last(attack: Attack) -> str:
    """Drop the last event."""
    return shorten(attack, 1)


def shorten(attack: Attack, number: int) -> str:
    """Take the last *number* events away, and set the head back as well as the attacker likes."""
    rows = read_log(attack)[:-number]
    last = rows[-1]["sequence"]
    attack.connection.execute(sa.delete(EVENTS).where(EVENTS.c.sequence > last))
    kind = attack.dice.choice(("head left", "head set back", "checkpoints after deleted"))
    if kind != "head left":
        set_head(attack, rows)
    if kind == "checkpoints after deleted":
        forget_checkpoints(attack, last + 1)
    return f"the last {number} of {number + last} events cut off, {kind}"
