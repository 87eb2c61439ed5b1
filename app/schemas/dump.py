"""A dump compiled once from a marshmallow schema: the same answer, in plain Python.

The schema stays the contract; a test compares both ways on every answer of the API. Dates and
moments are left to the JSON writer, which writes them as marshmallow does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from app.schemas.fields import Cached, Object, Stored


@dataclass(frozen=True)
class Dump:
    """A compiled dump: (row, vocabulary) → the JSON object, and whether it needs the latter."""

    schema: Schema
    write: Callable[[Any, Any], dict[str, Any]]
    needs_vocabulary: bool


def compile_dump(schema: Schema) -> Dump:
    """Return the function that does for a row what ``schema.dump`` does."""
    source = source_of(schema, "r")
    code = compile(f"lambda r, v: {source}", f"<{type(schema).__name__}>", "eval")
    write = eval(code)  # noqa: S307  (our own text, from our own field names)
    return Dump(schema, write, needs_vocabulary="v." in source)


def source_of(schema: Schema, row: str, prefix: str = "") -> str:
    """Return the source of a dict of *schema*'s fields, read from the expression *row*."""
    pairs = (
        f"{field.data_key or name!r}: {value_of(field, row, prefix + (field.attribute or name))}"
        for name, field in schema.dump_fields.items()
    )
    return "{" + ", ".join(pairs) + "}"


def value_of(field: fields.Field[Any], row: str, name: str) -> str:
    """Return the source of one value."""
    value = f"{row}.{name}"
    if isinstance(field, Stored):
        return value
    if isinstance(field, Cached):
        return f"v.{field.lookup}({value})"
    if isinstance(field, Object) and field.prefix is not None:
        return source_of(field.schema, row, field.prefix)
    if isinstance(field, fields.Nested):
        inner = source_of(field.schema, "x")
        if field.many:
            return f"[{inner} for x in {value}]"
        return f"[{inner} if x is not None else None for x in [{value}]][0]"
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return f"[{source_of(field.inner.schema, 'x')} for x in {value}]"
    return value
