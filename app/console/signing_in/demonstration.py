"""The parts of a demonstration, offered on the page for signing in.

Only where the settings name the file of its keys, no account stands here but those made with it,
and whoever asks sits at this very machine or comes by https.
"""

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from flask import request

from app.accounts.queries.demonstration import known_parts, others
from app.accounts.rules.demonstration import KEYS
from app.console.signing_in.connections import is_on_this_machine
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.types import Row
from app.http.requests import database, settings

LINE = re.compile(r"^(\w+)=(prk_\S+)$", re.M)
LONGEST_FILE = 16 * 1024
OTHERS = stat.S_IRWXO


@dataclass(frozen=True)
class DemonstrationPart:
    """A part that somebody may play: its name in the file, its role, and who plays it."""

    name: str
    role: str
    player: str
    office: str | None


def parts() -> list[DemonstrationPart]:
    """Return the parts that are offered here and now, in the order of their table."""
    found = known()
    return [
        DemonstrationPart(name, roles[0], player, found[name].office_name)
        for name, player, roles, _ in KEYS
        if name in found
    ]


def key_of(name: str) -> str:
    """Return the key of the part called *name*; raise NotFound where it is not offered."""
    if name not in known():
        raise NotFound
    return keys_in(settings().demo_keys)[name]


def known() -> dict[str, Row]:
    """Return who plays each part that is offered here and now; nobody where none is."""
    if not (request.is_secure or is_on_this_machine()):
        return {}
    keys = keys_in(settings().demo_keys)
    if not keys or database().read(others):
        return {}
    return database().read(lambda session: known_parts(session, keys, utcnow()))


def keys_in(path: Path | None) -> dict[str, str]:
    """Return the keys in the file at *path*, by their names; none of one that others can read."""
    try:
        if path is None or path.stat().st_mode & OTHERS or path.stat().st_size > LONGEST_FILE:
            return {}
        return dict(LINE.findall(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
