"""A later release: each table that events cover has a nullable column more, unknown to any list.

`python -m tests.database.later_release URL` adds the columns to the models and to the database, and
prints as JSON what is found while they are empty, and for each table whether something is found
once its column is filled. In the end nothing of it stands in the database.
"""

import json
import sys
from unittest import mock

import sqlalchemy as sa
from sqlalchemy.orm import Session, mapped_column

from app.audit.queries import verify_records
from app.audit.queries.hanging_rows import HANGING
from app.audit.queries.record_state import CHILDREN, RECORDS
from app.core.config import Settings
from app.core.engines import make_engine


def covered():
    """Return every model whose rows events cover, by its table."""
    hanging = (model for roles in HANGING.values() for model, *_ in roles.values())
    curated = (child for rows in CHILDREN.values() for child, _ in rows)
    return {m.__tablename__: m for m in (*RECORDS.values(), *hanging, *curated)}


def concerned(model):
    """Return the records that rows of *model* are, or hang on, by their kind."""
    return {
        kind: record
        for kind, record in RECORDS.items()
        if model is record
        or model in (other for other, *_ in HANGING.get(record, {}).values())
        or model in (child for child, _ in CHILDREN.get(record, ()))
    }


def is_noticed(session, model):
    """Return whether a record is found false while the new column of *model* is filled."""
    with (
        session.begin_nested() as filling,
        mock.patch.object(verify_records, "RECORDS", concerned(model)),
    ):
        session.execute(sa.update(model.__table__).values(came_later="x"))
        first = next(verify_records.unexplained(session), None)
        filling.rollback()
    return first is not None


def main(url):
    """Print what is found."""
    models = covered()
    for model in models.values():
        model.came_later = mapped_column(sa.Text)
    engine = make_engine(Settings(database_url=url))
    with engine.connect() as connection, Session(connection) as session:
        for name in models:
            connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN came_later TEXT")
        empty = list(verify_records.unexplained(session))
        filled = {name: is_noticed(session, model) for name, model in models.items()}
        connection.rollback()
    print(json.dumps({"empty": empty, "filled": filled}))


if __name__ == "__main__":
    main(sys.argv[1])
