"""The record hashes of the scheme before: rows by position, over the columns as they were then.

It compares what stands in a register with the events that an earlier release wrote. Columns that
came since count by name once they are filled, so that no list of columns grows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit.queries import record_state
from app.audit.queries.former_columns import ALWAYS, LATER, OUTSIDE, POSITIONS
from app.audit.queries.hanging_rows import Hung, hanging_on
from app.core import base
from app.core.canonical_json import as_json, canonical_json
from app.core.types import Model, Row, Values
from app.models import AccessKey, Principal

SCHEME = 2
EMPTY: tuple[Any, ...] = (None, [])


@dataclass(frozen=True)
class Columns:
    """The columns of a model: hashed by *position*, those that came *later*, those *since*."""

    position: tuple[str, ...]
    later: tuple[str, ...]
    since: tuple[str, ...]


def is_state(session: Session, model: Model, record: object, known: str, hung: Hung) -> bool:
    """Return whether *known* is the hash of the state of *record* under this scheme.

    Its first releases hashed empty columns that had come later like any others.
    """
    whole = state_of(session, model, record, hung)
    return known in (record_state.hashed(without_later(model, whole)), record_state.hashed(whole))


def state_hash(session: Session, model: Model, record: object, **after: Any) -> str:
    """Return the SHA-256 of *record* as the scheme had it last; *after* are columns to be."""
    return record_state.hashed(without_later(model, state_of(session, model, record) | after))


def without_later(model: Model, whole: Values) -> Values:
    """Return the *whole* state of a record of *model* without empty columns that came later."""
    later = columns_of(model).later
    return {name: v for name, v in whole.items() if v is not None or name not in later}


def state_of(session: Session, model: Model, record: Any, hung: Hung | None = None) -> Values:
    """Return the columns of *record*, and what hangs on it by its role: read, if not given."""
    names = columns_of(model)
    whole = {name: getattr(record, name) for name in (*names.position, *names.later)}
    whole |= filled(record, names.since)
    if model is Principal:
        whole |= record_state.of_principal(session, record)
    if hung is None:
        hung = hanging_on(session, model, record.id)
    shown = record_state.hung_as(model, hung, by_position)
    if model is AccessKey:
        shown["secrets"].sort(key=canonical_json)
    always = names_for(ALWAYS, model)
    return whole | {role: rows for role, rows in shown.items() if rows or role in always}


def by_position(model: Model, row: Row) -> list[Any]:
    """Return the values of *row* by position, then what came later by name, if it is filled."""
    names = columns_of(model)
    more = filled(row, sorted(names.later + names.since))
    return [*(as_json(getattr(row, name)) for name in names.position), *map(list, more.items())]


def children_hashes(session: Session, model: Model, ids: list[int]) -> dict[int, str]:
    """Return the SHA-256 of all rows that hang on the curated records *ids* of *model*, by id."""
    return record_state.children_hashes(session, model, ids, with_table)


def with_table(model: Model, row: Row) -> list[Any]:
    """Return a row from the curated files: its table, then its values in the order of names."""
    names = columns_of(model)
    values = (as_json(getattr(row, name)) for name in sorted(names.position))
    return [model.__tablename__, *values, *map(list, filled(row, names.since).items())]


def filled(row: Row, names: Iterable[str]) -> Values:
    """Return those of the columns *names* of *row* that are not empty, as JSON values."""
    values = ((name, getattr(row, name)) for name in names)
    return {name: as_json(value) for name, value in values if value not in EMPTY}


COLUMNS: dict[Model, Columns] = {}
"""The columns by model, once they were asked for."""


def columns_of(model: Model) -> Columns:
    """Return the columns of *model* by what becomes of them in a hash of this scheme."""
    if model not in COLUMNS:
        COLUMNS[model] = sorted_out(model)
    return COLUMNS[model]


def sorted_out(model: Model) -> Columns:
    """Return the same, from the lists and the model as it is."""
    position, later, outside = (names_for(lists, model) for lists in (POSITIONS, LATER, OUTSIDE))
    known = {*position, *later, *outside, *record_state.DERIVED.get(model, frozenset())}
    since = sorted(set(base.columns_of(model)) - known)
    return Columns(position, later, tuple(since))


def names_for(lists: dict[str, str], model: Model) -> tuple[str, ...]:
    """Return the names that one of the frozen *lists* has for *model*."""
    return tuple(lists.get(model.__tablename__, "").split())
