"""Calling the operations of the contract from inside, as whoever looks at the page.

A page asks for what an integrator asks for, and gets what they get: the same permissions, words and
problems. Nothing leaves the process.
"""

import io
import json
from contextvars import Context
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote, urlencode

from flask import current_app, request
from werkzeug import Response
from werkzeug.exceptions import NotFound

from app.core.types import Given, Values
from app.http.context import context
from app.http.problems import answer_to, language
from app.http.security.authentication import ACTING

READ = "GET"
TOLD = ("Allow", "Retry-After")
"""What a browser is told of a refusal beside its page."""


class Refusal(Exception):
    """What an operation refused: its problem document, with the errors by field."""

    def __init__(self, status: int, document: Given, headers: Given | None = None) -> None:
        super().__init__(str(document.get("detail", "")))
        self.status = status
        self.document = document
        self.headers = {name: own for name, own in (headers or {}).items() if name in TOLD}

    @property
    def kind(self) -> str:
        """Return the code of the problem, such as ``stale-version``."""
        return str(self.document.get("type", "")).rsplit("/", 1)[-1]

    def errors(self) -> dict[str, list[str]]:
        """Return the sentences about each field, by its name in the body or the query."""
        found: dict[str, list[str]] = {}
        for error in self.document.get("errors", ()):
            found.setdefault(error["field"], []).append(error["message"])
        return found


@dataclass(frozen=True)
class Answered:
    """What an operation answered: its content, and the version of the record it is about."""

    content: Values
    status: int
    version: int | None
    headers: Given


@dataclass(frozen=True)
class Sending:
    """What is sent to an operation that changes something.

    *version* is that of the record the sender saw, *once* a name under which it is done once only.
    A *file* goes as it is, with its *media_type* and *size* in bytes.
    """

    body: object = None
    version: int | None = None
    once: str | None = None
    query: Given | None = None
    file: BinaryIO | None = None
    media_type: str = "application/json"
    size: int = 0


def ask(operation: str, path: Given | None = None, **query: object) -> Values:
    """Return what the reading *operation* answers to *query*; raise Refusal.

    Filters that are None are left out; those with several values are lists.
    """
    return answered(operation, path or {}, Sending(query=query)).content


def ask_file(operation: str, path: Given | None = None, **query: object) -> Response:
    """Return what *operation* answers as it is: a picture, a file, a page; raise Refusal."""
    return call(operation, path or {}, Sending(query=query))


def send(operation: str, path: Given, sending: Sending) -> Answered:
    """Carry the changing *operation* out; raise Refusal where it is refused."""
    return answered(operation, path, sending)


def answered(operation: str, path: Given, sending: Sending) -> Answered:
    """Return what *operation* answers, read; raise Refusal."""
    response = call(operation, path, sending)
    content = json.loads(response.get_data() or b"{}")
    tag = response.get_etag()[0] or ""
    number = tag.removeprefix("v").partition(".")[0]
    version = int(number) if number.isdigit() else None
    return Answered(content, response.status_code, version, dict(response.headers))


def call(operation: str, path: Given, sending: Sending) -> Response:
    """Return the response of *operation*; raise Refusal with its problem document."""
    method, template = operations()[operation]
    address = template.format(**{name: quoted_part(own) for name, own in path.items()})
    environ = environ_of(method, address, sending)
    wsgi = current_app._get_current_object().wsgi_app  # type: ignore[attr-defined]
    response: Response = Context().run(Response.from_app, wsgi, environ, True)
    if response.status_code >= 400:
        document = json.loads(response.get_data())
        raise Refusal(response.status_code, document, dict(response.headers))
    return response


def quoted_part(value: object) -> str:
    """Return *value* as one part of an address: no slash in it leads to another operation."""
    return quote(str(value), safe="")


def refusal_of(error: Exception) -> Refusal:
    """Return what a page shows of *error*: what an operation refused, or the page itself."""
    if isinstance(error, Refusal):
        return error
    response = answer_to(error)
    document = {"errors": [], **response.get_json()}
    return Refusal(response.status_code, document, dict(response.headers))


def operations() -> dict[str, tuple[str, str]]:
    """Return the method and the path of each operation of the contract, by its id."""
    known = current_app.extensions.get("console_operations")
    if known is None:
        known = current_app.extensions["console_operations"] = {
            one["operationId"]: (method.upper(), path)
            for path, methods in current_app.extensions["openapi"].to_dict()["paths"].items()
            for method, one in methods.items()
            if isinstance(one, dict) and "operationId" in one
        }
    found: dict[str, tuple[str, str]] = known
    return found


KEPT = ("REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST")
"""What a call inside has of the request for the page: where it comes from and to."""


def environ_of(method: str, address: str, sending: Sending) -> Values:
    """Return the WSGI environment of a call inside, of whoever looks at the page."""
    known = context()
    body = b"" if sending.body is None else json.dumps(sending.body).encode()
    environ: Values = {name: request.environ[name] for name in KEPT if name in request.environ}
    environ |= {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": address,
        "QUERY_STRING": query_of(sending.query or {}),
        "CONTENT_LENGTH": str(sending.size if sending.file else len(body)),
        "HTTP_ACCEPT_LANGUAGE": language(),
        "HTTP_X_REQUEST_ID": known.request_id,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.environ["wsgi.url_scheme"],
        "wsgi.input": sending.file or io.BytesIO(body),
        "wsgi.errors": request.environ["wsgi.errors"],
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        ACTING: (known.actor, known.budget),
    }
    if method != READ:
        environ["CONTENT_TYPE"] = sending.media_type
    if sending.version is not None:
        environ["HTTP_IF_MATCH"] = f'"v{sending.version}"'
    if sending.once:
        environ["HTTP_IDEMPOTENCY_KEY"] = sending.once
    return environ


def query_of(query: Given) -> str:
    """Return *query* as it stands in an address, without what is None."""
    named = {name: own for name, own in query.items() if own is not None}
    return urlencode({name: written(own) for name, own in named.items()}, doseq=True)


def written(value: object) -> object:
    """Return a value of a query as the contract writes it."""
    return str(value).lower() if isinstance(value, bool) else value


def record_named(reference: str, kind: str) -> Values:
    """Return what `findReference` says of *reference*; raise NotFound where it is no *kind*."""
    found = ask("findReference", {"reference": reference})
    if found["record_type"] != kind:
        raise NotFound
    return found
