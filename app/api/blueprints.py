"""One decorator for every operation: who may call it, what comes in, what goes out.

The order of its checks: 401, 404 and 403, 415, 413, 400, 428, 422; then the view runs, in one
transaction when it writes, where 412 and 409 arise.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from inspect import getdoc
from typing import Any

from flask import Response, g
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema
from sqlalchemy.orm import Session

from app.api.answers import answer, etag
from app.api.guards import Find, found_or_404, guard, write_guard
from app.api.requests import (
    StrictParser,
    database,
    seen_tags,
    settings,
    vocabulary_cache,
)
from app.config import Settings
from app.database import utcnow
from app.errors import StaleVersion
from app.queries.vocabulary import Vocabulary, VocabularyCache
from app.rules.permissions import Actor, Permission
from app.schemas.dump import compile_dump

BEARER: list[dict[str, list[str]]] = [{"key": []}]


@dataclass
class Call:
    """One call of an operation: its session, its actor, and what the process knows."""

    session: Session
    actor: Actor
    cache: VocabularyCache
    settings: Settings

    def vocabulary(self, version: int | None = None) -> Vocabulary:
        """Return the vocabulary, at *version* when a row said which."""
        return self.cache.at(self.session, version)

    def today(self) -> date:
        """Return the day it is where due dates are counted."""
        return utcnow().astimezone(self.settings.zone).date()

    def now(self) -> datetime:
        """Return the present moment."""
        return utcnow()


@dataclass
class Answer:
    """What a view gives back when it is more than a body."""

    content: Any
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    vocabulary: Vocabulary | None = None


PUBLIC = "What is published can be read without a key, unless the installation says otherwise."
OPEN = "Needs no key."
KEYED = "Needs a key."


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of an operation besides its schemas."""

    name: str
    answers: type[Schema] | None
    access: str
    security: list[dict[str, list[str]]]
    errors: tuple[int, ...]
    status: int = 200
    condition: str | None = None


def check_version(record: Any) -> None:
    """Raise StaleVersion when the caller saw another version of *record* than it has now."""
    if g.expected_version not in (None, record.version):
        raise StaleVersion(expected=g.expected_version, current=record.version)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A flask-smorest blueprint whose operations go through one guard."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self.add_headers)

    def reads(
        self,
        name: str,
        answers: type[Schema] | None,
        query: type[Schema],
        *,
        version: Find | None = None,
        errors: tuple[int, ...] = (),
        needs_key: bool = False,
        always_open: bool = False,
    ) -> Callable[[Callable[..., Any]], Any]:
        """Make a view an operation that reads; *answers* None means plain text.

        With *version*, which gives what the entity tag is made of, a caller that has seen the
        present one gets 304 before anything else is loaded. *always_open* operations tell
        nothing of the records.
        """
        operation = Operation(
            name=name,
            answers=answers,
            access=KEYED if needs_key else OPEN if always_open else PUBLIC,
            security=BEARER if needs_key else [] if always_open else [{}, *BEARER],
            errors=(*errors, *(() if always_open else (401,)), 400, 422, 500, 503),
            condition="IfNoneMatch" if version else None,
        )

        def decorate(view: Callable[..., Any]) -> Any:
            dump = compile_dump(answers()) if answers else None

            @wraps(view)
            def run(owner: Any, filters: dict[str, Any], **path: Any) -> Response:
                seen = seen_tags() if version and not filters else []

                def work(session: Session) -> Response:
                    call = calling(session)
                    known = version(session, call.actor, **path) if seen and version else None
                    if known is not None and {etag(*known), "*"} & set(seen):
                        return Response(status=304, headers={"ETag": etag(*known)})
                    return finish(call, dump, view(owner, call, filters, **path), 200)

                return database().read(work)

            guarded = guard(self.arguments(query(), location="query")(run), needs_key, always_open)
            return self.documented(guarded, operation)

        return decorate

    def writes(
        self,
        name: str,
        answers: type[Schema],
        body: type[Schema],
        *,
        permission: tuple[Permission, ...],
        find: Find | None = None,
        status: int = 200,
        versioned: bool = True,
        errors: tuple[int, ...] = (),
    ) -> Callable[[Callable[..., Any]], Any]:
        """Make a view an operation that changes something, in one transaction.

        *find* loads the record it is about; *permission* are those of which the actor needs one.
        A *versioned* operation needs If-Match, others may have it; the record must still have
        the version it names.
        """
        conditional = (412, 428) if versioned else ()
        absent = (404,) if find else ()
        operation = Operation(
            name=name,
            answers=answers,
            access="Needs a key that grants " + " or ".join(f"`{p}`" for p in permission) + ".",
            security=BEARER,
            errors=(400, 401, 403, 413, 415, 422, 500, 503, *conditional, *absent, *errors),
            status=status,
            condition="IfMatch" if versioned else None,
        )

        def decorate(view: Callable[..., Any]) -> Any:
            dump = compile_dump(answers())

            @wraps(view)
            def run(owner: Any, values: dict[str, Any], **path: Any) -> Response:
                def work(session: Session) -> Response:
                    call = calling(session)
                    if find is None:
                        return finish(call, dump, view(owner, call, values), status)
                    record = found_or_404(find(session, call.actor, **path))
                    check_version(record)
                    return finish(call, dump, view(owner, call, record, values), status)

                return database().write(work)

            loaded = self.arguments(body(), location="json")(run)
            guarded = write_guard(loaded, permission, find, versioned)
            return self.documented(guarded, operation)

        return decorate

    def documented(self, view: Any, operation: Operation) -> Any:
        """Add to *view* what the OpenAPI document says of it."""
        headers = {"ETag": {"$ref": "#/components/headers/ETag"}} if operation.condition else None
        view = self.response(
            operation.status,
            operation.answers or {"type": "string"},
            headers=headers,
            content_type=None if operation.answers else "text/plain",
        )(view)
        view._apidoc.get("arguments", {}).pop("responses", None)
        responses = {str(code): f"Problem{code}" for code in sorted(set(operation.errors))}
        if operation.condition == "IfNoneMatch":
            responses["304"] = "NotModified"
        named = (name for name in ("AcceptLanguage", operation.condition) if name)
        view._apidoc["header_parameters"] = list(named)
        _, _, told = (getdoc(view) or "").partition("\n\n")
        return self.doc(
            operationId=operation.name,
            description=f"{told}\n\n{operation.access}".strip(),
            security=operation.security,
            responses=responses,
        )(view)

    @staticmethod
    def add_headers(doc: dict[str, Any], doc_info: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Add the header parameters of an operation to its document, as references."""
        doc.setdefault("parameters", []).extend(doc_info.get("header_parameters", []))
        return doc


def calling(session: Session) -> Call:
    """Return the call that is going on, in *session*."""
    return Call(session, g.actor, vocabulary_cache(), settings())


def finish(call: Call, dump: Any, result: Any, status: int) -> Response:
    """Turn what a view gave back into a response."""
    if isinstance(result, Response):
        return result
    if not isinstance(result, Answer):
        result = Answer(result)
    vocabulary = result.vocabulary
    if vocabulary is None and dump.needs_vocabulary:
        vocabulary = call.vocabulary()
    headers = dict(result.headers)
    if result.version is not None:
        headers["ETag"] = etag(result.version, vocabulary.version if vocabulary else None)
    return answer(dump.write(result.content, vocabulary), status, headers)
