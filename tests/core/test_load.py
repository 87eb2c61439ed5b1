"""Loading a query touches only what came, and says the same as the schema."""

import pytest
from marshmallow import ValidationError

from app import wiring
from app.core.schemas.load import compile_load
from app.core.schemas.paging import MomentFilterSchema, NoFilterSchema, PageFilterSchema


def below(schema):
    yield schema
    for own in schema.__subclasses__():
        yield from below(own)


FILTERS = [
    s for base in (PageFilterSchema, MomentFilterSchema, NoFilterSchema) for s in below(base)
]
TRIED = ("1", "0", "true", "maybe", "2026-03-02", "2026-03-02T08:00:00Z", "closed", "x" * 5000, "")


def outcome(load, values):
    try:
        return load(dict(values))
    except ValidationError as error:
        return error.messages_dict


def test_every_list_is_among_them():
    assert wiring.GROUPS
    assert len(FILTERS) > 12


@pytest.mark.parametrize("kind", FILTERS, ids=lambda kind: kind.__name__)
def test_it_loads_and_refuses_what_the_schema_does(kind):
    schema = kind()
    fast = compile_load(schema)
    names = [field.data_key or name for name, field in schema.load_fields.items()]
    tried = [{}, {"unknown": "1"}, dict.fromkeys(names, "1")]
    tried += [{name: value} for name in names for value in TRIED]
    for values in tried:
        assert outcome(fast, values) == outcome(schema.load, values), values


def test_what_has_a_hook_of_its_own_is_left_to_it():
    from marshmallow import Schema, fields, post_load

    class Doubled(Schema):
        many = fields.Integer()

        @post_load
        def double(self, values, **kwargs):
            return values | {"many": 2 * values.get("many", 0)}

    assert compile_load(Doubled())({"many": "4"})["many"] == 8
