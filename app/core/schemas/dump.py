"""A dump compiled once from a marshmallow schema: the same answer, in plain Python.

The schema stays the contract; a test compares both ways on every answer of the API. Dates and
moments are left to the JSON writer, which writes them as marshmallow does. (Closures in place of
the compiled text took 1.3 to 1.6 times as long for the rows of a list.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from app.core.schemas.output_fields import Cached, Lines, Object, Stored
from app.core.types import Function, Row, Values

Write = Function
"""(value, vocabulary) → what JSON is written of."""

Name = Callable[[str], str]
"""The name of a value → the source that reads it."""


ABSENT = (AttributeError, LookupError, NameError, TypeError)
"""What reading a value raises that is not there; a failure of the database passes as it is."""


class NotShown(Exception):
    """A value that a schema shows was not there, or was not what its field takes."""


@dataclass(frozen=True)
class Dump:
    """A compiled dump of *schema*, and whether it needs the vocabulary."""

    schema: Schema
    fast: Write
    needs_vocabulary: bool

    def write(self, content: object, vocabulary: object) -> Any:
        """Return what JSON is written of.

        Raises NotShown, which names the schema and its field, where *content* lacks a value.
        """
        try:
            return self.fast(content, vocabulary)
        except ABSENT as error:
            where = faulty_field(self.schema, content, vocabulary) or name_of(self.schema)
            raise NotShown(f"{where}: {error}") from error


def compile_dump(schema: Schema) -> Dump:
    """Return the function that does for an object what ``schema.dump`` does.

    The rows of a list's ``items`` are taken apart at once and not attribute by attribute.
    """
    source = source_of(schema, attribute_of("r"))
    items: Any = schema.dump_fields.get("items")
    nested = items.inner.schema if items is not None and is_nested(items) else None
    if nested is not None:
        source = source.replace(value_of(items, attribute_of("r"), "items"), "rows(r.items, v)")
    names = {"rows": row_writer(nested)} if nested else {}
    write = compiled(f"lambda r, v: {source}", schema, names)
    return Dump(schema, write, needs_vocabulary=uses_vocabulary(schema))


def faulty_field(schema: Schema, content: object, known: object, prefix: str = "") -> str | None:
    """Return the field, as ``Schema.field``, that cannot be dumped of *content*.

    Each field is tried alone, and then each object inside it, so this is for errors only.
    """
    for name, field in schema.dump_fields.items():
        attribute = prefix + (field.attribute or name)
        value = value_of(field, attribute_of("r"), attribute)
        try:
            compiled(f"lambda r, v: {value}", schema, {})(content, known)
        except ABSENT:
            return fault_inside(field, content, attribute, known) or f"{name_of(schema)}.{name}"
    return None


def fault_inside(field: Any, content: object, attribute: str, known: object) -> str | None:
    """Return the field of an object inside *field* that cannot be dumped."""
    inner = getattr(field, "inner", field)
    if isinstance(inner, Object) and inner.prefix is not None:
        return faulty_field(inner.schema, content, known, inner.prefix)
    found = getattr(content, attribute, None)
    if found is None or not isinstance(inner, fields.Nested):
        return None
    objects = found if is_nested(field) else [found]
    return next(filter(None, (faulty_field(inner.schema, one, known) for one in objects)), None)


def name_of(schema: Schema) -> str:
    """Return the name of the class that *schema* is made of."""
    return type(schema).__name__


def uses_vocabulary(schema: Schema) -> bool:
    """Return whether *schema*, or one inside it, shows what the process knows by heart."""
    for field in schema.dump_fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, Cached):
            return True
        if isinstance(inner, fields.Nested) and uses_vocabulary(inner.schema):
            return True
    return False


def is_nested(field: object) -> bool:
    """Return whether *field* lists objects of a schema."""
    return isinstance(field, fields.List) and isinstance(field.inner, fields.Nested)


def compiled(source: str, schema: Schema, names: Values) -> Write:
    """Return the function that *source* stands for."""
    code = compile(source, f"<{name_of(schema)}>", "eval")
    write: Write = eval(code, names)  # noqa: S307  (our own text, from our own field names)
    return write


def row_writer(schema: Schema) -> Write:
    """Return the function that dumps many rows, or other objects, of *schema*."""
    plain_source = source_of(schema, attribute_of("r"))
    plain = compiled(f"lambda rows, v: [{plain_source} for r in rows]", schema, {})

    @lru_cache(maxsize=20)
    def unpacking(columns: tuple[str, ...]) -> Write:
        source, names = source_of(schema, lambda name: name), ", ".join(columns)
        return compiled(f"lambda rows, v: [{source} for ({names},) in rows]", schema, {})

    def write(rows: Sequence[Row], vocabulary: object) -> Any:
        columns = getattr(rows[0], "_fields", None) if rows else None
        return (unpacking(columns) if columns else plain)(rows, vocabulary)

    return write


def attribute_of(row: str) -> Name:
    """Return how a value is read from the object that *row* names."""
    return lambda name: f"{row}.{name}"


def source_of(schema: Schema, read: Name, prefix: str = "") -> str:
    """Return the source of a dict of *schema*'s fields."""
    pairs = (
        f"{field.data_key or name!r}: {value_of(field, read, prefix + (field.attribute or name))}"
        for name, field in schema.dump_fields.items()
    )
    return "{" + ", ".join(pairs) + "}"


def value_of(field: Any, read: Name, name: str) -> str:
    """Return the source of one value."""
    value = read(name)
    if isinstance(field, Stored):
        return value
    if isinstance(field, Lines):
        return f"({value}.split('\\n') if {value} else [])"
    if isinstance(field, Cached):
        then = "" if field.on is None else f", {read(field.on)}"
        return f"v.{field.lookup}({value}{then})"
    if isinstance(field, Object) and field.prefix is not None:
        return source_of(field.schema, read, field.prefix)
    if isinstance(field, fields.Nested):
        inner = source_of(field.schema, attribute_of("x"))
        return f"[{inner} if x is not None else None for x in [{value}]][0]"
    if is_nested(field):
        inner = source_of(field.inner.schema, attribute_of("x"))
        listed = f"[{inner} for x in {value}]"
        return f"(None if {value} is None else {listed})" if field.allow_none else listed
    return value
