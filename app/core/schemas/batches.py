"""Batches: what every row names and is answered, whichever operation it asks for."""

from marshmallow import Schema, fields

from app.core.schemas.fields import Choice, Input, Items, Number, Output
from app.core.schemas.filters import Named
from app.core.schemas.output_fields import Object
from app.core.schemas.problems import BatchRowSchema

ATOMIC, ROW_BY_ROW = "atomic", "row_by_row"
MOST_ROWS = 100
"""So many rows hold the write lock for one to four seconds."""


class BatchInputSchema(Input):
    """Rows that are carried out one after the other, in one transaction."""

    mode = Choice(
        (ATOMIC, ROW_BY_ROW),
        named="BatchMode",
        required=True,
        metadata={
            "description": "`atomic`: all rows, or none where one is refused. `row_by_row`: each by"
            " itself; what is refused leaves the others as they are."
        },
    )


class RecordRowInputSchema(Input):
    """The record that a row is about."""

    record = Named(
        required=True, metadata={"description": "Its reference, or its number as a text."}
    )
    version = Number(
        1,
        2**31 - 1,
        metadata={
            "description": "The version that was seen; left out: the last one when the request"
            " came. For a second row on one record leave it out."
        },
    )


ROWS = {"description": "Carried out one after the other, in this order."}
BODY = {"description": "What the single operation takes."}


def batch_of(name: str, body: type[Schema], *, named: bool = True) -> type[Schema]:
    """Return the schema of a batch of rows called *name*, each with the *body* of one request.

    They name a record, but for those that make a new one.
    """
    row = type(
        f"{name}RowInputSchema",
        (RecordRowInputSchema if named else Input,),
        {
            "__doc__": "One row: what a request for itself would say.",
            "body": Object(body, required=True, metadata=BODY),
        },
    )
    rows = Items(Object(row), MOST_ROWS, least=1, required=True, metadata=ROWS)
    return type(
        f"{name}BatchInputSchema",
        (BatchInputSchema,),
        {"__doc__": "Rows that are carried out in order.", "rows": rows},
    )


class BatchResultSchema(Output):
    """What became of each row."""

    carried_out = fields.Integer(required=True, metadata={"description": "How many rows were."})
    refused = fields.Integer(required=True, metadata={"description": "How many rows were."})
    rows = fields.List(
        fields.Nested(BatchRowSchema),
        required=True,
        metadata={"description": "One for each that was sent, in order."},
    )
