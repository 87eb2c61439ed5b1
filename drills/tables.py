"""What a drill found, and the tables of the summary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One drill on one database: its figures, how long it took, and what was wrong."""

    name: str
    figures: Mapping[str, int | str]
    seconds: float
    problems: list[str] = field(default_factory=list)
    kind: str = ""


def tables(rows: Iterable[Row]) -> list[str]:
    """Return the lines of the summary: rows with the same figures stand in one table."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.figures), []).append(row)
    return [line for names, group in groups.items() for line in table(names, group)]


def table(names: tuple[str, ...], rows: list[Row]) -> list[str]:
    """Return the lines of one table, with an empty one before it."""
    head = ["drill", "database", *names, "seconds", "result"]
    cells = [head, *(cells_of(row) for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(head))]
    return ["", *("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)]


def cells_of(row: Row) -> list[str]:
    """Return the cells of a row."""
    shown = [f"{n:,}" if isinstance(n, int) else n for n in row.figures.values()]
    result = "FAILED" if row.problems else "passed"
    return [row.name, row.kind, *shown, f"{row.seconds:.0f}", result]
