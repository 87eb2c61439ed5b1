"""Makes of what one request does an operation that does it in each row of a batch."""

from functools import partial

from app.core.schemas.batches import BatchResultSchema, batch_of
from app.core.types import Function
from app.http.batches.carrying_out import as_of_request, carry_out_rows
from app.http.batches.rows import Batch, load_rows
from app.http.blueprints import Blueprint, Decorator, access_of
from app.http.contract.operations import Operation
from app.http.pipeline import Change


def carries_out(blueprint: Blueprint, batch: Batch) -> Decorator:
    """Make what is done in one row an operation of *blueprint* that does it in each of a batch.

    It is a view of (owner, call, record, values), as that of the single operation, that gives back
    the record which was changed or made, or what was asked for.
    """
    operation = Operation(
        name=batch.name,
        answers=BatchResultSchema,
        access=access_of(batch.name),
        errors=(409,),
        repeats=True,
        writes=True,
    )
    title = batch.single[0].upper() + batch.single[1:]
    schema = batch_of(title, batch.body, named=batch.of is not None)()

    def make(*, view: Function, operation: Operation, dump: Function) -> Change:
        return Change(
            operation=operation,
            view=partial(carry_out_rows, batch, operation, view),
            load=load_rows(schema, batch.parts),
            dump=dump,
            versioned=False,
            holding=partial(as_of_request, batch, operation),
        )

    return blueprint.changes(operation, make, schema)
