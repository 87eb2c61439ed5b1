"""Tampering with the file outside, by whoever keeps that machine."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.checkpointing import Checkpointing
from app.audit.queries import verify_chain, witnesses
from app.audit.rules.chain import plain_json
from drills.small_register import Register

NAME = "checkpoints.jsonl"


def copied(register: Register, folder: Path) -> Checkpointing:
    """Return what reads the file outside and the anchor, from copies of both in *folder*."""
    settings = replace(
        register.settings, checkpoints_file=folder / NAME, audit_anchor=folder / "anchor"
    )
    content = register.settings.checkpoints_file.read_bytes()
    (folder / NAME).write_bytes(content)
    found = Checkpointing(register.database, settings)
    found.anchor.put(register.anchor, (folder / NAME, len(content)))
    return found


def shorten(dice: random.Random, lines: list[bytes]) -> list[bytes]:
    """Cut the last lines off."""
    return lines[: dice.randrange(1, len(lines))]


def empty(dice: random.Random, lines: list[bytes]) -> list[bytes]:
    """Empty the file."""
    return []


def take_one(dice: random.Random, lines: list[bytes]) -> list[bytes]:
    """Take a line away, and fill the place with another."""
    place = dice.randrange(len(lines) - 1)
    return [*lines[:place], lines[-1], *lines[place + 1 :]]


def alter(dice: random.Random, lines: list[bytes]) -> list[bytes]:
    """Let a line say another hash."""
    place = dice.randrange(len(lines))
    return [*lines[:place], lines[place].replace(b'"hash": "', b'"hash": "0'), *lines[place + 1 :]]


def replace_all(dice: random.Random, lines: list[bytes]) -> list[bytes]:
    """Put something else there."""
    return [plain_json({"note": "moved"}).encode() + b"\n"] * len(lines) * 9


CHANGES: tuple[Callable[[random.Random, list[bytes]], list[bytes]], ...] = (
    shorten, empty, take_one, alter, replace_all,
)  # fmt: skip


def tamper_outside(dice: random.Random, number: int, checkpointing: Checkpointing) -> str:
    """Tamper with the file that *checkpointing* reads; say what was done."""
    path = checkpointing.settings.checkpoints_file
    change = CHANGES[number % len(CHANGES)]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(dice, lines)))
    return str(change.__doc__)


def by_witness(register: Register, checkpointing: Checkpointing) -> list[str]:
    """Return what `verify` says of the file outside and the anchor."""
    witness, public = checkpointing.witness(), register.signer.public_key
    with Session(register.database.engine) as session:
        found = list(verify_chain.broken_chain(session, public, witness.lines or []))
        return [*found, *witnesses.differences(session, public, witness)]
