"""The record hashes of the scheme before: rows by position, over the columns as they were then.

It compares what stands in a register with the events that an earlier release wrote. Columns that
came since count by name once they are filled, so that no list of columns grows.
"""

from typing import Any

from sqlalchemy.orm import Session

from app.database import as_json, canonical_json
from app.models import AccessKey, Principal
from app.queries import state
from app.queries.former_columns import ALWAYS, LATER, OUTSIDE, POSITIONS

SCHEME = 2
EMPTY: tuple[Any, ...] = (None, [])


def is_state(session: Session, model: type[Any], record: Any, known: str) -> bool:
    """Return whether *known* is the hash of the state of *record* under this scheme.

    Its first releases hashed empty columns that had come later like any others.
    """
    found = state_of(session, model, record)
    later = named(LATER, model)
    shorter = {name: v for name, v in found.items() if v is not None or name not in later}
    return known in (state.hashed(shorter), state.hashed(found))


def state_hash(session: Session, model: type[Any], record: Any, **after: Any) -> str:
    """Return the SHA-256 of *record* as the scheme had it last; *after* as they will be."""
    found, later = state_of(session, model, record) | after, named(LATER, model)
    return state.hashed({n: v for n, v in found.items() if v is not None or n not in later})


def state_of(session: Session, model: type[Any], record: Any) -> dict[str, Any]:
    """Return the columns of *record*, and what hangs on it by its role."""
    names = [*named(POSITIONS, model), *named(LATER, model)]
    found = {name: getattr(record, name) for name in names}
    found |= {name: v for name in since(model) if (v := getattr(record, name)) not in EMPTY}
    if model is Principal:
        found |= state.of_principal(session, record)
    hung = state.hanging(session, model, record, positional)
    if model is AccessKey:
        hung["secrets"].sort(key=canonical_json)
    always = named(ALWAYS, model)
    return found | {role: rows for role, rows in hung.items() if rows or role in always}


def positional(model: type[Any], row: Any) -> list[Any]:
    """Return the values of *row* by position, then what came later by name, if it is filled."""
    more = sorted([*named(LATER, model), *since(model)])
    filled = [[name, as_json(v)] for name in more if (v := getattr(row, name)) not in EMPTY]
    return [as_json(getattr(row, name)) for name in named(POSITIONS, model)] + filled


def children_hashes(session: Session, model: type[Any], ids: list[int]) -> dict[int, str]:
    """Return the SHA-256 of all rows that hang on the curated records *ids* of *model*, by id."""
    return state.children_hashes(session, model, ids, child)


def child(model: type[Any], row: Any) -> list[Any]:
    """Return a row from the curated files: its table, then its values in the order of names."""
    filled = [[name, as_json(v)] for name in since(model) if (v := getattr(row, name)) not in EMPTY]
    values = [as_json(getattr(row, name)) for name in sorted(named(POSITIONS, model))]
    return [model.__tablename__, *values, *filled]


def named(lists: dict[str, str], model: type[Any]) -> list[str]:
    """Return the names that one of the frozen *lists* has for *model*."""
    return lists.get(model.__tablename__, "").split()


def since(model: type[Any]) -> list[str]:
    """Return the columns of *model* that came after the lists were frozen, in order of names."""
    known = {name for lists in (POSITIONS, LATER, OUTSIDE) for name in named(lists, model)}
    return sorted(set(state.columns_of(model)) - known - state.DERIVED.get(model, frozenset()))
