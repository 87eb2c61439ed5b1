"""Tampering with checkpoints: forged, moved, added, deleted."""

from collections.abc import Callable

import sqlalchemy as sa

from app.audit.rules import chain
from app.audit.signing import Signer
from drills.tampering_tools import TABLES, Attack, Row, altered, rows_of

EVENTS, CHECKPOINTS, HEADS = (TABLES[name] for name in ("events", "checkpoints", "heads"))
OTHER = Signer(bytes(range(32)))
"""The attacker's own key."""

OUTSIDE = ("copy", "receipt", "anchor")
"""What lies outside the database: a copy of the checkpoints, the receipt of a write, and what the
host of the register remembers."""

UNTOUCHED = ("copy", "anchor")
"""Those that tell also when every event stands as it was."""


def read_log(attack: Attack) -> list[Row]:
    """Return the events in their order."""
    found = attack.connection.execute(sa.select(EVENTS).order_by(EVENTS.c.sequence))
    return [dict(row._mapping) for row in found]


def know_newest(attack: Attack) -> None:
    """Let the head agree with the newest checkpoint that stands there."""
    newest = sa.select(CHECKPOINTS.c.sequence, CHECKPOINTS.c.at)
    last = attack.connection.execute(newest.order_by(CHECKPOINTS.c.sequence.desc())).first()
    known = {"checkpoint_sequence": last.sequence if last else 0}
    known["checkpoint_at"] = last.at if last else None
    attack.connection.execute(sa.update(HEADS).values(known))


def forget_checkpoints(attack: Attack, first: int) -> None:
    """Delete the checkpoints from the event *first* on, and let the head know of none of them.

    With them goes the last thing in the database that the attacker cannot make anew. What stands
    there then is a register as it may have been: no check that looks at the database alone can
    tell. A copy of the checkpoints outside tells, and so do a receipt and the anchor.
    """
    attack.connection.execute(sa.delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence >= first))
    know_newest(attack)
    attack.witnesses = OUTSIDE


def signed_by(signer: Signer, row: Row) -> Row:
    """Return the signature of the checkpoint *row* and the name of the key it was made with."""
    text = chain.signed_text({**row, "at": row["at"].isoformat()})
    return {"signature": signer.sign(text), "key_id": signer.key_id}


def set_checkpoint(attack: Attack, number: int, values: Row) -> None:
    """Change the checkpoint at the event *number*."""
    own = CHECKPOINTS.c.sequence == number
    attack.connection.execute(sa.update(CHECKPOINTS).where(own).values(values))


def forge(attack: Attack) -> str:
    """Forge a checkpoint in one of the ways of FORGING, each in its turn; the head agrees."""
    row = attack.dice.choice(rows_of(attack, CHECKPOINTS))
    told = FORGING[attack.number % len(FORGING)](attack, row)
    know_newest(attack)
    return f"checkpoint {row['sequence']} {told}"


def free_event(attack: Attack) -> Row:
    """Return the number and the hash of an event that has no checkpoint."""
    taken = {row["sequence"] for row in rows_of(attack, CHECKPOINTS)}
    found = attack.dice.choice([row for row in read_log(attack) if row["sequence"] not in taken])
    return {"sequence": found["sequence"], "hash": found["hash"]}


def free_number(attack: Attack) -> int:
    """Return a number that no checkpoint has."""
    highest = attack.connection.scalar(sa.select(sa.func.max(CHECKPOINTS.c.number)))
    return (highest or 0) + attack.dice.choice((1, 1, 5))


def take_from_the_middle(attack: Attack) -> str:
    """Delete a checkpoint that another one comes after: its number is missed."""
    row = attack.dice.choice(rows_of(attack, CHECKPOINTS)[:-1])
    own = CHECKPOINTS.c.sequence == row["sequence"]
    attack.connection.execute(sa.delete(CHECKPOINTS).where(own))
    return f"checkpoint {row['number']} at event {row['sequence']} deleted"


def forget_all(attack: Attack) -> str:
    """Delete every checkpoint, as if nothing had ever been signed."""
    forget_checkpoints(attack, 0)
    attack.witnesses = UNTOUCHED
    return "every checkpoint deleted, the head reset"


def alter_checkpoint(attack: Attack, row: Row) -> str:
    """Alter one column of a checkpoint."""
    column = attack.dice.choice(list(CHECKPOINTS.columns))
    if column.primary_key:
        value = free_event(attack)["sequence"]
    elif column.key == "number":
        value = attack.dice.choice((None, free_number(attack)))
    else:
        value = altered(attack, column, row[column.key])
    set_checkpoint(attack, row["sequence"], {column.key: value})
    return f"altered: {column.key} {row[column.key]!r:.40} → {value!r:.40}"


def sign_anew(attack: Attack, row: Row) -> str:
    """Sign a checkpoint with another key, perhaps under the name of the true one."""
    values = signed_by(OTHER, row)
    if attack.dice.random() < 0.5:
        values["key_id"] = row["key_id"]
    set_checkpoint(attack, row["sequence"], values)
    return f"signed with another key, named {values['key_id']}"


def move_checkpoint(attack: Attack, row: Row) -> str:
    """Let a checkpoint stand for another event, with its hash, perhaps signed anew."""
    values = free_event(attack)
    if attack.dice.random() < 0.5:
        values |= signed_by(OTHER, row | values)
    set_checkpoint(attack, row["sequence"], values)
    return f"moved to event {values['sequence']}"


def insert_checkpoint(attack: Attack, row: Row) -> str:
    """Add a checkpoint at an event that has none, signed with another key or as another was."""
    added = {**row, **free_event(attack), "number": free_number(attack)}
    if attack.dice.random() < 0.5:
        added |= signed_by(OTHER, added)
    attack.connection.execute(sa.insert(CHECKPOINTS).values(added))
    return f"added again at event {added['sequence']}"


def delete_checkpoint(attack: Attack, row: Row) -> str:
    """Delete a checkpoint and all after it: the chain stays whole, only what is outside tells."""
    forget_checkpoints(attack, row["sequence"])
    attack.witnesses = UNTOUCHED
    return "and all after it deleted"


FORGING: tuple[Callable[[Attack, Row], str], ...] = (
    alter_checkpoint,
    sign_anew,
    move_checkpoint,
    insert_checkpoint,
    delete_checkpoint,
)
