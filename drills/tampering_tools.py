"""An attack on a register that is undone afterwards, and how values are altered in it."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.base import Base, CodeText, JsonText, Moment
from app.core.clock import utcnow
from drills.small_register import Register

TABLES = Base.metadata.tables
Row = dict[str, Any]

ABSENT = 999_999
LAST_DAY = date(9998, 1, 1)
"""A day after which another one can still be drawn."""


@dataclass
class Attack:
    """One tampering, in a transaction that is undone: on what, by which dice.

    *witnesses* are those things outside the database of which each must show it; where none is
    named, the database and the public key alone must.
    """

    connection: sa.Connection
    register: Register
    dice: random.Random
    number: int = 0
    seed: int = 0
    witnesses: tuple[str, ...] = ()

    @property
    def is_sqlite(self) -> bool:
        """Return whether the register is in SQLite."""
        return self.connection.dialect.name == "sqlite"


@contextmanager
def undone(register: Register) -> Iterator[sa.Connection]:
    """Give a connection on which no foreign key counts; its changes are undone at the end.

    So would someone with the whole database in hand do, but without the key that signs.
    """
    with register.database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("PRAGMA ignore_check_constraints=ON")
        outer = connection.begin()
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        try:
            yield connection
        finally:
            outer.rollback()
            if sqlite:
                driver.execute("PRAGMA ignore_check_constraints=OFF")
                driver.execute("PRAGMA foreign_keys=ON")


def rows_of(attack: Attack, table: sa.Table) -> list[Row]:
    """Return the rows of *table* in the order they lie there, whatever random keys they have."""
    place = sa.literal_column("rowid" if attack.is_sqlite else "ctid")
    found = attack.connection.execute(sa.select(table).order_by(place))
    return [dict(row._mapping) for row in found]


# -- values --------------------------------------------------------------------------------------


def altered(attack: Attack, column: sa.Column, value: Any) -> Any:
    """Return another value of the type of *column*."""
    other = value
    while other == value:
        if column.nullable and value is not None and attack.dice.random() < 0.2:
            return None
        other = another(attack, column, value)
    return other


def another(attack: Attack, column: sa.Column, value: Any) -> Any:
    """Return a value of the type of *column*, drawn by the dice."""
    if column.foreign_keys:
        return related(attack, column)
    for kind, draw in DRAW.items():
        if isinstance(column.type, kind):
            return draw(attack.dice, column, value)
    raise TypeError(f"{column} has a type that no one can alter yet")


def related(attack: Attack, column: sa.Column) -> Any:
    """Return the key of another row that *column* may name, or of none."""
    if attack.dice.random() < 0.1:
        return ABSENT if isinstance(column.type, sa.Integer) else "nothing"
    target = min(column.foreign_keys, key=str).column
    known = attack.connection.scalars(sa.select(target).distinct().order_by(target)).all()
    return attack.dice.choice(known)


def a_number(dice: random.Random, column: sa.Column, value: int | None) -> int:
    return (value or 0) + dice.choice((-1, 1, 1, 2, 10, 1000))


def a_moment(dice: random.Random, column: sa.Column, value: Any) -> Any:
    seconds = dice.choice((-1, 1)) * dice.choice((0.000001, 1, 60, 86_400, 31_536_000))
    return (value or utcnow()) + timedelta(seconds=seconds)


def a_day(dice: random.Random, column: sa.Column, value: date | None) -> date:
    known = min(value or date(2027, 1, 1), LAST_DAY)
    return known + timedelta(days=dice.choice((-365, -1, 1, 365)))


def a_json(dice: random.Random, column: sa.Column, value: Any) -> Any:
    if isinstance(value, dict):
        return {**value, "added": dice.randrange(1000)}
    shorter = list(value or [])[1:]
    return dice.choice((shorter, [*(value or []), "added"]))


def a_text(dice: random.Random, column: sa.Column, value: str | None) -> str:
    """Return a text with one character less, more or another, or an empty one."""
    value = value or ""
    place = dice.randrange(len(value) + 1)
    mark = dice.choice("0a二")
    choices = ("", value[:place] + mark + value[place:], value[:place] + mark + value[place + 1 :])
    return dice.choice((*choices, *choices[1:]))[: column.type.length]


DRAW: dict[type[Any], Callable[..., Any]] = {
    sa.Boolean: lambda dice, column, value: not value,
    sa.Integer: a_number,
    Moment: a_moment,
    JsonText: a_json,
    CodeText: a_text,
    sa.Date: a_day,
    sa.String: a_text,
}
"""How another value of each type is drawn."""
