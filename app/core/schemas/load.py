"""Loading values with a schema: of a query, only the parameters that came.

A list declares some twenty filters and is asked with two. The schema itself loads, and names all
that is wrong, whenever anything is.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, missing

from app.core.types import Values

Load = Callable[[Any], Values]
"""What came in → the values; raises ValidationError naming every field that is wrong."""


def compile_load(schema: Schema) -> Load:
    """Return what loads a query as *schema* does, touching only the fields that are named.

    Fields with defaults that are made anew, and schemas with hooks of their own, are left to the
    schema.
    """
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    usual = {name: field.load_default for name, field in fields.items()}
    if any(callable(value) for value in usual.values()) or any(schema._hooks.values()):
        return lambda values: dict(schema.load(values))
    needed = {name for name, field in fields.items() if field.required}
    usual = {name: value for name, value in usual.items() if value is not missing}
    names = {name: str(field.attribute or field.name) for name, field in fields.items()}

    def load(values: Values) -> Values:
        given = values.keys()
        if given <= fields.keys() and needed <= given:
            try:
                found = {n: fields[n].deserialize(values[n], n, values) for n in given}
            except ValidationError:
                return dict(schema.load(values))
            return {names[name]: value for name, value in {**usual, **found}.items()}
        return dict(schema.load(values))

    return load
