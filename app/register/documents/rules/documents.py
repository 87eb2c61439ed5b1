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
    not_a,
    opened,
    parts_of,
    plain,
)
from app.register.files.rules.macros import TYPES, ContentTypes, look_for_macros, types_in

Belongs = Callable[[Parts, ContentTypes], bool]
"""(members, what they are) → whether the document is of the kind that its name says."""


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

    def belongs(self, parts: Parts, types: ContentTypes) -> bool:
        """Return whether a document with these *parts* is of this kind: one is its main part."""
        main = f"{self.media_type}.main+xml"
        return any(types.of(part) == main for part in parts.keys() - {TYPES})


def mistake_in_office(file: BinaryIO, kind: Office) -> Sentence | None:
    """Return what is wrong with a file that should be an office document of a *kind*, or None."""
    what = (f"{kind.zh}（.{kind.extension}）", f"{kind.en} (.{kind.extension})")
    return mistake_in_archive(file, what, kind.belongs)


def mistake_in_packed(file: BinaryIO, member: str, what: Sentence) -> Sentence | None:
    """Return what is wrong with a file that should be *what*: an archive with *member*, or None."""
    return mistake_in_archive(file, what, lambda parts, types: plain(member) in parts)


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
    if not belongs(parts, types):
        raise Wrong(not_a(what))
