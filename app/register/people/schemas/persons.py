"""Persons over the interface."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Input, Items, Line, Number, Output, Slug, Switch, Text
from app.core.schemas.filters import Asking, Named, Several
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema
from app.register.searching.schemas import SearchWords

PRINTED = {"description": "Name, as sources print it."}
TO_HANDLERS = "for the offices that handle a proposal of theirs, and for"
TO_STAFF = "registrars, dispatchers and auditors; null for everyone else, and where none is known"


class PersonSchema(Output):
    """Someone who proposes."""

    slug = fields.String(required=True)
    name = fields.String(required=True, metadata=PRINTED)
    capacity = Code(words.Capacity, required=True)
    body = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="body_id",
        required=True,
        metadata={"description": "The body they sit in."},
    )
    delegation = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The delegation of a deputy; null where none is known."},
    )
    sector = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The sector of a member of the CPPCC; null where none is known."},
    )
    terms = fields.List(
        fields.Integer(),
        required=True,
        allow_none=True,
        metadata={
            "description": "The terms of the body in which they sit; null where that is not known."
        },
    )
    merged_into = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Slug of the person as who they stand, where they were entered twice;"
            " null: this one stands."
        },
    )
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)


class PersonFilterSchema(ChangedFilterSchema):
    """Which persons to list."""

    body = Several(Named())
    capacity = Several(Code(words.Capacity))
    q = SearchWords("In the name.")
    asking = Asking()


class PersonDetailSchema(PersonSchema):
    """Someone who proposes, and what is personal of them as far as the caller may know."""

    phone = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Telephone number; {TO_HANDLERS} {TO_STAFF}."},
    )
    email = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"E-mail address; {TO_HANDLERS} {TO_STAFF}."},
    )
    address = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Postal address; for {TO_STAFF}."},
    )
    unit = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Where they work, and as what; {TO_HANDLERS} {TO_STAFF}."},
    )
    member_number = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Their number in the body; for {TO_STAFF}."},
    )


class PersonTextsSchema(Input):
    """What may be said of a person, new or not; null takes it away."""

    phone = Line(40, allow_none=True, metadata={"description": "Telephone number."})
    email = Line(254, allow_none=True, metadata={"description": "E-mail address."})
    address = Line(300, allow_none=True, metadata={"description": "Postal address."})
    delegation = Line(
        100, allow_none=True, metadata={"description": "The delegation of a deputy; public."}
    )
    sector = Line(
        100,
        allow_none=True,
        metadata={"description": "The sector of a member of the CPPCC; public."},
    )
    unit = Line(
        200,
        allow_none=True,
        metadata={"description": "Where they work, and as what; never public."},
    )
    member_number = Line(
        40,
        allow_none=True,
        metadata={
            "description": "Their number in the body; never public. It is one whatever the width,"
            " the case and the blanks it is typed with, and nobody else's there."
        },
    )
    terms = Items(
        Number(1, 99),
        50,
        allow_none=True,
        metadata={"description": "The terms of the body in which they sit."},
    )
    is_namesake = Switch(
        load_default=False,
        metadata={
            "description": "True: this is another one of the same name, although nothing that is"
            " known of both tells them apart."
        },
    )
    note = Text(2000)


class PersonInputSchema(PersonTextsSchema):
    """Someone who may propose."""

    slug = Slug(required=True)
    name = Line(100, required=True, metadata=PRINTED)
    capacity = Code(words.Capacity, required=True)
    body = Named(required=True, metadata={"description": "Slug of the body they sit in."})


class PersonEditInputSchema(PersonTextsSchema):
    """What is corrected of a person; what is left out stays, null takes it away."""

    name = Line(100, metadata=PRINTED)


class PersonMergerInputSchema(Input):
    """As whom a person who was entered twice stands, and how one knows."""

    into = Named(
        required=True,
        metadata={"description": "Slug of the one that stays, of the same body."},
    )
    reason = Text(2000, required=True)


class PersonPageSchema(PageSchema):
    """One page of persons."""

    items = fields.List(fields.Nested(PersonSchema), required=True)
