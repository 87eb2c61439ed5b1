"""Which files are taken as evidence, and whether one is what its name says.

The list is closed: what offices print, scan and send, without anything that a reader's program
would run. Whatever is packed is looked at without being unpacked.
"""

import codecs
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from app.errors import Sentence

Check = Callable[[BinaryIO], Sentence | None]
"""(an open file) → what is wrong with its content, or None."""

MOST_MEMBERS = 1000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
DIRECTORY_END = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
"""What leads to a longer list; no file of a size that is taken needs one."""

LONGEST_END = 22 + 65535
"""The last record of a zip archive, with the longest comment."""

LONGEST_DIRECTORY = 1024 * 1024
PIECE = 64 * 1024

NOT_THAT: Sentence = ("内容与文件名的类型不符", "is not of the type that its name says")
BROKEN: Sentence = ("文件已损坏，无法读取", "is broken and cannot be read")
BOMB: Sentence = ("压缩内容过大或过多", "holds too much, or too many parts, once unpacked")
MACROS: Sentence = ("含有宏，请另存为不含宏的文件", "holds macros; save it without them")
NOT_UTF8: Sentence = ("文字须为 UTF-8 编码", "is text that is not UTF-8")
EMPTY: Sentence = ("文件是空的", "is empty")


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, and what its content must be."""

    media_type: str
    check: Check


def begins(*signatures: bytes) -> Check:
    """Return the check that a file begins with one of *signatures*."""

    def check(file: BinaryIO) -> Sentence | None:
        start = file.read(max(map(len, signatures)))
        return None if start.startswith(signatures) else NOT_THAT

    return check


def packs(member: str) -> Check:
    """Return the check that a file is a zip archive with *member*, no bomb and without macros."""

    def check(file: BinaryIO) -> Sentence | None:
        if not has_short_directory(file):
            return NOT_THAT
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return BROKEN
        names = {info.filename for info in members}
        if member not in names:
            return NOT_THAT
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            return MACROS
        return BOMB if is_bomb(members) else None

    return check


def has_short_directory(file: BinaryIO) -> bool:
    """Return whether a file ends as a zip archive whose list of members is of a sane length."""
    size = file.seek(0, 2)
    file.seek(max(0, size - LONGEST_END))
    tail = file.read()
    at = tail.rfind(DIRECTORY_END)
    end = tail[at:] if at >= 0 else b""
    if len(end) < 22 or ZIP64_LOCATOR in tail[max(0, at - 20) : at]:
        return False
    length: int = struct.unpack_from("<I", end, 12)[0]
    file.seek(0)
    return file.read(4) == b"PK\x03\x04" and length <= LONGEST_DIRECTORY


def is_bomb(members: list[zipfile.ZipInfo]) -> bool:
    """Return whether *members* are too many, or grow too large."""
    unpacked = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    many = len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED
    return many or unpacked > MOST_RATIO * max(packed, 1)


def is_text(file: BinaryIO) -> Sentence | None:
    """Return what is wrong with a file that should be text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(PIECE):
            if "\0" in decoder.decode(piece):
                return NOT_THAT
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return NOT_UTF8
    return None


OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = Format("image/jpeg", begins(b"\xff\xd8\xff"))

FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", begins(b"%PDF-")),
    "ofd": Format("application/ofd", packs("OFD.xml")),
    "docx": Format(f"{OFFICE}.wordprocessingml.document", packs("word/document.xml")),
    "xlsx": Format(f"{OFFICE}.spreadsheetml.sheet", packs("xl/workbook.xml")),
    "pptx": Format(f"{OFFICE}.presentationml.presentation", packs("ppt/presentation.xml")),
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": Format("image/png", begins(b"\x89PNG\r\n\x1a\n")),
    "txt": Format("text/plain", is_text),
    "csv": Format("text/csv", is_text),
}
"""Extension → what such a file is. OFD is GB/T 33190-2016."""


def format_of(filename: str) -> Format | None:
    """Return what the extension of *filename* says that it is, or None for what is not taken."""
    _, dot, extension = filename.rpartition(".")
    return FORMATS.get(extension.lower()) if dot else None


def mistake(found: Format, file: BinaryIO) -> Sentence | None:
    """Return what is wrong with the content of *file*, or None; it is read from its start."""
    file.seek(0)
    if not file.read(1):
        return EMPTY
    file.seek(0)
    return found.check(file)
