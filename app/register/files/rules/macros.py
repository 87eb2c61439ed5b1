"""Whether a packed document holds macros, under whatever name.

What each part is, and how parts belong together, its own papers say: they are read. Of each other
part the beginning is looked at, and the whole of those that are documents themselves.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from app.core.errors import Sentence
from app.register.files.rules.archives import (
    BOMB,
    OLE,
    PACKED,
    Parts,
    UnpackingBudget,
    Wrong,
    broken_part,
    has_short_directory,
    part_name,
    parts_of,
    pieces,
    plain,
)

MOST_NESTED = 32 * 1024 * 1024
"""A document inside a document, unpacked once, in bytes: more than a whole file may have."""

DEEPEST = 3
LONGEST_LIST = 1024 * 1024
MACRO_STREAM = "_vba_project".encode("utf-16-le")
"""The name of a stream that every macro project has, in small letters, as such a file holds it."""

TYPES = "[content_types].xml"
MACRO_NAMES = ("vbaproject.bin", "vbadata.xml")
MACRO_WORDS = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
"""What a type of content, or a relation, that has to do with macros has in its name."""

CONTROL_WORDS = ("activex", "relationships/control")
TEMPLATE = "/attachedtemplate"
NETWORK = ("http:", "https:", "ftp:")

Note = Callable[[str, dict[str, str]], None]
"""(name of an element, its attributes) → nothing; raises Wrong."""


def macros_in(part: str) -> Sentence:
    """Return the sentence about macros in a *part*."""
    name = part_name(part)
    return (
        f"含有宏（{name}）：请另存为不含宏的文件后再传",
        f"holds macros ({name}): save it without them",
    )


def controls_in(part: str) -> Sentence:
    """Return the sentence about controls in a *part*."""
    name = part_name(part)
    return (
        f"含有可运行的控件（{name}）：请删去控件后再传",
        f"holds controls that run ({name}): take them out",
    )


def template_in(part: str) -> Sentence:
    """Return the sentence about a template that a *part* fetches."""
    name = part_name(part)
    return (
        f"打开时会从网络取用模板（{name}）：请在加载项中改用本机模板后另存",
        f"fetches a template from the network ({name}): attach a local one and save it anew",
    )


@dataclass
class ContentTypes:
    """What each part of an office document is, by its name or its extension, in small letters."""

    by_part: dict[str, str] = field(default_factory=dict)
    by_extension: dict[str, str] = field(default_factory=dict)

    def of(self, part: str) -> str:
        """Return the type of *part*; nothing where none is told."""
        return self.by_part.get(part) or self.by_extension.get(part.rpartition(".")[2], "")

    def note(self, element: str, attributes: dict[str, str]) -> None:
        """Take what one element of the list of types says."""
        kind = attributes.get("ContentType", "").lower()
        if element == "Override":
            look_at_words(kind, attributes.get("PartName", ""))
            self.by_part[plain(attributes.get("PartName", ""))] = kind
        elif element == "Default":
            self.by_extension[attributes.get("Extension", "").lower()] = kind


def types_in(archive: zipfile.ZipFile, parts: Parts, budget: UnpackingBudget) -> ContentTypes:
    """Return what the *parts* of *archive* are by its own list, or nothing where it has none."""
    types, info = ContentTypes(), parts.get(TYPES)
    if info is None:
        return types
    if info.file_size > LONGEST_LIST:
        raise Wrong(broken_part(info.filename))
    read_xml(archive, info, budget, types.note)
    return types


def look_for_macros(
    archive: zipfile.ZipFile,
    parts: Parts,
    types: ContentTypes,
    budget: UnpackingBudget,
    depth: int = 1,
) -> None:
    """Raise Wrong when one of the *parts* of *archive* is a macro, or leads to one.

    By its name, its type of content, a relation to it, or what it holds.
    """
    for name, info in parts.items():
        if name.endswith(MACRO_NAMES) or "/macrosheets/" in name:
            raise Wrong(macros_in(info.filename))
        look_at_words(types.of(name), info.filename)
        if name.endswith(".rels"):
            look_at_relations(archive, info, budget)
        else:
            look_inside(archive, info, budget, depth)


def look_at_words(kind: str, part: str) -> None:
    """Raise Wrong when *kind*, a type of content or a relation, is of macros or controls."""
    if any(word in kind for word in MACRO_WORDS):
        raise Wrong(macros_in(part))
    if any(word in kind for word in CONTROL_WORDS):
        raise Wrong(controls_in(part))


def look_at_relations(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: UnpackingBudget
) -> None:
    """Raise Wrong when the list of relations *info* leads to macros, here or in the network."""

    def note(element: str, attributes: dict[str, str]) -> None:
        kind, target = attributes.get("Type", "").lower(), attributes.get("Target", "").lower()
        look_at_words(kind, attributes.get("Target", ""))
        if kind.endswith(TEMPLATE) and target.startswith(NETWORK):
            raise Wrong(template_in(info.filename))

    read_xml(archive, info, budget, note)


def look_inside(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: UnpackingBudget, depth: int
) -> None:
    """Raise Wrong when the member *info* is itself a document with macros."""
    with archive.open(info) as member:
        start = member.read(len(OLE))
        if start == OLE and has_macro_stream(member, budget):
            raise Wrong(macros_in(info.filename))
        if not start.startswith(PACKED):
            return
        if depth >= DEEPEST or info.file_size > MOST_NESTED:
            raise Wrong(BOMB)
        content = io.BytesIO(start + b"".join(pieces(member, budget)))
    look_at_package(content, budget, depth + 1)


def look_at_package(content: IO[bytes], budget: UnpackingBudget, depth: int) -> None:
    """Raise Wrong when *content*, a package inside a document, holds macros; none if it is none."""
    if not has_short_directory(content):
        return
    with zipfile.ZipFile(content) as nested:
        parts = parts_of(nested)
        look_for_macros(nested, parts, types_in(nested, parts, budget), budget, depth)


def has_macro_stream(member: IO[bytes], budget: UnpackingBudget) -> bool:
    """Return whether an older office document, or an object, has a project of macros in it."""
    before = b""
    for piece in pieces(member, budget):
        if MACRO_STREAM in (before + piece).lower():
            return True
        before = piece[-len(MACRO_STREAM) :]
    return False


def read_xml(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: UnpackingBudget, note: Note
) -> None:
    """Give each element of the member *info*, which is XML, to *note*, with its attributes.

    Raises Wrong for what is no XML, and for a DOCTYPE, in which entities grow without end.
    """
    parser, depth = expat.ParserCreate(namespace_separator=" "), 0

    def refuse(*declaration: object) -> None:
        raise Wrong(broken_part(info.filename))

    def begin(name: str, values: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        budget.take_element(depth)
        note(name.rpartition(" ")[2], values)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        with archive.open(info) as member:
            for piece in pieces(member, budget, xml=True):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Wrong(broken_part(info.filename)) from error
