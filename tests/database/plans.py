"""How a database finds what a statement asks for."""

import sqlalchemy as sa


def plan_of(database, statement):
    """Return the plan of *statement*, whose values are known, where looking up costs nothing."""
    dialect = database.engine.dialect
    text = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"

    def read(session):
        if dialect.name == "postgresql":  # a few hundred rows are sorted rather than looked up
            session.execute(sa.text("SET LOCAL enable_sort = off"))
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        return str(session.connection().exec_driver_sql(f"{explain} {text}").all())

    return database.read(read)
