"""A value that an answer lacks is named with its schema and field."""

from collections import namedtuple
from types import SimpleNamespace

import pytest
from marshmallow import Schema, fields

from app.core.schemas.dump import NotShown, compile_dump
from app.core.schemas.output_fields import Object


class OfficeSchema(Schema):
    slug = fields.String()


class LineSchema(Schema):
    title = fields.String()
    leads = Object(OfficeSchema, prefix="lead_")


class PageSchema(Schema):
    next = fields.String()
    items = fields.List(fields.Nested(LineSchema))


class RecordSchema(Schema):
    line = fields.Nested(LineSchema, allow_none=True)


def page(*items):
    return SimpleNamespace(next=None, items=list(items))


Whole = namedtuple("Whole", "title lead_slug")
NoSlug = namedtuple("NoSlug", "title")


def test_a_whole_page_is_written():
    written = compile_dump(PageSchema()).write(page(Whole("a", "b")), None)
    assert written == {"next": None, "items": [{"title": "a", "leads": {"slug": "b"}}]}


@pytest.mark.parametrize(
    ("schema", "content", "where"),
    [
        (PageSchema, SimpleNamespace(items=[]), "PageSchema.next"),
        (PageSchema, SimpleNamespace(next=None), "PageSchema.items"),
        (PageSchema, page(NoSlug("a")), "OfficeSchema.slug"),
        (PageSchema, page(Whole("a", "b"), SimpleNamespace(lead_slug="b")), "LineSchema.title"),
        (RecordSchema, SimpleNamespace(line=NoSlug("a")), "OfficeSchema.slug"),
        (RecordSchema, SimpleNamespace(), "RecordSchema.line"),
    ],
)
def test_what_is_missing_is_named(schema, content, where):
    with pytest.raises(NotShown) as caught:
        compile_dump(schema()).write(content, None)
    assert str(caught.value).startswith(f"{where}: ")


class Unreachable:
    @property
    def line(self):
        raise OSError("the database went away")


def test_a_failure_of_the_database_is_not_told_as_a_missing_value():
    with pytest.raises(OSError, match="went away"):
        compile_dump(RecordSchema()).write(Unreachable(), None)
