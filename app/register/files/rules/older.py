"""Whether an older office document is one of its kind, and holds nothing that runs.

Such a file is a compound file: the directory says what is in it. Of its streams only those are
read that say more: the beginning of the text, the list of sheets, and documents put into it.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.core.errors import Sentence
from app.register.documents.rules.documents import Office, mistake_in_archive
from app.register.files.rules.archives import (
    BROKEN,
    LOCKED,
    OLE,
    PACKED,
    UNREADABLE,
    UnpackingBudget,
    Wrong,
    not_a,
)
from app.register.files.rules.compound import STORAGE, STREAM, CompoundEntry, CompoundFile
from app.register.files.rules.macros import (
    MACRO_STREAM,
    controls_in,
    look_at_package,
    macros_in,
)

WORDS, TABLE, OLDER_TABLE = "worddocument", "workbook", "book"
"""The streams of a text and of a table, in small letters; the last one is of before 1997."""

MACROS = ("_vba_project", "_vba_project_cur")
MACRO_STORAGES = ("vba", "macros")
CONTROLS = ("\x03ocxname", "\x03ocxdata", "ctls")
ENCRYPTED = "encryptedpackage"
PACKAGE, OBJECT = "package", "\x01ole10native"
"""Where a newer document stands that was put into an older one, and where anything else does."""

LOCKED_WORDS = 0x0100
"""The flag of a text that has a password, in its twelfth byte and the one before."""

SHEET_LIST, END, PASSWORD = 0x0085, 0x000A, 0x002F
"""Records of a table: one of its sheets, the end of what is said of all, and that it is locked."""

MACRO_SHEETS = (1, 6)
"""What the sixth byte of a sheet is where it is of macros, of the first kind or of the second."""

MOST_RECORDS = 1_000_000


@dataclass(frozen=True)
class Older:
    """A kind of older document: its media type, the streams of which it has one, its name.

    Some programs write a newer document under the same extension.
    """

    extension: str
    media_type: str
    streams: frozenset[str]
    zh: str
    en: str
    newer: Office | None = None

    @property
    def what(self) -> Sentence:
        """Return what such a file is, as a sentence names it."""
        return (f"{self.zh}（.{self.extension}）", f"{self.en} (.{self.extension})")


def mistake_in_older(file: BinaryIO, kind: Older) -> Sentence | None:
    """Return what is wrong with a file that should be an older document of a *kind*, or None."""
    start = file.read(len(OLE))
    file.seek(0)
    if kind.newer is not None and start.startswith(PACKED):
        return mistake_in_archive(file, kind.what, kind.newer.belongs)
    if start != OLE:
        return not_a(kind.what)
    try:
        check_older(CompoundFile(file), kind)
    except Wrong as wrong:
        return wrong.sentence
    except UNREADABLE:
        return BROKEN
    return None


def check_older(document: CompoundFile, kind: Older) -> None:
    """Raise Wrong when *document* is locked, not of its *kind*, or holds what runs."""
    budget = UnpackingBudget()
    for entry in document.entries:
        look_at(entry)
    own = {entry.name.lower(): entry for entry in document.children() if entry.kind == STREAM}
    if ENCRYPTED in own:
        raise Wrong(LOCKED)
    if not kind.streams & own.keys():
        raise Wrong(not_a(kind.what))
    for name in kind.streams & own.keys():
        content = read(document, own[name], budget)
        look_at_words(content) if name == WORDS else look_at_table(content)
    for entry in document.entries:
        look_at_object(document, entry, budget)


def look_at(entry: CompoundEntry) -> None:
    """Raise Wrong when *entry* is one that holds macros or controls."""
    name = entry.name.lower()
    if name in MACROS or (entry.kind == STORAGE and name in MACRO_STORAGES):
        raise Wrong(macros_in(entry.name))
    if name in CONTROLS:
        raise Wrong(controls_in(entry.name))


def look_at_words(content: bytes) -> None:
    """Raise Wrong when the stream of a text says that it has a password."""
    if int.from_bytes(content[10:12], "little") & LOCKED_WORDS:
        raise Wrong(LOCKED)


def look_at_table(content: bytes) -> None:
    """Raise Wrong when the stream of a table says that it has a password, or a sheet of macros."""
    for number, body in records(content):
        if number == PASSWORD:
            raise Wrong(LOCKED)
        if number == SHEET_LIST and len(body) > 5 and body[5] in MACRO_SHEETS:
            raise Wrong(macros_in(sheet_name(body)))


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the body of each record that says something of a whole table."""
    at = 0
    for _ in range(MOST_RECORDS):
        if at + 4 > len(content):
            return
        number, length = struct.unpack_from("<HH", content, at)
        if number == END:
            return
        yield number, content[at + 4 : at + 4 + length]
        at += 4 + length


def sheet_name(body: bytes) -> str:
    """Return the name of a sheet, as a record of the list of sheets says it."""
    wide = len(body) > 7 and body[7] == 1
    return body[8:].decode("utf-16-le" if wide else "latin-1", "replace")


def look_at_object(document: CompoundFile, entry: CompoundEntry, budget: UnpackingBudget) -> None:
    """Raise Wrong when *entry* is a document put into this one, and has macros."""
    name = entry.name.lower()
    if entry.kind != STREAM or name not in (PACKAGE, OBJECT):
        return
    content = read(document, entry, budget)
    if name == OBJECT and MACRO_STREAM in content.lower():
        raise Wrong(macros_in(entry.name))
    if content.startswith(PACKED):
        look_at_package(io.BytesIO(content), budget, depth=2)


def read(document: CompoundFile, entry: CompoundEntry, budget: UnpackingBudget) -> bytes:
    """Return what the stream *entry* holds; raise Wrong when too much was read already."""
    budget.take(entry.size)
    return document.content(entry)
