"""The keys of the demonstration: made only by `make run`, in a file only its owner can read."""

import os
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.accounts.queries.demonstration import others
from app.accounts.queries.principals import holder
from app.accounts.rules.demonstration import KEYS
from app.accounts.rules.keys import secret_hash
from app.accounts.services.keys import add_key
from app.core.clock import utcnow
from app.core.database import Database
from app.core.rules.permissions import Actor


def demonstration_keys(database: Database, actor: Actor, path: Path) -> bool:
    """Write the demonstration keys to *path* as shell assignments, unless those there are good."""
    if path.exists() and database.read(lambda session: are_known(session, path)):
        return False

    def make(session: Session) -> str:
        check_alone(session)
        lines = []
        for variable, name, roles, office in KEYS:
            secret = add_key(session, actor, name=name, roles=roles, office=office)
            lines.append(f"{variable}={secret}\n")
        return "".join(lines)

    path.parent.mkdir(parents=True, exist_ok=True)
    content = database.write(make)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    return True


def check_alone(session: Session) -> None:
    """Refuse where there are accounts besides those of a demonstration."""
    if number := others(session):
        raise click.ClickException(f"{number} accounts stand here already: no demonstration keys")


def are_known(session: Session, path: Path) -> bool:
    """Return whether every key stands in the file *path*, and this database knows it."""
    lines = path.read_text(encoding="utf-8").split()
    secrets = {name: secret for name, _, secret in (line.partition("=") for line in lines)}
    if {variable for variable, *_ in KEYS} - secrets.keys():
        return False
    return all(holder(session, secret_hash(secret), utcnow()) for secret in secrets.values())
