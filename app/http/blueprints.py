"""One decorator for every operation: who may call it, what comes in, what goes out.

The order of its checks: 401, 429, 404 and 403, 415, 413, 400, 428, 422; then the view runs, in
one transaction when it writes, where 412 and 409 arise. Of a file that comes in, its query is
checked before anything of it is read.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial, wraps
from typing import Any

from flask import Response, g
from marshmallow import Schema
from sqlalchemy.orm import Session

from app.accounts.rules.operation_access import Audience
from app.accounts.schemas.approvals import ApprovalSchema
from app.core.clock import utcnow
from app.core.config import Settings
from app.core.errors import StaleVersion
from app.core.rules.permissions import Actor
from app.core.schemas.dump import compile_dump
from app.deadlines.rules.rulebook import RuleBook
from app.http import idempotency, receipts
from app.http.contract.operations import Documented, Operation, is_tagged
from app.http.guards import Find, May, Part, access_of, found_or_404, read_guard, write_guard
from app.http.requests import StrictParser, database, settings, vocabulary_cache
from app.http.responses import answer, entity_tag, is_too_long, next_link, unless_known
from app.http.uploads import Upload, check_upload, read_upload
from app.register.people.queries.reference_data import ReferenceData, ReferenceDataCache


@dataclass
class Call:
    """One call of an operation: its session, its actor, and what the process knows."""

    session: Session
    actor: Actor
    cache: ReferenceDataCache
    settings: Settings

    def vocabulary(self, version: int | None = None) -> ReferenceData:
        """Return the vocabulary, at *version* when a row said which."""
        return self.cache.at(self.session, version)

    @cached_property
    def book(self) -> RuleBook:
        """Return what the papers say at this moment, looked up once in a call."""
        return self.cache.fresh(self.session).book

    def today(self) -> date:
        """Return the day it is where due dates are counted."""
        return utcnow().astimezone(self.settings.zone).date()

    def now(self) -> datetime:
        """Return the present moment."""
        return utcnow()


@dataclass
class Answer:
    """What a view gives back when it is more than a body.

    That of one record has its *version*, which with all that is shown makes the entity tag. A
    *secret* one is kept nowhere.
    """

    content: Any
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    vocabulary: ReferenceData | None = None
    secret: bool = False


class Asked:
    """What a view gives back when it did nothing yet: someone else must approve it."""

    def __init__(self, approval: Any) -> None:
        self.approval = approval


APPROVAL = compile_dump(ApprovalSchema())

Holding = Callable[[dict[str, Any], Any], AbstractContextManager[None]]
"""(values, body) → a context in which the transaction runs."""


def unheld(values: dict[str, Any], body: Any) -> AbstractContextManager[None]:
    """Return the context of an operation that does nothing around its transaction."""
    return nullcontext()


def check_version(record: Any) -> None:
    """Raise StaleVersion when the caller saw another version of *record* than it has now."""
    if g.expected_version not in (None, record.version):
        raise StaleVersion(expected=g.expected_version, current=record.version)


class Blueprint(Documented):
    """A blueprint whose operations go through one guard."""

    ARGUMENTS_PARSER = StrictParser()

    def reads(
        self,
        name: str,
        answers: type[Schema] | None,
        query: type[Schema],
        *,
        errors: tuple[int, ...] = (),
        content_type: str = "text/plain",
    ) -> Callable[[Callable[..., Any]], Any]:
        """Make a view an operation that reads; *answers* None means *content_type* and no JSON.

        Who may call it stands in rules/access.py. Where the answer has an entity tag, a caller
        that names it in If-None-Match gets 304.
        """
        access = access_of(name)
        known = () if access.audience is Audience.ANYONE else (401, 403, 429)
        operation = Operation(
            name=name,
            answers=answers,
            access=access,
            errors=(*errors, *known, 400, 422, 500, 503),
            condition="IfNoneMatch" if is_tagged(answers) else None,
            content_type="" if answers else content_type,
        )

        def decorate(view: Callable[..., Any]) -> Any:
            dump = compile_dump(answers()) if answers else None

            @wraps(view)
            def run(owner: Any, filters: dict[str, Any], **path: Any) -> Response:
                def work(session: Session) -> Response:
                    call = calling(session)
                    return finish(call, dump, view(owner, call, filters, **path), 200)

                return unless_known(database().read(work))

            loaded = self.arguments(query(), location="query")(run)
            return self.documented(read_guard(loaded, name, access), operation)

        return decorate

    def writes(
        self,
        name: str,
        answers: type[Schema],
        body: type[Schema],
        *,
        find: Find | None = None,
        may: May | None = None,
        method: str = "POST",
        status: int = 200,
        versioned: bool = True,
        asks: bool = False,
        holding: Holding = unheld,
        errors: tuple[int, ...] = (),
    ) -> Callable[[Callable[..., Any]], Any]:
        """Make a view an operation that changes something, in one transaction.

        Who may call it stands in rules/access.py. *find* loads the record it is about. A
        *versioned* operation needs If-Match, others may have it; the record must still have the
        version it names. *may* says who can come where the table names no permission. One that
        *asks* may answer 202 with a request for approval. A POST may be sent again with its
        Idempotency-Key. One for anyone, without a key, cannot: what its body brings is good once.
        The transaction runs inside what *holding* makes of the values and the body.
        """
        access = access_of(name)
        anyone = access.audience is Audience.ANYONE
        posts = method == "POST" and not anyone
        conditions = ((412, 428) if versioned else ()) + ((404,) if find else ())
        operation = Operation(
            name=name,
            answers=answers,
            access=access,
            errors=(
                *(OPEN_ERRORS if anyone else WRITE_ERRORS),
                *errors,
                *conditions,
                *((409,) if posts else ()),
            ),
            status=status,
            condition="IfMatch" if versioned else None,
            asks=asks,
            repeats=posts,
            writes=True,
        )
        guard = partial(write_guard, find=find, may=may, versioned=versioned)
        return self.changing(operation, find, (body, "json"), guard, holding=holding)

    def uploads(
        self,
        name: str,
        answers: type[Schema],
        query: type[Schema],
        *,
        find: Find,
        part: Part,
        named: Callable[[dict[str, Any]], Any],
        holding: Holding,
    ) -> Callable[[Callable[..., Any]], Any]:
        """Make a view an operation that takes a file as it is, and the rest from the query.

        Nothing of it is read before the caller has a *part* in the record and the query is one
        that *named* raises nothing about. What came in is ``g.upload``; the transaction runs
        inside what *holding* makes of the values and of it.
        """
        access = access_of(name)
        operation = Operation(
            name=name,
            answers=answers,
            access=access,
            errors=(*WRITE_ERRORS, 404, 409, 412),
            status=201,
            repeats=True,
            writes=True,
            takes_file=True,
        )

        def read() -> Upload:
            check_upload()
            named(self.ARGUMENTS_PARSER.parse(query(), location="query"))
            return read_upload()

        guard = partial(write_guard, find=find, may=None, part=part, versioned=False, read=read)
        return self.changing(operation, find, (query, "query"), guard, holding=holding)

    def changing(
        self,
        operation: Operation,
        find: Find | None,
        taken: tuple[type[Schema], str],
        guard: Callable[..., Any],
        *,
        holding: Holding,
    ) -> Callable[[Callable[..., Any]], Any]:
        """Make a view an *operation* behind *guard*, in one transaction.

        *taken* is the schema of its values and where they stand; the transaction runs inside
        what *holding* makes of the values and the body.
        """
        dump = compile_dump(operation.answers()) if operation.answers else None
        finished = partial(carried_out, find, dump, operation.status)

        def decorate(view: Callable[..., Any]) -> Any:
            @wraps(view)
            def run(owner: Any, values: dict[str, Any], **path: Any) -> Response:
                g.path = path
                work = partial(finished, partial(view, owner), values)
                with holding(values, g.body):
                    return database().write(work, idempotency.claiming(g.claim))

            schema, location = taken
            loaded = self.arguments(schema(), location=location)(run)
            return self.documented(guard(loaded, operation.name, operation.access), operation)

        return decorate


OPEN_ERRORS = (400, 401, 413, 415, 422, 429, 500, 503)
WRITE_ERRORS = (*OPEN_ERRORS, 403)


def carried_out(
    find: Find | None,
    dump: Any,
    status: int,
    view: Callable[..., Any],
    values: dict[str, Any],
    session: Session,
) -> Response:
    """Run a view that writes, in the transaction of *session*, and return what it is answered."""
    call, begun = calling(session), receipts.last_event(session)
    given = () if find is None else (find_for(call, find, g.path),)
    result = view(call, *given, values)
    response = finish(call, dump, result, status)
    receipts.hand_out(session, begun, response)
    idempotency.keep(session, g.claim, response, getattr(result, "secret", False))
    return response


def find_for(call: Call, find: Find, path: dict[str, Any]) -> Any:
    """Return the record that a change is about; raise when it is absent, hidden or changed."""
    record = found_or_404(find(call.session, call.actor, **path))
    check_version(record)
    return record


def calling(session: Session) -> Call:
    """Return the call that is going on, in *session*."""
    return Call(session, g.actor, vocabulary_cache(), settings())


def finish(call: Call, dump: Any, result: Any, status: int) -> Response:
    """Turn what a view gave back into a response."""
    if isinstance(result, Response):
        return result
    if isinstance(result, Asked):
        dump, status, result = APPROVAL, 202, result.approval
    if not isinstance(result, Answer):
        result = Answer(result)
    vocabulary = result.vocabulary
    if vocabulary is None and dump.needs_vocabulary:
        vocabulary = call.vocabulary()
    written = dump.write(result.content, vocabulary)
    response = answer(written, status, result.headers)
    if is_too_long(result.content, response):
        result.content.cut(written["items"])
        headers = result.headers | next_link(result.content.next)
        response = answer(dump.write(result.content, vocabulary), status, headers)
    if result.version is not None:
        response.set_etag(entity_tag(result.version, response.get_data()))
    return response
