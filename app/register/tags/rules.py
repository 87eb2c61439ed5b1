"""The tree of tags: what a tag brings with it."""

from collections.abc import Collection, Mapping


def with_broader(tag_ids: Collection[int], broader: Mapping[int, int | None]) -> set[int]:
    """Return *tag_ids* and every tag above them; *broader* maps a tag to the one above it."""
    found: set[int] = set()
    for start in tag_ids:
        at: int | None = start
        while at is not None and at not in found:
            found.add(at)
            at = broader[at]
    return found
