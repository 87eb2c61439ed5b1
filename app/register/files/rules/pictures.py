"""Whether a picture is one: its size, its data and its end stand where its format has them.

What it shows is not drawn here.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from app.core.errors import Sentence

PNG = b"\x89PNG\r\n\x1a\n"
LONGEST_CHUNK = 2**31 - 1
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Kind of colour of a PNG → the bits that one sample may have."""

LONGEST_SIDE = 65_535
MOST_PIXELS = 500_000_000
"""A scan of A0 at 300 dots an inch has 140 million."""

JPEG = b"\xff\xd8"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that tell the size of the picture, whatever way it is packed."""

ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""

SCAN, END = 0xDA, 0xD9

NO_PNG: Sentence = (
    "内容不是 PNG 图片：请检查扩展名，或重新另存为 PNG",
    "is no PNG picture: check the extension, or save it as PNG anew",
)
NO_JPEG: Sentence = (
    "内容不是 JPEG 图片：请检查扩展名，或重新另存为 JPEG",
    "is no JPEG picture: check the extension, or save it as JPEG anew",
)
NO_SIZE: Sentence = (
    "图片没有写明宽和高，或写得不合规范：请用看图软件重新另存",
    "is a picture that does not say its width and height as it should: save it anew",
)
TOO_WIDE: Sentence = (
    f"图片过大：每边最多 {LONGEST_SIDE} 像素，合计最多 {MOST_PIXELS // 1_000_000} 百万像素",
    f"is a picture of more than {LONGEST_SIDE} pixels a side,"
    f" or {MOST_PIXELS // 1_000_000} million in all: make it smaller",
)
CUT: Sentence = (
    "图片不完整，缺少画面数据或结尾：请重新拍照、扫描或另存后再传",
    "is a picture without its data or its end: take, scan or save it anew, and send it whole",
)
ALTERED: Sentence = (
    "图片已损坏（校验和不符）：请重新另存后再传",
    "is a broken picture (a check sum differs): save it anew",
)


def mistake_in_png(file: BinaryIO) -> Sentence | None:
    """Return what is wrong with a file that should be a PNG: its header, its data, its end."""
    if file.read(len(PNG)) != PNG:
        return NO_PNG
    has_header = has_data = False
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        body, check = file.read(min(length, LONGEST_CHUNK)), file.read(4)
        if len(body) < length or len(check) < 4:
            return CUT
        if struct.unpack(">I", check)[0] != zlib.crc32(kind + body):
            return ALTERED
        if not has_header:
            wrong = mistake_in_header(kind, body)
            if wrong is not None:
                return wrong
            has_header = True
        has_data |= kind == b"IDAT" and length > 0
        if kind == b"IEND":
            return None if has_data else CUT
    return CUT


def mistake_in_header(kind: bytes, body: bytes) -> Sentence | None:
    """Return what is wrong with the first chunk of a PNG."""
    if kind != b"IHDR" or len(body) != 13:
        return NO_SIZE
    width, height, depth, colour, packing, filtering, order = struct.unpack(">IIBBBBB", body)
    if depth not in DEPTHS.get(colour, ()) or packing or filtering or order > 1:
        return NO_SIZE
    return mistake_in_size(width, height)


def mistake_in_size(width: int, height: int) -> Sentence | None:
    """Return what is wrong with the size of a picture, in pixels."""
    if not width or not height:
        return NO_SIZE
    large = max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS
    return TOO_WIDE if large else None


def mistake_in_jpeg(file: BinaryIO) -> Sentence | None:
    """Return what is wrong with a file that should be a JPEG: its size, its data, its end."""
    if file.read(len(JPEG)) != JPEG:
        return NO_JPEG
    has_size = False
    for marker, segment in segments(file):
        if marker == SCAN:
            return mistake_in_scan(file) if has_size else NO_SIZE
        if marker in FRAMES:
            wrong = mistake_in_frame(segment)
            if wrong is not None:
                return wrong
            has_size = True
    return CUT


def segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the marker and the content of each segment of a JPEG, as far as they are there."""
    while (marker := next_marker(file)) not in (None, END):
        segment = b"" if marker in ALONE else segment_of(file)
        if marker is None or segment is None:
            return
        yield marker, segment


def next_marker(file: BinaryIO) -> int | None:
    """Return the next marker of a JPEG, or None where none stands."""
    if file.read(1) != b"\xff":
        return None
    while (sign := file.read(1)) == b"\xff":  # any number of them may stand before one
        pass
    return sign[0] if sign else None


def segment_of(file: BinaryIO) -> bytes | None:
    """Return what a segment of a JPEG holds, or None when it is not there whole."""
    head = file.read(2)
    length = struct.unpack(">H", head)[0] if len(head) == 2 else 0
    body = file.read(length - 2) if length >= 2 else b""
    return body if length >= 2 and len(body) == length - 2 else None


def mistake_in_frame(segment: bytes) -> Sentence | None:
    """Return what is wrong with the segment of a JPEG that tells its size."""
    if len(segment) < 6 or not segment[5] or len(segment) < 6 + 3 * segment[5]:
        return NO_SIZE
    _, height, width = struct.unpack_from(">BHH", segment)
    return mistake_in_size(width, height)


def mistake_in_scan(file: BinaryIO) -> Sentence | None:
    """Return what is wrong after the first scan of a JPEG began: data, and an end after them."""
    return None if file.read().find(b"\xff\xd9") > 0 else CUT
