"""The keys of the demonstration: made only by `make run`, in a file only its owner can read."""

import os
from pathlib import Path

from sqlalchemy.orm import Session

from app.database import Database, utcnow
from app.queries.principals import holder
from app.rules.permissions import Actor
from app.rules.vocabularies import Role
from app.services.keys import add_key, secret_hash

KEYS = (
    ("EDITOR", "市工信局 演示经办人", (Role.OFFICE_EDITOR,), "zhengzhou-industry"),
    ("OTHER_EDITOR", "市大数据局 演示经办人", (Role.OFFICE_EDITOR,), "zhengzhou-data"),
    ("SUPERVISOR", "演示督办员", (Role.SUPERVISOR,), "zhengzhou-government"),
    ("ADMIN", "演示管理员", (Role.REGISTRAR, Role.SYSTEM_ADMIN), None),
)
"""Name in the file, name in the history, roles, office."""


def demonstration_keys(database: Database, actor: Actor, path: Path) -> bool:
    """Write the demonstration keys to *path* as shell assignments, unless those there are good."""
    if path.exists() and database.read(lambda session: are_known(session, path)):
        return False

    def make(session: Session) -> str:
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


def are_known(session: Session, path: Path) -> bool:
    """Return whether this database knows every key in the file *path*."""
    secrets = [line.partition("=")[2] for line in path.read_text(encoding="utf-8").split()]
    return all(holder(session, secret_hash(secret), utcnow()) for secret in secrets)
