"""What every request passes, from top to bottom; the stop inside a transaction is the view.

A reading: who calls → may they → the query → the view, in a session that is never committed →
JSON with its entity tag, or 304.

A change: who calls → may they come → the body → was it sent before → which version they saw → the
values → in one transaction: the record under the lock, its version, the view, the receipt, the
answer kept for who sends it again.

So the refusals come in this order: 401, 429, 404 and 403, 415, 413, 400, 428, 422; then 412 and
409. Of a file that comes in, its query is checked before anything of it is read; what stands in the
same form is not known before that.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask import request as flask_request
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.accounts.rules.operation_access import Access, Audience
from app.core.errors import InFlight, KeyRequired, StaleVersion
from app.core.queries.register_state import state_now
from app.core.rules.permissions import ANONYMOUS, Actor
from app.core.schemas.dump import Dump
from app.core.schemas.load import Load
from app.core.schemas.selection import dump_with
from app.core.services.authorization import require_one
from app.core.types import Function, Values
from app.http import idempotency, receipts
from app.http.answers import finish, state_tag
from app.http.call import Answer, Asked, Call, found_or_404
from app.http.context import RequestContext, context
from app.http.contract.operations import EntityTag, Operation
from app.http.incoming.forms import upload_values
from app.http.problems import Invalid
from app.http.requests import (
    check_acceptable,
    database,
    expected_version,
    prefers_page,
    query_values,
    read_body,
    settings,
    vocabulary_cache,
)
from app.http.responses import (
    address_of,
    asks_what_changed,
    content_tag,
    not_modified,
    unless_known,
)
from app.http.security.authentication import authenticate
from app.http.security.refused_attempts import watched_read, watched_write
from app.register.recommendations.services.permissions import require_any

Find = Function
"""(session, actor, **path) → the record a change is about, or None."""

May = Callable[[Actor, Any], None]
"""Raises PermissionDenied when the actor may do this to the record in no way."""

Part = Callable[[Session, Actor, Any], None]
"""Raises PermissionDenied when the actor has no part in the record, as the database says."""

Holding = Callable[[Values, Any], AbstractContextManager[None]]
"""(values, body) → a context in which the transaction runs."""

OF_APPROVAL = "/approvals/{record.id}"


def unheld(values: Values, body: object) -> AbstractContextManager[None]:
    """Return the context of an operation that does nothing around its transaction."""
    return nullcontext()


def values_of_query(load: Load) -> Values:
    """Return the values in the query, loaded; raise Invalid naming every parameter."""
    return loaded(load, query_values())


def values_of_upload(load: Load) -> Values:
    """Return the values that come with a file, loaded; raise Invalid naming every one."""
    return loaded(load, upload_values())


def values_of_body(load: Load) -> Values:
    """Return the values in the body, loaded; raise Invalid naming every field."""
    return loaded(load, context().body)


def loaded(load: Load, values: object) -> Values:
    """Return *values* loaded; raise Invalid naming every field that is wrong."""
    try:
        return load(values)
    except ValidationError as error:
        raise Invalid(error.messages_dict) from None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An operation that reads: its *view*, what *load* makes of the query, and its *dump*."""

    operation: Operation
    view: Function
    load: Load
    dump: Any


@dataclass(frozen=True, kw_only=True)
class Change:
    """An operation that changes something.

    *find* loads the record that it is about; *may* and *part* say who can come at all where the
    table of access does not. *read* takes the body in, *values* gives what stands in it or in the
    query. A *versioned* one needs If-Match. The transaction runs inside what *holding* makes of
    the values and the body.
    """

    operation: Operation
    view: Function
    load: Load
    dump: Any
    find: Find | None = None
    may: May | None = None
    part: Part | None = None
    versioned: bool = True
    read: Callable[[], Any] = read_body
    values: Callable[[Load], Values] = values_of_body
    holding: Holding = unheld


# -- readings ------------------------------------------------------------------------------------


def answer_reading(reading: Reading, owner: object, path: Values) -> Response:
    """Answer an operation that reads; *owner* is the view's class, *path* what its address says."""
    request, access = context(), reading.operation.access
    request.path = path
    check_acceptable(*reading.operation.media_types)
    if access.audience is Audience.ANYONE:
        request.actor = ANONYMOUS
        return read(reading, owner, request)
    with watched_read(reading.operation.name, path):
        request.actor = authenticate()
        check_reader(request.actor, access)
        return read(reading, owner, request)


def check_reader(actor: Actor, access: Access) -> None:
    """Raise KeyRequired or PermissionDenied when *actor* may not read this."""
    closed = access.audience is Audience.KEYED or not settings().public_reading
    if closed and actor.principal_id is None:
        raise KeyRequired
    if access.permissions:
        require_one(actor, access.permissions)


def read(reading: Reading, owner: object, request: RequestContext) -> Response:
    """Read what is asked for, and answer it, or that the caller knows it."""
    filters = values_of_query(reading.load)
    answers, expand, dump = reading.operation.answers, filters.get("expand"), reading.dump
    if answers is not None and expand:
        dump = dump_with(answers, tuple(expand))

    def work(session: Session) -> Response:
        call = calling(session, request)
        if reading.operation.tag is EntityTag.STATE:
            return read_by_state(reading, dump, owner, call, filters)
        response = finish(call, dump, reading.view(owner, call, filters, **call.path), 200)
        if reading.operation.tag is EntityTag.CONTENT:
            response.set_etag(content_tag(response.get_data()))
        if reading.operation.tag is EntityTag.NOTHING:  # nobody can ask whether it changed
            response.headers["Cache-Control"] = "no-store"
        return response

    response = unless_known(database().read(work))
    if reading.operation.has_page:
        response.vary.add("Accept")
    return response


def read_by_state(
    reading: Reading, dump: Dump, owner: object, call: Call, filters: Values
) -> Response:
    """Read what changes with the state of the register; nothing of it where the caller has that.

    The state is looked up before anything else is read, or with the rows of the page: so a tag is
    never newer than what it stands for.
    """
    known, is_page = None, reading.operation.has_page and prefers_page()
    if asks_what_changed() or not reading.operation.is_paged:
        known = state_tag(call, state_now(call.session), is_page)
        named = flask_request.if_none_match
        if not named.star_tag and named.contains_weak(known):  # `*` is any, also an empty page's
            return not_modified(known)
    result = reading.view(owner, call, filters, **call.path)
    response = finish(call, dump, result, 200)
    if reading.operation.is_paged and result.state is None:  # an empty page, which no row dates
        response.set_etag(content_tag(response.get_data()))
    else:
        response.headers["ETag"] = f'W/"{known or state_tag(call, result.state, is_page)}"'
    return response


# -- changes -------------------------------------------------------------------------------------


def answer_change(change: Change, owner: object, path: Values) -> Response:
    """Answer an operation that changes something."""
    request, access = context(), change.operation.access
    request.path = path
    check_acceptable(change.operation.media_type)
    if access.audience is Audience.ANYONE:
        request.actor = ANONYMOUS
        return take_in(change, owner, request)
    with watched_write(change.operation.name, path):
        actor = request.actor = authenticate()
        if actor.principal_id is None:
            raise KeyRequired
        database().read(lambda session: admit(session, actor, change, path))
        return take_in(change, owner, request)


def admit(session: Session, actor: Actor, change: Change, path: Values) -> None:
    """Raise NotFound or PermissionDenied when *actor* cannot come to do this at all."""
    permissions, find = change.operation.access.permissions, change.find
    record = None if find is None else found_or_404(find(session, actor, **path))
    if permissions:
        require_any(session, actor, permissions, record)
    if change.may is not None:
        change.may(actor, record)
    if change.part is not None:
        change.part(session, actor, record)


def take_in(change: Change, owner: object, request: RequestContext) -> Response:
    """Take the body in, and carry the change out unless it was sent and answered before."""
    request.body = change.read()
    request.claim = claim = idempotency.claim_of_request(request)
    known = idempotency.earlier_answer(claim) if claim else None
    if known is not None:
        return known
    request.expected_version = expected_version(needed=change.versioned)
    values = change.values(change.load)
    try:
        with change.holding(values, request.body):
            return database().write(
                lambda session: carry_out(change, owner, calling(session, request), values),
                idempotency.claiming(claim),
            )
    except InFlight as error:
        return idempotency.once(claim, error)


def carry_out(change: Change, owner: object, call: Call, values: Values) -> Response:
    """Run the view of a change in its transaction, and return what it is answered."""
    session, begun = call.session, receipts.last_event(call.session)
    given = () if change.find is None else (record_of(call, change.find),)
    result = change.view(owner, call, *given, values)
    response = finish(call, change.dump, result, change.operation.status)
    if response.status_code in (201, 202):
        response.headers["Location"] = where_made(change, call, result)
    receipts.hand_out(session, begun, response)
    idempotency.keep(session, call.request.claim, response, getattr(result, "secret", False))
    return response


def where_made(change: Change, call: Call, result: object) -> str:
    """Return where what *result* is about can be read: what was made, or the asked approval."""
    if isinstance(result, Asked):
        return address_of(OF_APPROVAL, call.path, result.approval)
    record = result.content if isinstance(result, Answer) else result
    return address_of(change.operation.made or OF_APPROVAL, call.path, record)


def record_of(call: Call, find: Find) -> Any:
    """Return the record that a change is about, under the lock.

    Raises NotFound when it is absent or hidden, StaleVersion when the caller saw another version.
    """
    record = found_or_404(find(call.session, call.actor, **call.path))
    expected = call.request.expected_version
    if expected not in (None, record.version):
        raise StaleVersion(expected=expected, current=record.version)
    return record


# -- answers -------------------------------------------------------------------------------------


def calling(session: Session, request: RequestContext) -> Call:
    """Return the call that is going on, in *session*."""
    actor = request.actor or ANONYMOUS
    return Call(session, actor, vocabulary_cache(), settings(), request)
