"""How long an answer gets: of what grows for as long as a record lives, it shows the newest."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Row = TypeVar("Row")

SHOWN = 20
"""How many of each such list one record shows."""

RELATED = 100
"""How many related recommendations, or merged proposals, one record shows: each is short."""

SHOWN_BYTES = 128 * 1024
"""How long what it shows of reports, milestones or remarks is with its evidence, unless one alone
is longer."""

COUNTED = 10_000
"""How far the total of a list is counted."""

PAGE_BYTES = 512 * 1024
"""How long one page of a list is, unless its only item is longer."""


def newest(
    rows: Sequence[Row], weight: Callable[[Row], int] | None = None, most: int = SHOWN
) -> list[Row]:
    """Return the last of *rows*, in their order: at most *most* of them.

    With a *weight*, in bytes, they have at most SHOWN_BYTES together; the very last is always one.
    """
    last = list(rows[-most:])
    if weight is None:
        return last
    left, kept = SHOWN_BYTES, 0
    for row in reversed(last):
        left -= weight(row)
        if left < 0 and kept:
            break
        kept += 1
    return last[len(last) - kept :]


def with_evidence(row: Any) -> int:
    """Return how many bytes the text and the evidence of *row* have in an answer."""
    return len(json.dumps([row.text, row.evidence], ensure_ascii=False).encode())


def fitting(sizes: Sequence[int]) -> int:
    """Return how many items of these *sizes*, in bytes, make one page: at least one."""
    left, kept = PAGE_BYTES, 0
    for size in sizes:
        left -= size
        if left < 0 and kept:
            break
        kept += 1
    return kept


def open_and_newest(tasks: Sequence[Any]) -> list[Any]:
    """Return those of *tasks*, in their order, that wait, and the newest that ended: SHOWN at most.

    Of more that wait than that the newest are shown.
    """
    chosen = sorted(tasks, key=lambda task: (task.ended_on is None, task.id))[-SHOWN:]
    return sorted(chosen, key=lambda task: task.id)
