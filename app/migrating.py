"""Bringing a database to the newest revision."""

from sqlalchemy import Engine

from app.config import ROOT


def upgrade(engine: Engine) -> None:
    """Run every migration that the database of *engine* lacks."""
    from alembic import command  # only here: a server that starts does not pay for it
    from alembic.config import Config

    config = Config(toml_file=ROOT / "pyproject.toml")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
