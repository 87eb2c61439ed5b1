"""The declarative base, the types of columns, and the row that every write takes turns at."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    declared_attr,
    mapped_column,
)

from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.core.codes import LabelledEnum
from app.core.types import Values


class Moment(sa.TypeDecorator[datetime]):
    """A moment, stored in UTC; refuses a datetime without a time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an aware datetime into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Read UTC: SQLite holds text without its zone; PostgreSQL's connections are in UTC."""
        return utc_text if dialect.name == "sqlite" else None


def utc_text(value: str | None) -> datetime | None:
    """Return the moment that SQLite holds as text, with its zone."""
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Members(dict[str | None, str | None]):
    """Code → member; what is no code stands for itself."""

    def __missing__(self, code: str | None) -> str | None:
        """Return *code* as it is."""
        return code


class CodeText(sa.TypeDecorator[LabelledEnum]):
    """A code of the closed list *codes*, in a text column of *length* characters.

    What is read is a member of the list. Text that is no code of it, which only a hand behind the
    program's back or a later release writes, is read as it stands: verification must tell of it.
    """

    impl = sa.String
    cache_ok = True

    def __init__(self, codes: type[LabelledEnum], length: int) -> None:
        """Hold codes of *codes*."""
        self.codes = codes
        super().__init__(length)

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Write the code alone."""
        return None if value is None else str(value)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Read the member that has the code."""
        return Members({member.value: member for member in self.codes}).__getitem__


class JsonText(sa.TypeDecorator[Any]):
    """A JSON value in a text column, opaque to the database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: sa.Dialect) -> str | None:
        """Write canonical JSON: sorted keys, no spaces, characters as they are."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Read the JSON back."""
        return None if value is None else json.loads(value)


Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""BIGINT, which SQLite only numbers by itself when it is called INTEGER."""


class Base(DeclarativeBase):
    """What every table shares: its metadata and the types of plain annotations."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {int: sa.BigInteger, datetime: Moment, str: sa.Text}


def columns_of(model: type) -> list[str]:
    """Return the names of the columns of *model*."""
    return list(sa.inspect(model).column_attrs.keys())


@sa.event.listens_for(Base, "attribute_instrument", propagate=True)
def keep_members(owner: type[Base], name: str, attribute: InstrumentedAttribute) -> None:
    """Let a record hold members of its lists only, whatever text they are set from.

    Setting text that is no code of the list raises ValueError.
    """
    columns = getattr(attribute.property, "columns", ())
    if not columns or not isinstance(columns[0].type, CodeText):
        return
    codes = columns[0].type.codes

    @sa.event.listens_for(attribute, "set", retval=True)
    def member(record: Base, value: str | None, before: object, event: object) -> str | None:
        return None if value is None else codes(value)


class Tracked:
    """A record with a number, a version that refuses stale writes, and its times."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def called(self) -> str:
        """How the history calls it: by its reference, or its slug where it has none."""
        own: Any = self
        return str(own.reference if hasattr(own, "reference") else own.slug)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> Values:
        """Let the version column decide each UPDATE."""
        return {"version_id_col": cls.__dict__.get("version", cls.version)}


class Head(Base):
    """The one row that every writing transaction locks first, so that writes come one by one.

    It holds the last event's sequence, hash and moment, the version of the cached vocabulary, and
    the last event that a checkpoint covers, with the moment of that checkpoint. *writes* counts
    the transactions that wrote, those too that no event tells of.
    """

    __tablename__ = "heads"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
    vocabulary_version: Mapped[int]
    checkpoint_sequence: Mapped[int] = mapped_column(server_default="0")
    checkpoint_at: Mapped[datetime | None]
    event_at: Mapped[datetime | None]
    writes: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
