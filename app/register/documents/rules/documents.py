"""Whether a packed document is one of its kind: of an office program, or an OFD."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from app.core.errors import Sentence
from app.register.files.rules.archives import (
    BROKEN,
    UNREADABLE,
    Parts,
    UnpackingBudget,
    Wrong,
    broken_part,
    not_a,
    opened,
    part_name,
    parts_of,
    plain,
)
from app.register.files.rules.macros import (
    LONGEST_LIST,
    ContentTypes,
    look_for_macros,
    read_xml,
    types_in,
)

RELATIONS = "_rels/.rels"
"""The relations of a whole package: they say which of its parts is the main one."""

MAIN_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
)
"""The type of the relation to the main part, as most programs write it, and the strict one."""

OFD: Sentence = ("OFD 版式文件", "an OFD document")
OFD_ROOT = "ofd.xml"
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
"""How programs begin, on one system and another, and scripts."""


@dataclass(frozen=True)
class Package:
    """A packed document that is read: its parts, what they are, and how much may be unpacked."""

    archive: zipfile.ZipFile
    parts: Parts
    types: ContentTypes
    budget: UnpackingBudget


Belongs = Callable[[Package], bool]
"""(a packed document) → whether it is of the kind that its name says; raises Wrong."""


@dataclass(frozen=True)
class Office:
    """A kind of office document: its extension, the middle of its types, its name in zh and en."""

    extension: str
    middle: str
    zh: str
    en: str

    @property
    def media_type(self) -> str:
        """Return the media type of such a file."""
        return f"application/vnd.openxmlformats-officedocument.{self.middle}"

    @property
    def what(self) -> Sentence:
        """Return what such a file is, as a sentence names it."""
        return (f"{self.zh}（.{self.extension}）", f"{self.en} (.{self.extension})")

    def belongs(self, package: Package) -> bool:
        """Return whether the main part of *package* is that of this kind, whatever it is called."""
        main = main_part(package)
        return main is not None and package.types.of(main) == f"{self.media_type}.main+xml"


def main_part(package: Package) -> str | None:
    """Return the main part that the relations of *package* lead to; None where they name none.

    One step is taken, so that it does not matter where the relations of other parts lead. Raises
    Wrong when they name several, or one that is not in it.
    """
    info, targets = package.parts.get(RELATIONS), set()
    if info is None:
        return None
    if info.file_size > LONGEST_LIST:
        raise Wrong(broken_part(info.filename))

    def note(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("Type") in MAIN_RELATIONS:
            targets.add(target_of(attributes))

    read_xml(package.archive, info, package.budget, note)
    if len(targets) > 1:
        raise Wrong(broken_part(info.filename))
    for target in targets - package.parts.keys():
        raise Wrong(not_inside(target))
    return targets.pop() if targets else None


def target_of(relation: dict[str, str]) -> str:
    """Return the part that a *relation* of the whole package leads to, as names are compared.

    Raises Wrong when that is outside.
    """
    target, steps = relation.get("Target", ""), list[str]()
    for step in plain(target).split("/"):
        if step == ".." and not steps:
            raise Wrong(not_inside(target))
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    if relation.get("TargetMode", "Internal") != "Internal":
        raise Wrong(not_inside(target))
    return "/".join(steps)


def not_inside(target: str) -> Sentence:
    """Return the sentence about a main part, *target*, that is not in the package."""
    name = part_name(target)
    return (
        f"所指的正文（{name}）不在文件里：请用原软件重新另存后再传",
        f"leads to a main part ({name}) that is not in it: save it anew",
    )


def program_in(part: str) -> Sentence:
    """Return the sentence about a *part* that is a program."""
    name = part_name(part)
    return (
        f"含有程序（{name}）：请删去后重新另存",
        f"holds a program ({name}): take it out and save it anew",
    )


def mistake_in_office(file: BinaryIO, kind: Office) -> Sentence | None:
    """Return what is wrong with a file that should be an office document of a *kind*, or None."""
    return mistake_in_archive(file, kind.what, kind.belongs)


def mistake_in_ofd(file: BinaryIO) -> Sentence | None:
    """Return what is wrong with a file that should be an OFD document (GB/T 33190), or None."""
    return mistake_in_archive(file, OFD, is_ofd)


def is_ofd(package: Package) -> bool:
    """Return whether *package* is an OFD document; raise Wrong when a part of it is a program."""
    for info in package.parts.values():
        with package.archive.open(info) as part:
            if part.read(4).startswith(PROGRAMS):
                raise Wrong(program_in(info.filename))
    return OFD_ROOT in package.parts


def mistake_in_archive(file: BinaryIO, what: Sentence, belongs: Belongs) -> Sentence | None:
    """Return what is wrong with a file that should be *what*, or None."""
    try:
        with opened(file, what) as archive:
            check(archive, what, belongs)
    except Wrong as wrong:
        return wrong.sentence
    except UNREADABLE:
        return BROKEN
    return None


def check(archive: zipfile.ZipFile, what: Sentence, belongs: Belongs) -> None:
    """Raise Wrong when *archive* holds macros, or is not *what* its name says."""
    parts, budget = parts_of(archive), UnpackingBudget()
    types = types_in(archive, parts, budget)
    look_for_macros(archive, parts, types, budget)
    if not belongs(Package(archive, parts, types, budget)):
        raise Wrong(not_a(what))
