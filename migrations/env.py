"""How Alembic reaches the database: through the application's own settings and engine."""

from alembic import context

from app.core.base import Base
from app.core.config import read_settings
from app.core.engines import make_engine
from app.models import Recommendation  # noqa: F401  (registers every table)


def run(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(read_settings()).connect() as connection:
        run(connection)
