"""Bringing a database to the newest revision, and finding which one it is at."""

import sqlalchemy as sa
from sqlalchemy import Engine

from app.config import ROOT

NEWEST_REVISION = max(p.name[:4] for p in (ROOT / "migrations" / "versions").glob("0*.py"))


def revision_of(engine: Engine) -> str | None:
    """Return the revision that the database of *engine* is at, or None before the first."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def has_checkpoints(engine: Engine) -> bool:
    """Return whether the database of *engine*, of any revision, holds a signed checkpoint."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("checkpoints"):
            return False
        return connection.scalar(sa.text("SELECT 1 FROM checkpoints LIMIT 1")) is not None


def upgrade(engine: Engine) -> None:
    """Run every migration that the database of *engine* lacks."""
    from alembic import command  # only here: a server that starts does not pay for it
    from alembic.config import Config

    config = Config(toml_file=ROOT / "pyproject.toml")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
