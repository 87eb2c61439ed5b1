"""Problem documents (RFC 9457): the one shape of every error, in zh or en."""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    RequestedRangeNotSatisfiable,
)

from app.core import errors
from app.core.failures import first_line, unusable
from app.core.schemas.messages import SEPARATOR, also, say
from app.core.types import Function, Given, Values
from app.http.context import context
from app.http.contract.problem_types import OF_STATUS, PROBLEM, TYPES
from app.http.responses import write_json

log = logging.getLogger(__name__)

MOST_ERRORS = 50
LONGEST_NAME = 100

CONFLICT = say(
    "与另一条记录冲突，本次没有写入。", "In conflict with another record; nothing was written."
)
INTERNAL = say(
    "系统出错，本次没有写入。请把 instance 中的编号告诉管理员。",
    "Something went wrong; nothing was written. Give the administrator the number in instance.",
)


class Refused(Exception):
    """A request that HTTP itself refuses: its status, a sentence in both languages, headers."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind or OF_STATUS[status]
        self.headers = headers or {}


class Invalid(Exception):
    """What marshmallow refused, as it nests its messages."""

    def __init__(self, messages: Given | list[Any]) -> None:
        super().__init__("invalid")
        self.messages = messages


def language() -> str:
    """Return ``zh`` or ``en``, whichever the caller prefers; zh when they say neither."""
    return request.accept_languages.best_match(["zh", "en"], "zh") or "zh"


def in_language(message: str) -> str:
    """Return the caller's half of a message that holds both languages."""
    zh, _, en = message.partition(SEPARATOR)
    return zh if language() == "zh" or not en else en


def half_of(sentence: errors.Sentence) -> str:
    """Return the caller's half of a *sentence* in zh and en."""
    return sentence[0] if language() == "zh" else sentence[1]


def problem(
    status: int,
    detail: str,
    *,
    kind: str,
    fields: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    rows: list[Values] | None = None,
) -> Response:
    """Return a problem document of the type *kind*; one that has no type is ``about:blank``."""
    known = TYPES.get(kind)
    content: Values = {
        "type": known.uri if known else "about:blank",
        "title": half_of(known.title) if known else HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "instance": f"urn:request:{context().request_id}",
    }
    if fields:
        content["errors"] = fields[:MOST_ERRORS]
    if rows:
        content["rows"] = rows
    response = Response(write_json(content), status, mimetype=PROBLEM)
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response


def flattened(messages: object, path: str = "") -> Iterator[dict[str, str]]:
    """Turn marshmallow's nested messages into a flat list of field and sentence."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = "" if name in ("_schema", "") and not path else str(name)[:LONGEST_NAME]
            yield from flattened(inner, f"{path}.{step}".strip("."))
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from flattened(inner, path)
    else:
        yield {"field": path.removesuffix("._schema"), "message": in_language(str(messages))}


def first(iterator: Iterator[dict[str, str]]) -> list[dict[str, str]]:
    """Return at most fifty errors."""
    return [error for error, _ in zip(iterator, range(MOST_ERRORS), strict=False)]


def kind_of(error: Exception) -> str:
    """Return the stable name of a domain error: its class name in words."""
    name = type(error).__name__
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


def status_and_kind(error: Exception) -> tuple[int, str]:
    """Return the status and the stable name of the problem that *error* is answered with."""
    if isinstance(error, errors.DomainError):
        return status_of(error), kind_of(error)
    if isinstance(error, Refused):
        return error.status, error.kind
    if isinstance(error, Invalid):
        return 422, "invalid-change"
    if isinstance(error, HTTPException):
        status = error.code or 500
        return status, OF_STATUS.get(status, "about:blank")
    if isinstance(error, IntegrityError | StaleDataError):
        return 409, "conflict"
    if isinstance(error, DBAPIError) and (message := unusable(error.orig)) is not None:
        return 503, kind_of(message)
    busy = isinstance(error, OperationalError | PoolTimeout)
    return (503, "busy") if busy else (500, "internal-error")


def status_of(error: errors.DomainError) -> int:
    """Return the status of a domain error."""
    return TYPES[kind_of(error)].status


def domain_problem(error: errors.DomainError) -> Response:
    """Show what the domain refused; what the administrator must see to goes to the log as well."""
    if isinstance(error, errors.DatabaseUnusable | errors.ClockSetBack):
        log.error("nothing was written: %s", error)
    status = status_of(error)
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="proposal-register"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE or isinstance(error, errors.InFlight):
        headers["Retry-After"] = "1"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(error.values["seconds"])
    if isinstance(error, errors.StaleVersion):
        headers["ETag"] = f'"v{error.values["current"]}"'
    fields = [
        {"field": name, "message": half_of(sentence)} for name, sentence in error.fields.items()
    ]
    detail, rows = error.sentence(language()), error.values.get("rows")
    return problem(status, detail, kind=kind_of(error), fields=fields, headers=headers, rows=rows)


def refused_problem(error: Refused) -> Response:
    """Show what HTTP itself refuses."""
    detail = in_language(error.detail)
    return problem(error.status, detail, kind=error.kind, headers=error.headers)


def invalid_problem(error: Invalid) -> Response:
    """Show which fields were refused and why."""
    detail = errors.InvalidChange().sentence(language())
    return problem(422, detail, kind="invalid-change", fields=first(flattened(error.messages)))


def http_problem(error: HTTPException) -> Response:
    """Show what Flask or Werkzeug refused, with the headers it asks for."""
    status = error.code or 500
    kind = OF_STATUS.get(status, "about:blank")
    phrase = HTTPStatus(status).phrase
    refused = (f"请求被拒绝：{phrase}。", f"The request is refused: {phrase}.")
    sentence = DETAILS.get(kind) or (TYPES[kind].title if kind in TYPES else refused)
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, RequestedRangeNotSatisfiable):
        headers["Content-Range"] = f"bytes */{error.length}"
    return problem(status, half_of(sentence), kind=kind, headers=headers)


DETAILS: dict[str, errors.Sentence] = {
    "no-such-path": (
        "没有这个地址；/openapi.json 列出全部操作。",
        "There is no such address; /openapi.json lists them all.",
    ),
    "method-not-allowed": (
        "这个地址不支持这种方法；可用的方法见 Allow。",
        "This address does not take the method; Allow names those that it does.",
    ),
}
"""Code → what is said of what the routing refuses."""


def conflict_problem(error: IntegrityError | StaleDataError) -> Response:
    """Show a broken constraint, or a row that changed meanwhile, without its SQL."""
    log.info("the database refused a change: %s", type(error).__name__)
    return problem(409, in_language(CONFLICT), kind="conflict")


def database_problem(error: DBAPIError) -> Response:
    """Show that the database failed; the details go to the log."""
    if isinstance(error, IntegrityError):
        return conflict_problem(error)
    if (message := unusable(error.orig)) is not None:
        return domain_problem(message)
    if isinstance(error, OperationalError):
        log.error("the database cannot be used: %s", first_line(error.orig))
        return domain_problem(errors.Busy())
    log.error("database error in request %s", context().request_id, exc_info=error)
    return problem(500, in_language(INTERNAL), kind="internal-error")


def pool_problem(error: PoolTimeout) -> Response:
    """Show that no connection to the database became free."""
    return domain_problem(errors.Busy())


def internal_problem(error: Exception) -> Response:
    """Show that something is wrong with the program; the details go to the log."""
    log.error("unhandled error in request %s", context().request_id, exc_info=error)
    return problem(500, in_language(INTERNAL), kind="internal-error")


ANSWERED: dict[type[Exception], Function] = {
    errors.DomainError: domain_problem,
    Refused: refused_problem,
    Invalid: invalid_problem,
    HTTPException: http_problem,
    StaleDataError: conflict_problem,
    DBAPIError: database_problem,
    PoolTimeout: pool_problem,
    Exception: internal_problem,
}
"""Error → what makes the problem document of it."""


def register_errors(app: Flask) -> None:
    """Answer every error with a problem document."""
    for kind, answered in ANSWERED.items():
        app.register_error_handler(kind, answered)


def content_of(error: Exception) -> Values:
    """Return the problem document of *error*, as it stands inside another, with its errors."""
    content: Values = answer_to(error).get_json()
    return {"errors": [], **content}


def answer_to(error: Exception) -> Response:
    """Return the response that *error* is answered with."""
    answered = next(ANSWERED[kind] for kind in type(error).__mro__ if kind in ANSWERED)
    found: Response = answered(error)
    return found


def unknown(name: str, meant: str | None = None) -> str:
    """Return the sentence about a name that stands for nothing, and what may have been *meant*."""
    message = say(f"没有 {name}", f"there is no {name}")
    return message if meant is None else also(message, meant)
