"""What is personal about who proposes, what tells two apart, and what names of offices need."""

from collections.abc import Mapping

from app.core.codes import NameStatus
from app.core.rules.folding import folded

SEALED = ("phone", "email", "address", "unit", "member_number", "delegation", "sector")
"""What stands in the sealed value of a person, and goes when the person is erased."""

SHOWN = ("delegation", "sector")
"""What of it everybody sees: it stands in columns besides."""

TELLING = ("member_number", "delegation", "sector", "unit")
"""What tells two of the same name apart, where it is known of both."""


def index_of(known: Mapping[str, str], is_merged: bool) -> dict[str, str | None]:
    """Return the columns that follow from what is *known* of a person.

    A member number is the key of whoever stands: one that *is_merged* leaves it to the other.
    """
    number = None if is_merged else known.get("member_number")
    columns = {name: known.get(name) for name in SHOWN}
    return {**columns, "member_key": None if number is None else folded(number)}


def are_told_apart(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether what is known of *one* and of the *other* says that they are two."""
    both = [name for name in TELLING if name in one and name in other]
    return any(folded(one[name]) != folded(other[name]) for name in both)


def lacks_source(status: str | None, source: str | None) -> bool:
    """Return whether it is said without a source that a name is in use, or was changed."""
    return source is None and status not in (None, NameStatus.UNKNOWN)
