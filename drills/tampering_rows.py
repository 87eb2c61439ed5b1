"""Changing a row behind the log's back: which tables are tried, and which are not."""

import random
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.audit.rules.chain import FILES, lines_of, seal_of
from drills.tampering_tools import TABLES, Attack, Row, altered, rows_of

LOG = ("events", "checkpoints")
"""Tables that the ways of tampering with the log change."""

EXPLAINED = (
    "heads", "documents", "corrections", "stretches", "organizations", "organization_names",
    "sessions", "persons",
    "principals", "principal_roles", "access_keys", "key_secrets", "proposals", "proposers",
    "passages", "recommendations", "recommendation_tags", "recommendation_offices", "lineage",
    "progress_reports", "tags", "recommendation_counts", "sealed_values", "approvals",
    "calendar_editions", "rule_profiles", "label_schemes", "category_schemes", "proposal_marks",
    "assignments", "tasks", "task_counts",
    "extensions", "replies", "reply_points", "countersignatures", "contacts", "evaluations",
    "commitments", "milestones", "remarks", "notices", "files", "attachments",
    "cosignatures", "delay_explanations", "presses", "seed_records", "exchanges", "withholdings",
    "searched_texts", "state_periods",
)  # fmt: skip
"""Tables of which every row and every column must be what the log explains."""

OUT_OF_SCOPE = {
    "attempt_counts": "how many attempts of this hour are told one by one: counts, not records",
    "approvals.personal": "names that wait for a decision and go with it: events hold their seals,"
    " without which nothing is carried out; verify compares them",
    "approvals.staged": "curated files that wait for a decision and go with it: events hold their"
    " digest, without which nothing is carried out; verify compares it",
    "buckets": "how many requests a caller may still send: refills by itself",
    "searched_texts.id": "a number that the index of words names its rows by, and nothing else",
    "state_periods.id": "a number that the index of periods names its rows by, and nothing else",
    "readiness": "a number that is counted up to find out whether anything can be kept",
    "failed_sign_ins": "counts that lock a network out for minutes: not a record",
    "replays": "copies of answers, given again for seven days: what was written is in the records",
    "sign_ins": "who is signed in to the pages for half an hour: what they do is in the records",
    "unsent_forms": "what somebody typed and has not sent: no record until it is sent",
    "verifications": "when a command verified the register: what it found is printed by it alone",
}
"""Tables and columns that are no records, each with the reason. Outside the models stands
alembic_version alone: which migrations were run."""

INDEX = {
    "notices": "what brought a recommendation to mind: no duty follows from it, and no event is"
    " written for it, so that no clerk meets another version; verify finds what no table gives",
    "tasks.id": "a number for answers alone: of these tasks only notices name it",
    "tasks.began_on": "since when it lies on the desk: reminders are counted from it",
    "tasks.fired_until": "until when it was looked at",
}
"""Rows, or columns of rows, that follow from the state of a recommendation without being told by
it, each with the reason why no event covers them. What ended of them is kept for its notices."""

UNTOLD = (
    *(("seed_records", column.key) for column in TABLES["seed_records"].columns),
    ("seed_records", "+row"), ("seed_records", "-row"),
    ("progress_reports", "id"), ("heads", "vocabulary_version"),
)  # fmt: skip
"""What no event tells of one by one: it is counted together, or follows from their numbers."""

DRAWS = 50
"""How often a change is drawn anew when the database itself refuses it."""


def spots(seed: int) -> list[tuple[str, str]]:
    """Return every column that is to be changed, and per table a row to be added and removed."""
    found = [
        (name, column.key)
        for name in EXPLAINED
        for column in TABLES[name].columns
        if f"{name}.{column.key}" not in OUT_OF_SCOPE
    ]
    found += [(name, kind) for name in EXPLAINED for kind in ("+row", "-row")]
    found += [("sealed_values", "+sealed"), ("sealed_values", "restored")]
    random.Random(f"spots {seed}").shuffle(found)
    return found


def behind(attack: Attack) -> str:
    """Change, add or remove a row of a record, and leave the log as it is."""
    return change_one(attack, spots(attack.seed))


def numbers(attack: Attack) -> str:
    """Change what no event tells of one by one."""
    return change_one(attack, UNTOLD)


def change_one(attack: Attack, every: Sequence[tuple[str, str]]) -> str:
    """Do what stands in *every* at the number of this attack."""
    name, spot = every[attack.number % len(every)]
    table = TABLES[name]
    drop_checks(attack, table)
    known = [
        row for row in rows_of(attack, table)
        if not means_nothing(table, row) and not is_index(attack, table, row, spot)
    ]  # fmt: skip
    for _ in range(DRAWS):
        row = attack.dice.choice(known)
        try:
            with attack.connection.begin_nested():
                return f"{name}.{spot}: {CHANGE.get(spot, change_column)(attack, table, row, spot)}"
        except DBAPIError:  # a key that stands there already: drawn anew
            continue
    raise RuntimeError(f"nothing could be done to {name}.{spot}")


def drop_checks(attack: Attack, table: sa.Table) -> None:
    """Take the checks from *table*: only SQLite can just ignore them."""
    if attack.is_sqlite:
        return
    named = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
    for name in attack.connection.exec_driver_sql(named, (table.name,)).scalars().all():
        attack.connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}")


def own(table: sa.Table, row: Row) -> Any:
    """Return the condition that holds for *row* alone."""
    return sa.and_(*(column == row[column.key] for column in table.primary_key))


def means_nothing(table: sa.Table, row: Row) -> bool:
    """Return whether *row* says the same as no row: a counter that counts nothing."""
    return table.name in ("recommendation_counts", "task_counts") and row["number"] == 0


def is_index(attack: Attack, table: sa.Table, row: Row, spot: str) -> bool:
    """Return whether *row* follows from a recommendation, which does not tell its *spot*."""
    if table.name == "tasks":
        ended = row["ended_on"] is not None and spot not in ("+row", "-row")
        return follows(row) and (ended or f"tasks.{spot}" in INDEX)
    if table.name != "notices":
        return False
    own = sa.select(TABLES["tasks"]).where(TABLES["tasks"].c.id == row["task_id"])
    return follows(attack.connection.execute(own).one()._mapping)


def follows(task: Any) -> bool:
    """Return whether *task* follows from the state of a recommendation."""
    owners = (task["assignment_id"], task["commitment_id"])
    return owners == (None, None) and task["recommendation_id"] is not None


def told(table: sa.Table, row: Row) -> str:
    """Return how *row* is called in a report."""
    names = [column.key for column in table.primary_key]
    marks = [name for name in ("withdrawn_at", "revoked_at", "erased_at") if row.get(name)]
    return " ".join([*(f"{name}={str(row[name])[:16]}" for name in names), *marks])


def change_column(attack: Attack, table: sa.Table, row: Row, spot: str) -> str:
    """Give one column of *row* another value."""
    column = table.columns[spot]
    value = altered(attack, column, row[spot])
    attack.connection.execute(sa.update(table).where(own(table, row)).values({column: value}))
    return f"{told(table, row)}: {row[spot]!r:.60} → {value!r:.60}"


def remove_row(attack: Attack, table: sa.Table, row: Row, spot: str) -> str:
    """Delete *row*."""
    attack.connection.execute(sa.delete(table).where(own(table, row)))
    return told(table, row)


def add_row(attack: Attack, table: sa.Table, row: Row, spot: str) -> str:
    """Add a copy of *row* under another key, sometimes with another value besides."""
    added = dict(row)
    changed = [attack.dice.choice(list(columns)) for columns in unique(table)]
    others = [column for column in table.columns if not column.primary_key]
    if others and attack.dice.random() < 0.5:
        changed.append(attack.dice.choice(others))
    for column in changed:
        added[column.key] = altered(attack, column, added[column.key])
    if "id" in table.columns:
        added["id"] = attack.connection.scalar(sa.select(sa.func.max(table.c.id))) + 1
    while means_nothing(table, added):
        added["number"] += 1
    attack.connection.execute(sa.insert(table).values(added))
    return f"{told(table, added)} after {told(table, row)}, {[c.key for c in changed]} altered"


def unique(table: sa.Table) -> list[Any]:
    """Return the sets of columns that no two rows of *table* share, but for a number of its own."""
    found = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    found += [index for index in table.indexes if index.unique]
    return [each.columns for each in (*found, table.primary_key) if "id" not in each.columns]


def add_sealed(attack: Attack, table: sa.Table, row: Row, spot: str) -> str:
    """Add a value under a seal that is truly its own, though nobody ever sealed it."""
    added = {**row, "salt": "0" * 64, "value": f"value {attack.dice.random()}", "erased_at": None}
    added["seal"] = seal_of(added["salt"], added["value"])
    attack.connection.execute(sa.insert(table).values(added))
    return told(table, added)


def restore(attack: Attack, table: sa.Table, row: Row, spot: str) -> str:
    """Bring an erased name back from a bundle that was exported before."""
    bundles = attack.register.bundles
    known = {name["seal"]: name for bundle in bundles for name in lines_of(bundle, FILES[2])
             if name["salt"]}  # fmt: skip
    erased = [row for row in rows_of(attack, table) if row["salt"] is None and row["seal"] in known]
    row = attack.dice.choice(erased)
    change = {**known[row["seal"]], "erased_at": None}
    attack.connection.execute(sa.update(table).where(own(table, row)).values(change))
    return told(table, row)


CHANGE = {"+row": add_row, "-row": remove_row, "+sealed": add_sealed, "restored": restore}
"""What is done beside changing a column."""
