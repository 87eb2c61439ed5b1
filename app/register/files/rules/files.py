"""Which files are taken as evidence, and whether one is what its name says.

The list is closed: what offices print, scan and send, without anything that a reader's program
would run. Packed documents are judged in documents.py, older ones in older.py, pictures in
pictures.py.
"""

import codecs
import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from app.core.errors import Sentence
from app.register.documents.rules.documents import Office, mistake_in_ofd, mistake_in_office
from app.register.files.rules.older import (
    OLDER_TABLE,
    TABLE,
    WORDS,
    Older,
    mistake_in_older,
)
from app.register.files.rules.pictures import mistake_in_jpeg, mistake_in_png

Check = Callable[[BinaryIO], Sentence | None]
"""(an open file) → what is wrong with its content, or None."""

PIECE = 64 * 1024
PDF_START = re.compile(rb"(?:\A|[\r\n])%PDF-\d")
PDF_HEAD = 1024
"""Within so many bytes a PDF begins: gateways of mail and scanners put something before it."""

PDF_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
LONGEST_OBJECT = 64
"""How much of a number before ``obj`` is looked at."""

PDF_END = 2048
"""The end mark stands this near the end; some programs write a little after it."""

NO_PDF: Sentence = (
    f"内容不是 PDF（前 {PDF_HEAD} 字节内应有一行以 %PDF-1.4 的样子开头）："
    "请检查扩展名，或重新导出为 PDF",
    f"is no PDF, of which a line within the first {PDF_HEAD} bytes begins like %PDF-1.4:"
    " check the extension, or export it as PDF anew",
)
CUT_PDF: Sentence = (
    "PDF 不完整，缺少结尾（%%EOF）：请重新导出或重新扫描后再传",
    "is a PDF without its end (%%EOF): export or scan it anew, and send it whole",
)
EMPTY_PDF: Sentence = (
    "PDF 里没有内容（没有任何对象）：请重新导出或重新扫描后再传",
    "is a PDF without any object in it: export or scan it anew",
)
NO_TEXT: Sentence = (
    "含有空字符，不是文字文件：请检查扩展名",
    "holds a NUL, so it is no text: check the extension",
)
NOT_UTF8: Sentence = (
    "文字须为 UTF-8 编码：请另存为 UTF-8 后再传",
    "is text that is not UTF-8: save it as UTF-8",
)
EMPTY: Sentence = ("文件是空的", "is empty")
BLANK = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]+"
)
"""What shows nothing: blanks of any width, also of none, marks of direction and of the encoding."""


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, and what its content must be."""

    media_type: str
    check: Check


def mistake_in_pdf(file: BinaryIO) -> Sentence | None:
    """Return what is wrong with a file that should be a PDF: its beginning, objects, its end."""
    if PDF_START.search(file.read(PDF_HEAD + 1)) is None:
        return NO_PDF
    size = file.seek(0, 2)
    file.seek(max(0, size - PDF_END))
    if b"%%EOF" not in file.read():
        return CUT_PDF
    return None if has_object(file) else EMPTY_PDF


def has_object(file: BinaryIO) -> bool:
    """Return whether a PDF holds an object."""
    file.seek(0)
    before = b""
    while piece := file.read(PIECE):
        if PDF_OBJECT.search(before + piece):
            return True
        before = piece[-LONGEST_OBJECT:]
    return False


def mistake_in_text(file: BinaryIO) -> Sentence | None:
    """Return what is wrong with a file that should be text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    shown = ""
    try:
        while piece := file.read(PIECE):
            text = decoder.decode(piece)
            if "\0" in text:
                return NO_TEXT
            if says_nothing(shown):
                shown += BLANK.sub("", text)[:2]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return NOT_UTF8
    return EMPTY if says_nothing(shown) else None


def says_nothing(shown: str) -> bool:
    """Return whether a text that has *shown* these signs so far is as good as empty.

    It is with none, or a single mark of punctuation.
    """
    return len(shown) < 2 and all(
        sign in string.punctuation or unicodedata.category(sign).startswith("P") for sign in shown
    )


def office(kind: Office) -> Format:
    """Return the format of office documents of a *kind*."""
    return Format(kind.media_type, lambda file: mistake_in_office(file, kind))


def older(kind: Older) -> Format:
    """Return the format of older documents of a *kind*."""
    return Format(kind.media_type, lambda file: mistake_in_older(file, kind))


JPEG = Format("image/jpeg", mistake_in_jpeg)
WORD = Office("docx", "wordprocessingml.document", "Word 文档", "a Word document")
EXCEL = Office("xlsx", "spreadsheetml.sheet", "Excel 表格", "an Excel workbook")
SLIDES = Office("pptx", "presentationml.presentation", "PowerPoint 演示", "a presentation")
TEXTS, TABLES = frozenset({WORDS}), frozenset({TABLE, OLDER_TABLE})

FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", mistake_in_pdf),
    "ofd": Format("application/ofd", mistake_in_ofd),
    "docx": office(WORD),
    "xlsx": office(EXCEL),
    "pptx": office(SLIDES),
    "doc": older(
        Older("doc", "application/msword", TEXTS, "旧版 Word 文档", "an old Word document")
    ),
    "xls": older(
        Older("xls", "application/vnd.ms-excel", TABLES, "旧版 Excel 表格", "an old Excel workbook")
    ),
    "wps": older(
        Older("wps", "application/wps-office.wps", TEXTS, "WPS 文字", "a text of WPS", WORD)
    ),
    "et": older(
        Older("et", "application/wps-office.et", TABLES, "WPS 表格", "a table of WPS", EXCEL)
    ),
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": Format("image/png", mistake_in_png),
    "txt": Format("text/plain", mistake_in_text),
    "csv": Format("text/csv", mistake_in_text),
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
