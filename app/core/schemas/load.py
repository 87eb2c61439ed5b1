"""Loading values with a schema: of a query, only the parameters that came.

A list declares some twenty filters and is asked with two. The schema itself loads, and names all
that is wrong, whenever anything is.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, missing
from marshmallow.fields import List

from app.core.schemas.messages import say
from app.core.types import Values

Load = Callable[[Any], Values]
"""What came in → the values; raises ValidationError naming every field that is wrong."""


ONCE = say("只能写一次", "must stand only once")


def compile_load(schema: Schema) -> Load:
    """Return what loads a query as *schema* does, touching only the fields that are named.

    What stands several times in a query comes as a list, which only fields of lists take. Fields
    with defaults that are made anew, and schemas with hooks of their own, are left to the schema.
    """
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    once = frozenset(name for name, field in fields.items() if not isinstance(field, List))
    usual = {name: field.load_default for name, field in fields.items()}
    simple = not any(callable(value) for value in usual.values()) and not any(
        schema._hooks.values()
    )
    needed = {name for name, field in fields.items() if field.required}
    usual = {name: value for name, value in usual.items() if value is not missing}
    names = {name: str(field.attribute or field.name) for name, field in fields.items()}

    def load(values: Values) -> Values:
        given = values.keys()
        often = [n for n, v in values.items() if isinstance(v, list) and n in once]
        if often:
            raise ValidationError({name: [ONCE] for name in sorted(often)})
        if simple and given <= fields.keys() and needed <= given:
            try:
                found = {n: fields[n].deserialize(values[n], n, values) for n in given}
            except ValidationError:
                return dict(schema.load(values))
            return {names[name]: value for name, value in {**usual, **found}.items()}
        return dict(schema.load(values))

    return load
