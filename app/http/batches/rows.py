"""The rows of a batch: what each names, as it came in, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from app.core.queries.keyset import LONGEST_ID
from app.core.rules.permissions import Actor
from app.core.schemas.batches import ROW_BY_ROW
from app.core.schemas.load import Load
from app.core.schemas.messages import say
from app.core.types import Function, Given, Model, Values
from app.http.pipeline import Find

Called = Function
"""(session, actor, name) → the record so called that the actor may see, or None."""


@dataclass(frozen=True)
class RowTarget:
    """What rows name: records of *model*, which *find* finds, called *kind* in events."""

    find: Called
    model: Model
    kind: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What a batch does in each row: what the operation *single* does, with its *body*.

    A row names a record *of* some kind; without one it makes a new one. Where the single operation
    needs the version that was seen, a row is held to it too. *status* is that of the single one.
    Of the *parts* that a body lists all rows have MOST_PARTS at most.
    """

    single: str
    body: type[Schema]
    of: RowTarget | None = None
    versioned: bool = True
    status: int = 200
    parts: str = ""

    @property
    def name(self) -> str:
        """The name of the operation."""
        return f"{self.single}Batch"


@dataclass(frozen=True)
class GivenRow:
    """A row as it came in: its *values*, or what is *wrong* with them."""

    values: Values
    wrong: Given | None = None

    @property
    def record(self) -> str:
        """The name of the record that it is about; none where it makes one, or is malformed."""
        return str(self.values.get("record", ""))


def named(by_number: Find, by_reference: Called) -> Called:
    """Return what finds a record by its number or its reference."""

    def find(session: Session, actor: Actor, name: str) -> object:
        return (
            by_number(session, actor, int(name))
            if is_number(name)
            else by_reference(session, actor, name)
        )

    return find


def is_number(name: str) -> bool:
    """Return whether *name* is the number of a record and no reference."""
    return name.isascii() and name.isdecimal() and len(name) <= LONGEST_ID


def key_of(name: str) -> str:
    """Return under which name versions() gives the version of the record called *name*."""
    return str(int(name)) if is_number(name) else name


MOST_PARTS = 1_000
"""So many recommendations are entered in about two seconds."""


def load_rows(schema: Schema, parts: str) -> Load:
    """Return what loads a batch of *schema*: its mode, and its rows as they were GivenRow.

    Raises ValidationError for a batch that is malformed, or has too many *parts* in all; where each
    row is by itself, a malformed row is one that holds what is wrong.
    """
    row: Schema = vars(schema.fields["rows"])["inner"].schema

    def load(sent: Values) -> Values:
        try:
            values: Values = schema.load(sent)
        except ValidationError as error:
            wrong = error.messages_dict
            if not only_rows(wrong) or sent["mode"] != ROW_BY_ROW:
                raise
            return {"mode": ROW_BY_ROW, "rows": sorted_out(row, sent["rows"], wrong["rows"])}
        return values | {"rows": [GivenRow(one) for one in values["rows"]]}

    def bounded(sent: Values) -> Values:
        values = load(sent)
        bodies = [row.values["body"] for row in values["rows"] if row.wrong is None]
        if parts and sum(len(body[parts]) for body in bodies) > MOST_PARTS:
            raise ValidationError({"rows": [TOO_MANY]})
        return values

    return bounded


TOO_MANY = say(
    f"各行的建议合计最多 {MOST_PARTS} 条，请分批发送",
    f"must have at most {MOST_PARTS} recommendations in all; send several batches",
)


def only_rows(wrong: Mapping[str, object]) -> bool:
    """Return whether nothing is *wrong* with a batch but with some of its rows."""
    return wrong.keys() == {"rows"} and isinstance(wrong["rows"], dict)


def sorted_out(
    row: Schema, sent: Sequence[Values], wrong: Mapping[int, Values | list[str]]
) -> list[GivenRow]:
    """Return the rows that were *sent*, those of *wrong* with what is wrong."""
    return [
        GivenRow({}, as_named(wrong[n])) if n in wrong else GivenRow(row.load(one))
        for n, one in enumerate(sent)
    ]


def as_named(messages: Values | list[str]) -> Values:
    """Return what is wrong with a row by its field."""
    return messages if isinstance(messages, dict) else {"_schema": messages}


def versions(session: Session, model: Model, names: Sequence[str]) -> dict[str, int]:
    """Return the version of each record of *model* that is so called, by reference and number.

    Whoever asks is told nothing of it: it is compared.
    """
    table = model.__table__.c
    numbers = [int(name) for name in names if is_number(name)]
    rows = sa.select(table.id, table.reference, table.version).where(
        sa.or_(table.id.in_(numbers), table.reference.in_(names))
    )
    found: dict[str, int] = {}
    for number, reference, version in session.execute(rows):
        found |= {str(number): version, reference: version}
    return found


Work = Function
"""(call, record, values) → the record that was changed or made, or what was asked for."""
