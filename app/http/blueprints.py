"""One decorator for every operation: what it takes and answers, and who may call it.

What it makes of a view is an operation of pipeline.py, documented in the contract.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Response, request
from marshmallow import Schema

from app.accounts.rules.operation_access import ACCESS, Access, Audience
from app.core.schemas.load import Load, compile_load
from app.core.schemas.selection import dump_with
from app.core.types import Function, Values
from app.http.context import context
from app.http.contract.operations import Documented, EntityTag, Operation, tag_of
from app.http.incoming.forms import read_form
from app.http.pipeline import (
    Change,
    Find,
    Holding,
    May,
    Part,
    Reading,
    answer_change,
    answer_reading,
    unheld,
    values_of_upload,
)
from app.http.uploads import FORM, check_upload, read_upload

Decorator = Callable[[Function], Any]

SERVER_ERRORS = (414, 431)
"""What the server refuses before it asks the program."""

OPEN_READ_ERRORS = (400, 406, *SERVER_ERRORS, 422, 500, 503)
READ_ERRORS = (401, 403, 429, *OPEN_READ_ERRORS)
"""What can go wrong with any reading, and with one that is not anyone's."""

OPEN_ERRORS = (400, 401, 406, 413, 415, 422, 429, 500, 503, *SERVER_ERRORS)
WRITE_ERRORS = (*OPEN_ERRORS, 403)


def read_errors(access: Access) -> tuple[int, ...]:
    """Return what can go wrong with a reading of those that *access* lets in."""
    return OPEN_READ_ERRORS if access.audience is Audience.ANYONE else READ_ERRORS


class NoAccess(Exception):
    """An operation has no row in the table of who may call what."""


def access_of(operation: str) -> Access:
    """Return who may call *operation*; raise NoAccess when the table does not say."""
    if operation not in ACCESS:
        raise NoAccess(f"operation_access.py does not say who may call {operation}")
    return ACCESS[operation]


class Blueprint(Documented):
    """A blueprint whose operations go through one pipeline."""

    def reads(
        self,
        name: str,
        answers: type[Schema] | None,
        query: type[Schema],
        *,
        errors: tuple[int, ...] = (),
        content_type: str = "text/plain",
        tag: EntityTag | None = None,
        in_parts: bool = False,
        has_page: bool = False,
    ) -> Decorator:
        """Make a view an operation that reads; *answers* None means *content_type* and no JSON.

        Given *in_parts* it heeds Range; one that *has_page* may give the page its Answer makes.
        """
        access, tag = access_of(name), tag or tag_of(answers)
        operation = Operation(
            name=name,
            answers=answers,
            access=access,
            errors=(*errors, *read_errors(access)),
            condition=None if tag is EntityTag.NOTHING else "IfNoneMatch",
            content_type="" if answers else content_type,
            tag=tag,
            in_parts=in_parts,
            has_page=has_page,
        )
        dump, load = dump_with(answers) if answers else None, compile_load(query())
        make = partial(Reading, operation=operation, load=load, dump=dump)
        return self.operation(operation, make, answer_reading, query())

    def writes(
        self,
        name: str,
        answers: type[Schema],
        body: type[Schema],
        *,
        find: Find | None = None,
        may: May | None = None,
        method: str = "POST",
        made: str = "",
        status: int = 200,
        versioned: bool = True,
        asks: bool = False,
        holding: Holding = unheld,
        errors: tuple[int, ...] = (),
    ) -> Decorator:
        """Make a view an operation that changes something, in one transaction: see Change.

        One that makes something says in *made* where that can be read: ``/tags/{record.slug}``.
        One that *asks* may answer 202 with a request for approval. A POST may be sent again with
        its Idempotency-Key, unless it is for anyone: what its body brings is good once.
        """
        operation = Operation(
            name=name,
            answers=answers,
            access=access_of(name),
            errors=(*errors, *conditions(versioned, find)),
            status=201 if made else status,
            made=made,
            condition=condition(versioned, find),
            asks=asks,
            repeats=method == "POST",
            writes=True,
            tag=changed_tag(answers),
        )
        schema = body()
        make = partial(
            Change, load=schema.load, find=find, may=may, versioned=versioned, holding=holding
        )
        return self.changes(operation, make, schema)

    def uploads(
        self,
        name: str,
        answers: type[Schema],
        values: type[Schema],
        *,
        form: type[Schema],
        find: Find,
        part: Part,
        named: Callable[[Values], Any],
        holding: Holding,
        made: str,
    ) -> Decorator:
        """Make a view an operation that takes a file as it is, and the *values* from the query.

        Or in a form, together with the values, as *form* describes it. Nothing of it is read
        before the caller has a *part* in the record, nor, where it is the body, before the query
        is one that *named* raises nothing about.
        """
        operation = Operation(
            name=name,
            answers=answers,
            access=access_of(name),
            errors=(404, 412),
            status=201,
            made=made,
            condition=condition(False, find),
            repeats=True,
            writes=True,
            form=form,
            tag=changed_tag(answers),
        )
        load = compile_load(values())
        make = partial(
            Change,
            load=load,
            find=find,
            part=part,
            versioned=False,
            read=partial(read_named, load, named),
            values=values_of_upload,
            holding=holding,
        )
        return self.changes(operation, make, values(partial=True), "query")

    def changes(
        self,
        operation: Operation,
        make: Callable[..., Change],
        schema: Schema,
        location: str = "json",
    ) -> Decorator:
        """Make a view an *operation* that changes something, with the errors of all of them."""
        anyone = operation.access.audience is Audience.ANYONE
        repeats = operation.repeats and not anyone
        usual = (*(OPEN_ERRORS if anyone else WRITE_ERRORS), *((409,) if repeats else ()))
        whole = operation.with_errors(usual, repeats)
        dump = dump_with(operation.answers) if operation.answers else None
        made = partial(make, operation=whole, dump=dump)
        return self.operation(whole, made, answer_change, schema, location)

    def operation(
        self,
        operation: Operation,
        make: Function,
        answer: Callable[..., Response],
        schema: Schema,
        location: str = "query",
    ) -> Decorator:
        """Make a view what *make* makes of it, run by *answer*, and document it."""

        def decorate(view: Function) -> Any:
            made = make(view=view)

            @wraps(view)
            def run(owner: object, **path: Any) -> Response:
                return answer(made, owner, path)

            return self.documented(run, operation, schema, location)

        return decorate


def changed_tag(answers: type[Schema]) -> EntityTag:
    """Return by what the answer to a change is told from another: one record by its version."""
    return EntityTag.VERSION if tag_of(answers) is EntityTag.VERSION else EntityTag.NOTHING


def conditions(versioned: bool, find: Find | None) -> tuple[int, ...]:
    """Return the errors of an operation about a record, or about a version of it."""
    return ((428,) if versioned else ()) + ((404, 412) if find else ())


def condition(versioned: bool, find: Find | None) -> str | None:
    """Return the If-Match of an operation: needed, or heeded where there is a record, or none."""
    if find is None:
        return None
    return "IfMatch" if versioned else "IfMatchHeeded"


def read_named(load: Load, named: Callable[[Values], Any]) -> Any:
    """Return the file that comes in, once its headers and its query are such as can be.

    Of a form the query is none, and its fields are known when it was read.
    """
    check_upload()
    if request.mimetype == FORM:
        read_form()
    named(values_of_upload(load))
    return context().upload or read_upload()
