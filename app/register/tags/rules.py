"""The tree of tags: what a tag brings with it, and which words call for it."""

import re
from collections.abc import Collection, Iterable, Mapping


def with_broader(
    tag_ids: Collection[int],
    broader: Mapping[int, int | None],
    passed: Mapping[int, Collection[int]],
) -> set[int]:
    """Return *tag_ids*, every tag above them, and those that passed to any of these.

    *broader* maps a tag to the one above it, *passed* one that ended to what it was merged or split
    into: so what these have is found by it as well.
    """
    found: set[int] = set()
    for start in tag_ids:
        at: int | None = start
        while at is not None and at not in found:
            found.add(at)
            at = broader[at]
    more = found
    while more:
        more = {tag for tag, into in passed.items() if found.intersection(into)} - found
        found |= more
    return found


def passed_to(merged_into: int | None, split_into: str | None) -> list[int]:
    """Return the numbers of the tags that have what one was given to which ended; none: none.

    It was merged into one, or split into several, whose numbers are joined by commas.
    """
    if merged_into is not None:
        return [merged_into]
    return [int(number) for number in split_into.split(",")] if split_into else []


def words_in(text: str, words: Iterable[str]) -> list[str]:
    """Return those of *words* that stand in *text*, which is case-folded.

    Words of letters and digits stand there only as whole words: "AI" not in "chain".
    """
    return [word for word in words if re.search(pattern_of(word.casefold()), text)]


def pattern_of(word: str) -> str:
    """Return the pattern of *word*, which begins and ends where a Latin word would."""
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", word) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", word) else ""
    return f"{before}{re.escape(word)}{after}"
