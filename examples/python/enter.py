"""Enters the rows of a table, saved as CSV, into the register: offices, sessions or persons.

API is the address of a register, KEY a registrar's key. Nothing but Python is needed:

    python3 enter.py organizations offices.csv
    python3 enter.py persons deputies.csv

The first line names the fields of the operation (see the documentation page); an empty cell is left
out, several values stand with a semicolon between them. A row that is there already, or that is
refused, is told and changes nothing: mend it and run the same again.
"""

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

Row = dict[str, object]
LISTS = ("aliases", "terms")
NUMBERS = ("term", "meeting", "terms")
TRUTHS = ("is_office", "is_vertical", "is_namesake")
ENCODINGS = ("utf-8-sig", "gb18030")
"""Spreadsheets save either, as the system is set."""


def rows_of(path: Path) -> Iterator[Row]:
    """Yield the rows of the table at *path* as bodies of requests."""
    text = io.StringIO(text_of(path.read_bytes()), newline="")
    for row in csv.DictReader(text):
        yield {name: value_of(name, cell.strip()) for name, cell in row.items() if cell.strip()}


def text_of(content: bytes) -> str:
    """Return *content* as text."""
    try:
        return content.decode(ENCODINGS[0])
    except UnicodeDecodeError:
        return content.decode(ENCODINGS[1])


def value_of(name: str, cell: str) -> object:
    """Return what a *cell* of the column *name* says."""
    if name in LISTS:
        parts = [part.strip() for part in cell.replace("；", ";").split(";") if part.strip()]
        return [int(part) for part in parts] if name in NUMBERS else parts
    if name in TRUTHS:
        return cell.lower() in ("true", "yes", "1", "是")
    return int(cell) if name in NUMBERS else cell


def enter(kind: str, row: Row) -> str | None:
    """Send one *row*; return why it was refused, or None."""
    headers = {"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"}
    body = json.dumps(row).encode()
    try:
        urlopen(Request(f"{os.environ['API']}/{kind}", body, headers)).close()  # noqa: S310
    except HTTPError as refusal:
        problem = json.load(refusal)
        fields = "; ".join(f"{e['field']}: {e['message']}" for e in problem.get("errors", ()))
        return f"{refusal.code} {problem['detail']} {fields}".strip()
    return None


def main(kind: str, path: str) -> int:
    """Enter all rows and return how many were not."""
    refused = 0
    for number, row in enumerate(rows_of(Path(path)), 2):
        why = enter(kind, row)
        refused += why is not None
        print(f"line {number}: {row.get('slug')}: {why or 'entered'}")
    return refused


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
