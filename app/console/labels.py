"""The words for codes and the names of offices, in the reader's language."""

from functools import cache

from app.core import codes
from app.core.codes import LabelledEnum
from app.core.types import Given
from app.http.problems import language


@cache
def vocabularies() -> dict[str, type[LabelledEnum]]:
    """Return every closed list of codes, by its name in words, such as ``handling_state``."""
    found = {}
    for name, own in vars(codes).items():
        if isinstance(own, type) and issubclass(own, LabelledEnum) and own is not LabelledEnum:
            words = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
            found[words.lstrip("_")] = own
    return found


def label(vocabulary: str, code: str | None) -> str:
    """Return the word for *code* of *vocabulary*; nothing for None, the code where it is newer."""
    if code is None:
        return ""
    known = vocabularies()[vocabulary]
    if code not in known.__members__.values():
        return code
    zh, en = known(code).labels
    return zh if language() == "zh" else en


def all_of(vocabulary: str) -> list[tuple[str, str]]:
    """Return every code of *vocabulary* with its word, for a form to choose from."""
    return [(own.value, label(vocabulary, own.value)) for own in vocabularies()[vocabulary]]


def office_name(named: Given | None) -> str:
    """Return the name of an office, a tag or whatever else has one; nothing for None."""
    if named is None:
        return ""
    zh, en = named["name_zh"], named.get("name_en")
    return str(zh if language() == "zh" or not en else en)
