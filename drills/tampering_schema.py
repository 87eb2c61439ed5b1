"""Tampering with what the database is made of: what it keeps apart, and what it lets happen."""

from collections.abc import Callable

import sqlalchemy as sa

from drills.tampering_tools import TABLES, Attack


def run(attack: Attack, statement: str) -> str:
    """Run *statement* and return it."""
    attack.connection.exec_driver_sql(statement)
    return statement


def some_table(attack: Attack) -> str:
    """Return the name of a table, drawn by the dice."""
    return attack.dice.choice(sorted(TABLES))


def drop_index(attack: Attack) -> str:
    """Drop an index, perhaps one that lets no value stand twice."""
    names = sorted(str(index.name) for table in TABLES.values() for index in table.indexes)
    return run(attack, f"DROP INDEX {attack.dice.choice(names)}")


def add_index(attack: Attack) -> str:
    """Add an index."""
    table = TABLES[some_table(attack)]
    column = attack.dice.choice([column.key for column in table.columns])
    return run(attack, f'CREATE INDEX added ON {table.name} ("{column}")')


def add_trigger(attack: Attack) -> str:
    """Add a trigger that swallows what is written."""
    name = some_table(attack)
    if attack.is_sqlite:
        return run(
            attack,
            f"CREATE TRIGGER added BEFORE UPDATE ON {name} BEGIN SELECT RAISE(IGNORE); END",
        )
    run(attack, "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL;"
                " END'")  # fmt: skip
    return run(
        attack,
        f"CREATE TRIGGER added BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION swallow()",
    )


def make_view(attack: Attack) -> str:
    """Put a view in the place of a table, which shows what the attacker likes."""
    name = some_table(attack)
    run(attack, f"ALTER TABLE {name} RENAME TO behind_it")
    return run(attack, f"CREATE VIEW {name} AS SELECT * FROM behind_it")


def add_column(attack: Attack) -> str:
    """Add a column."""
    return run(attack, f"ALTER TABLE {some_table(attack)} ADD COLUMN added TEXT")


def loosen(attack: Attack) -> str:
    """Take a check or a key from a table, or let its rows go unchecked."""
    name = some_table(attack)
    if attack.is_sqlite:  # the text itself, as whoever has the file can
        run(attack, "PRAGMA writable_schema = ON")
        told = run(
            attack,
            "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', ' NULL')"
            f" WHERE type = 'table' AND name = '{name}'",
        )
        run(attack, "PRAGMA writable_schema = OFF")
        return told
    found = attack.connection.scalars(
        sa.text("SELECT conname FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid ="
                " CAST(:name AS regclass)"), {"name": name},
    ).all()  # fmt: skip
    if not found:
        return run(attack, f"CREATE RULE added AS ON DELETE TO {name} DO INSTEAD NOTHING")
    return run(attack, f"ALTER TABLE {name} DROP CONSTRAINT {attack.dice.choice(sorted(found))}")


LOOSENING: tuple[Callable[[Attack], str], ...] = (
    drop_index, add_index, add_trigger, make_view, add_column, loosen,
)  # fmt: skip


def alter_schema(attack: Attack) -> str:
    """Alter the schema in one of the ways, each in its turn."""
    return LOOSENING[attack.number % len(LOOSENING)](attack)
