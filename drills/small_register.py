"""A small register with something of everything in it, signed, for drills that tamper with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.audit.anchors import Anchor
from app.audit.checkpointing import Checkpointing
from app.audit.services.covering import cover
from app.audit.signing import Signer, make_signer
from app.commands.audit import write_bundle
from app.core.base import Head
from app.core.config import Settings
from app.core.database import Database
from app.core.migrating import upgrade
from app.handling.assignments.services.agreement import UPGRADE
from app.hooks import add_hooks
from app.http import receipts
from drills.small_story import CHAPTERS


@dataclass(frozen=True)
class Register:
    """The register and its key, and what lies outside the database.

    That is the checkpoints, the receipt of the last write, a bundle of each chapter, and what the
    host remembers, in the files that *settings* name.
    """

    database: Database
    settings: Settings
    signer: Signer
    anchor: Anchor
    outside: list[dict[str, Any]]
    receipt: str
    bundles: list[Path]


@contextmanager
def small_register(url: str, folder: Path) -> Iterator[Register]:
    """Make the register in the empty database at *url*; its key lies in *folder*."""
    outside = folder / "checkpoints.jsonl"
    settings = Settings(database_url=url, audit_key=folder / "key", checkpoints_file=outside)
    add_hooks()
    database = Database(settings)
    upgrade(database.engine)
    database.write(lambda session: cover(session, UPGRADE))
    database.signer = make_signer(settings.audit_key)
    checkpointing = Checkpointing(database, settings)
    bundles = []
    for number, chapter in enumerate(CHAPTERS, 1):
        database.write(chapter)
        database.write(checkpointing.make)
        bundles.append(exported(database, folder / f"bundle-{number}"))
    lines = outside.read_text(encoding="utf-8").splitlines()
    known = [json.loads(line) for line in lines]
    anchor = checkpointing.anchor.read()
    receipt = database.read(lambda session: receipt_of(session, database.signer, anchor))
    yield Register(database, settings, database.signer, anchor, known, receipt, bundles)
    database.engine.dispose()


def exported(database: Database, folder: Path) -> Path:
    """Write a bundle to *folder* and return it."""
    folder.mkdir()
    database.examine(lambda session: write_bundle(session, folder, database.signer))
    return folder


def receipt_of(session: Session, signer: Signer, anchor: Anchor) -> str:
    """Return the receipt of the last write, as the API hands it out."""
    return receipts.receipt(signer, session.get_one(Head, 1), anchor.event)
