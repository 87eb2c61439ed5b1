"""Rows of a form that are a list in the body, each with the same inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.console.forms import Form
from app.console.registry.acts import Blank
from app.console.registry.entering.marking import with_rows
from app.core.types import Values

RowEntries = Sequence[Blank]


def typed_bodies(form: Form, name: str, entries: RowEntries) -> list[Values]:
    """Return what was typed into the rows under *name*, as bodies have them, without empty ones."""
    found = []
    for row in form.rows(name):
        given = {entry.name: entry.typed(row) for entry in entries}
        filled = {key: own for key, own in given.items() if own not in (None, [], False)}
        if filled:
            found.append(nested(filled))
    return found


def nested(values: Mapping[str, object]) -> Values:
    """Return *values* with those whose names have a dot in an object of their own."""
    found: Values = {}
    for name, own in values.items():
        outer, _, inner = name.rpartition(".")
        (found.setdefault(outer, {}) if outer else found)[inner] = own
    return found


def closed_up(form: Form, name: str, entries: RowEntries) -> Form:
    """Return *form* with the rows under *name* numbered anew, without the empty ones."""
    kept = [
        [(key, one) for key, one in row.values.items(multi=True)]
        for row in form.rows(name)
        if any(entry.typed(row) not in (None, [], False) for entry in entries)
    ]
    rows = [
        iter([(f"{name}.{number}.{key}", one) for key, one in pairs])
        for number, pairs in enumerate(kept)
    ]
    return with_rows(form, name, rows)


def shown_rows(form: Form, name: str, entries: RowEntries) -> list[list[Blank]]:
    """Return the inputs of each row under *name*, and of an empty one at the end."""
    count = len(list(form.rows(name))) + 1
    return [
        [replace(entry, name=f"{name}.{number}.{entry.name}") for entry in entries]
        for number in range(count)
    ]
