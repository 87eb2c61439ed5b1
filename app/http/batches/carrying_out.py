"""Carrying out the rows of a batch, one after the other, in one transaction.

Each has a savepoint of its own, so that what is refused leaves nothing behind. Where all rows are
to stand or none, the others are tried all the same, to say what would become of them, and then
everything is undone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.audit.services.recorder import Recorded
from app.core.errors import (
    Busy,
    DomainError,
    InFlight,
    OutcomeUnknown,
    RowsRefused,
    StaleVersion,
    StoreUnavailable,
)
from app.core.queries.rows import View
from app.core.schemas.batches import ATOMIC
from app.core.schemas.dump import compile_dump
from app.core.schemas.problems import BatchRowSchema
from app.core.types import Values
from app.http.batches.rows import Batch, GivenRow, Work, key_of, versions
from app.http.call import Asked, Call, found_or_404
from app.http.context import RefusedRow, context
from app.http.contract.operations import Operation
from app.http.problems import Invalid, Refused, content_of
from app.http.requests import database
from app.http.security.authentication import take_more
from app.http.security.refused_attempts import note_rows
from app.register.people.queries import reference_data
from app.register.recommendations.services.permissions import require_any

REFUSALS = (DomainError, Invalid, Refused, IntegrityError, StaleDataError)
"""What one row can be refused with, while the others go on."""

OF_ALL = (Busy, InFlight, OutcomeUnknown, StoreUnavailable)
"""What no row can be carried out under."""

ROWS_OF_A_REQUEST = 10
"""So many rows count as one request towards what a caller may send."""

ROW = compile_dump(BatchRowSchema())


@dataclass(frozen=True)
class Carrying:
    """A batch that is being carried out: what each row does, and for whom.

    *now* are the versions of the records that it names as the transaction began.
    """

    batch: Batch
    operation: Operation
    work: Work
    call: Call
    now: dict[str, int]


def names_in(rows: Sequence[GivenRow]) -> list[str]:
    """Return the names of the records that *rows* are about, each once."""
    return sorted({row.record for row in rows if row.record})


@contextmanager
def as_of_request(
    batch: Batch, operation: Operation, values: Values, body: object
) -> Iterator[None]:
    """Note, before the block takes the lock, which versions the records of a batch have.

    Every ten rows count as a request; raises TooManyRequests. What was refused leaves an event.
    """
    request, rows = context(), values["rows"]
    take_more(-(-len(rows) // ROWS_OF_A_REQUEST) - 1)
    if batch.of is not None:
        known = partial(versions, model=batch.of.model, names=names_in(rows))
        request.versions = database().read(known)
    try:
        yield
    except RowsRefused:
        note_rows(operation.name)
        raise
    note_rows(operation.name)


def carry_out_rows(
    batch: Batch, operation: Operation, work: Work, owner: object, call: Call, values: Values
) -> View:
    """Carry out the rows of a batch and return what became of each.

    Raises RowsRefused where it is all or none and one was refused.
    """
    rows, of = values["rows"], batch.of
    now = {} if of is None else versions(call.session, of.model, names_in(rows))
    carrying = Carrying(batch, operation, partial(work, owner), call, now)
    call.request.refused_rows.clear()  # of an attempt that the database made us begin again
    results = [carried_out(carrying, index, row) for index, row in enumerate(rows)]
    refused = len(call.request.refused_rows)
    if refused and values["mode"] == ATOMIC:
        raise RowsRefused(
            rows=[ROW.write(undone(result), None) for result in results],
            fields=fields_of(results),
            number=refused,
            total=len(results),
        )
    return View(carried_out=len(results) - refused, refused=refused, rows=results)


def undone(result: View) -> View:
    """Return the *result* of a row that was undone with the others: what is not there has gone."""
    if result.status == 201:
        result = result.having(id=None, reference=None)
    return result.having(version=None, approval=None) if result.problem is None else result


def fields_of(results: Sequence[View]) -> dict[str, tuple[str, str]]:
    """Return what is wrong with the fields of all rows."""
    wrong = [error for result in results if result.problem for error in result.problem.errors]
    return {error.field: (error.message, error.message) for error in wrong}


def carried_out(carrying: Carrying, index: int, row: GivenRow) -> View:
    """Carry out one row, in a savepoint, and return what became of it."""
    session = carrying.call.session
    try:
        with session.begin_nested():
            return result_of(carrying, index, row)
    except REFUSALS as error:
        if isinstance(error, OF_ALL):
            raise
        session.refresh(session.info["head"])
        reference_data.forget_names(session)
        return refusal(carrying, index, row, error)
    finally:
        forget(session)


def forget(session: Session) -> None:
    """Forget the records that a row has read, so that the next one reads what is there then.

    The head stays: nobody else writes it meanwhile.
    """
    for record in list(session):
        if record is not session.info["head"]:
            session.expunge(record)


def result_of(carrying: Carrying, index: int, row: GivenRow) -> View:
    """Carry out one row and return what became of it; raise what it is refused with."""
    if row.wrong is not None:
        raise Invalid({"rows": {index: row.wrong}})
    record = record_of(carrying, row)
    given = () if record is None else (record,)
    made = carrying.work(carrying.call, *given, row.values["body"])
    carrying.call.session.flush()
    if isinstance(made, Asked):
        return became(index, 202, record, approval=made.approval.id)
    return became(index, carrying.batch.status, made, version=made.version)


def became(index: int, status: int, record: Recorded | None, **more: object) -> View:
    """Return what became of a row that was about *record*, and what is known of it *more*."""
    known = {"reference": record and record.called, "id": record and record.id}
    nothing = {"version": None, "approval": None, "problem": None}
    return View(index=index, status=status, **{**known, **nothing, **more})


def record_of(carrying: Carrying, row: GivenRow) -> Recorded | None:
    """Return the record that a row is about, under the lock; None where it makes one.

    Raises NotFound when it is absent or hidden, PermissionDenied when the caller cannot come to do
    this at all, StaleVersion when it is not the version that the row says, or the last one when the
    request came.
    """
    batch, call = carrying.batch, carrying.call
    if batch.of is None:
        return None
    record = found_or_404(batch.of.find(call.session, call.actor, row.record))
    require_any(call.session, call.actor, carrying.operation.access.permissions, record)
    expected, current = row.values.get("version"), record.version
    if expected is None and batch.versioned:
        known, name = call.request.versions, key_of(row.record)
        current = carrying.now.get(name)
        expected = known.get(name, current)
    if expected not in (None, current):
        raise StaleVersion(expected=expected, current=current)
    return record


def shown(carrying: Carrying, row: GivenRow) -> Recorded | None:
    """Return the record that a refused row was about, as far as the caller may see it, or None."""
    call, of = carrying.call, carrying.batch.of
    return of.find(call.session, call.actor, row.record) if of and row.record else None


def refusal(carrying: Carrying, index: int, row: GivenRow, error: Exception) -> View:
    """Return that a row was refused with *error*, and note it."""
    call, record = carrying.call, shown(carrying, row)
    kind = carrying.batch.of.kind if carrying.batch.of and row.record else "register"
    about = (kind, record.id if record else 0, (record.called if record else row.record)[:64])
    call.request.refused_rows.append(RefusedRow(about, error))
    content = content_of(error)
    place = "" if row.wrong is not None else f"rows.{index}.body."
    wrong = [View(field=place + e["field"], message=e["message"]) for e in content["errors"]]
    why = View(type=content["type"], title=content["title"], detail=content["detail"], errors=wrong)
    current = error.values["current"] if isinstance(error, StaleVersion) else None
    return became(index, content["status"], record, problem=why, version=current)
