"""Packed documents: whether the list of members is sane, before anything is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote

from app.core.errors import Sentence

MOST_MEMBERS = 1000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
MOST_XML = 16 * 1024 * 1024
MOST_ELEMENTS = 250_000
DEEPEST_XML = 16
DIRECTORY_END = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
"""What leads to a longer list; no file of a size that is taken needs one."""

LONGEST_END = 22 + 65535
"""The last record of a zip archive, with the longest comment."""

LONGEST_DIRECTORY = 1024 * 1024
PIECE = 64 * 1024
XML_PIECE = 1024 * 1024
"""XML comes in larger pieces: of what is no end to a tag, the parser reads all anew with each."""

PACKED = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an older office document begins, one with a password, and an embedded object."""

ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What the library raises about an archive that is broken."""

LONGEST_NAME = 60
Parts = dict[str, zipfile.ZipInfo]
"""The members of an archive by their names as they are compared."""

OLD: Sentence = (
    "是旧格式（.doc、.xls、.ppt）或加了密码的文件：请去掉密码，另存为 .docx 等新格式后再传；"
    ".doc 和 .xls 也可用原来的扩展名",
    "is of an older format (.doc, .xls, .ppt) or locked with a password: take that off, and save"
    " it in a newer format, such as .docx; a .doc or .xls may also keep its extension",
)
LOCKED: Sentence = (
    "加了密码，别人无法打开：请去掉密码或保护后再传",
    "is locked with a password, so that nobody else can open it: take that off",
)
BROKEN: Sentence = (
    "文件已损坏，无法读取：请用原软件重新另存后再传",
    "is broken and cannot be read: save it anew in the program that made it",
)
BOMB: Sentence = (
    f"压缩内容过大或过多：最多 {MOST_MEMBERS} 个部分、解开后 {MOST_UNPACKED // 1024**2} MiB、"
    f"压缩比 {MOST_RATIO} 倍；请拆成几个文件",
    f"holds too much once unpacked: at most {MOST_MEMBERS} parts,"
    f" {MOST_UNPACKED // 1024**2} MiB, {MOST_RATIO} times what is packed; split it",
)


class Wrong(Exception):
    """What is wrong with a document, as a sentence in both languages."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence[1])
        self.sentence = sentence


@dataclass
class UnpackingBudget:
    """How much may still be read of one file: XML and all that is unpacked, in bytes; elements."""

    xml: int = MOST_XML
    unpacked: int = MOST_UNPACKED
    elements: int = MOST_ELEMENTS

    def take(self, number: int, *, xml: bool = False) -> None:
        """Take *number* bytes that were unpacked; raise Wrong when they are too many."""
        self.unpacked -= number
        self.xml -= number if xml else 0
        if min(self.unpacked, self.xml) < 0:
            raise Wrong(BOMB)

    def take_element(self, depth: int) -> None:
        """Take an element of XML that stands so deep; raise Wrong when they are too many."""
        self.elements -= 1
        if self.elements < 0 or depth > DEEPEST_XML:
            raise Wrong(BOMB)


def not_a(what: Sentence) -> Sentence:
    """Return the sentence about a file that is not *what* its name says."""
    return (
        f"内容不是{what[0]}：请检查扩展名，或用相应软件重新另存",
        f"is not {what[1]}, as its name says: check the extension, or save it anew",
    )


def broken_part(part: str) -> Sentence:
    """Return the sentence about a *part* that no office program writes so."""
    name = part_name(part)
    return (
        f"其中的 {name} 已损坏或写法不合规范：请用原软件重新另存后再传",
        f"has a part, {name}, that is broken or not as it should be: save it anew",
    )


def part_name(part: str) -> str:
    """Return the name of a *part* as a sentence may show it."""
    return "".join(sign if sign.isprintable() else "?" for sign in part[:LONGEST_NAME])


def opened(file: IO[bytes], what: Sentence) -> zipfile.ZipFile:
    """Return the archive that *file* is; raise Wrong, or what the library raises."""
    start = file.read(len(OLE))
    if start == OLE:
        raise Wrong(OLD)
    if not has_short_directory(file):
        raise Wrong(BROKEN if start.startswith(PACKED) else not_a(what))
    return zipfile.ZipFile(file)


def has_short_directory(file: IO[bytes]) -> bool:
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
    return file.read(4) == PACKED and length <= LONGEST_DIRECTORY


def parts_of(archive: zipfile.ZipFile) -> Parts:
    """Return the members of *archive* by their names as they are compared.

    Raises Wrong for a bomb, for names that stand twice, and for what no office program writes.
    """
    members = archive.infolist()
    if is_bomb(members):
        raise Wrong(BOMB)
    found: Parts = {}
    for info in members:
        name = plain(info.filename)
        if info.flag_bits & ENCRYPTED:
            raise Wrong(OLD)
        if info.compress_type not in METHODS or name in found:
            raise Wrong(broken_part(info.filename))
        found[name] = info
    return found


def plain(name: str) -> str:
    """Return the *name* of a part as it is compared, whatever way it is written.

    The rules of these packages make no difference of large and small letters.
    """
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def is_bomb(members: list[zipfile.ZipInfo]) -> bool:
    """Return whether *members* are too many, or grow too large."""
    unpacked = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    many = len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED
    return many or unpacked > MOST_RATIO * max(packed, 1)


def pieces(member: IO[bytes], budget: UnpackingBudget, *, xml: bool = False) -> Iterator[bytes]:
    """Yield what *member* holds, piece by piece; raise Wrong when the *budget* is used up."""
    while piece := member.read(XML_PIECE if xml else PIECE):
        budget.take(len(piece), xml=xml)
        yield piece
