"""The tree of tags: what a tag brings with it."""

from collections.abc import Collection, Mapping


def with_broader(
    tag_ids: Collection[int], broader: Mapping[int, int | None], merged: Mapping[int, int]
) -> set[int]:
    """Return *tag_ids*, every tag above them, and those that were merged into any of these.

    *broader* maps a tag to the one above it, *merged* one that was merged to what it was merged
    into: so both are found by either.
    """
    found: set[int] = set()
    for start in tag_ids:
        at: int | None = start
        while at is not None and at not in found:
            found.add(at)
            at = broader[at]
    more = found
    while more:
        more = {tag for tag, into in merged.items() if into in found} - found
        found |= more
    return found
