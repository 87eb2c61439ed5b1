"""What is known of the request that is going on: one typed record, filled stop by stop."""

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from flask import g

from app.core.rules.permissions import Actor
from app.core.types import Given
from app.http.stored_answers import Claim


@dataclass
class Upload:
    """A file that came in: open, its size in bytes, its SHA-256 once it is whole.

    One that came in a form has the *name* of its part, and the other *fields* of that. While it is
    held it lies at a *passing* place of the store; *settled* says whether it was put where it
    stays.
    """

    file: BinaryIO
    size: int = 0
    sha256: str = ""
    name: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    passing: Any = None
    settled: bool = False


@dataclass(frozen=True)
class RefusedRow:
    """A row of a batch that was refused: the record it was about, and why.

    *record* is its type, its number (0: not known) and its reference.
    """

    record: tuple[str, int, str]
    error: Exception


@dataclass
class RequestContext:
    """One request, and what the stops of the pipeline have found out about it so far.

    *content* are the bytes of its body and *body* the JSON in them, or the file that it is. Of a
    batch, *versions* are those of the records it names when it came, by their names.
    *budget* is by what the requests of the caller are counted, and how many times the usual number
    they may send.
    """

    request_id: str = ""
    path: Given = field(default_factory=dict)
    actor: Actor | None = None
    content: bytes | None = None
    body: Any = None
    upload: Upload | None = None
    claim: Claim | None = None
    expected_version: int | None = None
    attempt_noted: bool = False
    budget: tuple[str, int] = ("", 1)
    versions: dict[str, int] = field(default_factory=dict)
    refused_rows: list[RefusedRow] = field(default_factory=list)


def context() -> RequestContext:
    """Return what is known of the request that is going on."""
    if "context" not in g:
        g.context = RequestContext()
    found: RequestContext = g.context
    return found
