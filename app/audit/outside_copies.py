"""The file outside: every checkpoint as a line, for a machine that this one cannot rewrite."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core.types import Given, Values
from app.models import Checkpoint

LONGEST_LINE = 4096
"""Bytes from the end of the file outside in which its last line stands whole."""

BEGIN = b'{"sequence": '
"""How each line of the file outside begins; nothing else is ever cut away from it."""

NAMES = ("sequence", "hash", "at", "key_id", "signature")
"""What each line holds; those of later releases hold their number as well."""

LATER = ("number", "resumes_after")

Line = Values


def add_lines(path: Path, newer_than: Callable[[Line | None], list[Checkpoint]], least: int) -> int:
    """Add what *newer_than* the last line is to the file, and return how many bytes it has.

    *least* is how many it had when it was written last. Raises OSError when it cannot be written,
    and ValueError when it is shorter than that, or its end is no checkpoint.
    """
    with open(path, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # of several processes one at a time; ends with it
        check_length(path, file.seek(0, os.SEEK_END), least)
        last = last_line(file, path)
        file.write("".join(map(line_of, newer_than(last))).encode())
        file.flush()
        os.fsync(file.fileno())
        return file.seek(0, os.SEEK_END)


def check_length(path: Path, size: int, least: int) -> None:
    """Raise ValueError when the file at *path* has less than the *least* bytes it once had."""
    if size < least:
        raise ValueError(
            f"{path} has {size} bytes and had {least}: bring it back, or name a new file"
        )


def last_line(file: BinaryIO, path: Path) -> Line | None:
    """Return the checkpoint in the last whole line of *file*, None for an empty one.

    One of an earlier release, without number, comes with its ``place``, from 1. What broke off
    after it, as on a full disk, is cut away: it is written anew. Raises ValueError naming *path*
    when the line is no checkpoint.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    whole, _, torn = file.read().rpartition(b"\n")
    try:
        last = parsed(whole.splitlines()[-1]) if whole else None
    except (ValueError, LookupError, TypeError):
        raise ValueError(f"the last line of {path} is no checkpoint") from None
    if torn[: len(BEGIN)] != BEGIN[: len(torn)]:
        raise ValueError(f"the last line of {path} is no checkpoint")
    if torn:
        file.truncate(size - len(torn))
    if last is not None and "number" not in last:
        file.seek(0)
        last["place"] = sum(1 for _ in file)
    return last


def parsed(line: bytes) -> Line:
    """Return the checkpoint in a *line*; raise ValueError, LookupError or TypeError."""
    row = json.loads(line)
    found: Line = {name: row[name] for name in NAMES}
    found |= {name: row[name] for name in LATER if row.get(name) is not None}
    if not isinstance(found["sequence"], int):
        raise ValueError("the sequence is no number")
    return found


def read_lines(path: Path) -> list[Line]:
    """Return the checkpoints in the file at *path*, each with its ``place`` there, from 1.

    A line that broke off at the end is none. Raises ValueError naming a line that is no
    checkpoint, OSError when the file cannot be read.
    """
    found = []
    for place, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        try:
            found.append(parsed(line) | {"place": place})
        except (ValueError, LookupError, TypeError):
            if not line.endswith(b"\n") and line[: len(BEGIN)] == BEGIN[: len(line)]:
                break
            raise ValueError(f"line {place} of {path} is no checkpoint") from None
    return found


def number_of(line: Given) -> int | None:
    """Return the number of a checkpoint outside; those of earlier releases count by their place."""
    return line.get("number") or line.get("place")


def newer(session: Session, last: Line | None) -> list[Checkpoint]:
    """Return the checkpoints after the *last* one that stands outside, in their order.

    Raises ValueError when this register never signed that one, and no restore that was accepted
    gave it up: the file is another's, or the database is an old copy.
    """
    if last is None or stands(session, last):
        rows = select(Checkpoint).where(Checkpoint.sequence > (last or {"sequence": 0})["sequence"])
    elif gave_up(session, number_of(last)):
        rows = select(Checkpoint).where(Checkpoint.number > number_of(last))
    else:
        message = f"the file ends with event {last['sequence']}"
        raise ValueError(f"{message}, which is not signed in this database")
    return list(session.scalars(rows.order_by(Checkpoint.sequence)))


def stands(session: Session, line: Line) -> bool:
    """Return whether the checkpoint in *line* stands in the database as it was signed."""
    found = session.get(Checkpoint, line["sequence"])
    return found is not None and found.signature == line["signature"]


def gave_up(session: Session, number: int | None) -> bool:
    """Return whether a restore that was accepted gave up the checkpoint *number*."""
    if number is None:
        return False
    found = session.scalar(select(Checkpoint.sequence).where(*covering(number)).limit(1))
    return found is not None


def covering(number: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for checkpoints that give up the one with *number*."""
    return Checkpoint.resumes_after < number, Checkpoint.number > number


def line_of(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as a line of the file outside."""
    return json.dumps(as_line(checkpoint)) + "\n"


def as_line(checkpoint: Any) -> Line:
    """Return a checkpoint as JSON values; those of earlier releases without number."""
    found = {name: getattr(checkpoint, name) for name in NAMES}
    found["at"] = checkpoint.at.isoformat()
    later = {name: getattr(checkpoint, name) for name in LATER}
    return found | {name: value for name, value in later.items() if value is not None}
