"""The only place that knows HTTP."""

import re
import secrets
from collections.abc import Iterable

from apispec import APISpec
from flask import Flask, request
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from werkzeug import Response
from werkzeug.routing import BaseConverter

from app.accounts.rules.operation_access import ACCESS
from app.core.schemas.messages import say
from app.http.blueprints import NoAccess
from app.http.context import context
from app.http.contract.openapi import API_SETTINGS, VERSION, describe
from app.http.problems import Refused, register_errors
from app.http.requests import settings
from app.http.serving.compression import compress
from app.http.serving.draining import drain_later
from app.http.uploads import let_go

SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class IdConverter(BaseConverter):
    """A record's number in a path: ASCII digits without leading zeros."""

    regex = r"[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)


class SlugConverter(BaseConverter):
    """A slug in a path."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class ReferenceConverter(BaseConverter):
    """A reference in a path."""

    regex = r"[A-Za-z0-9]{1,60}(?:-[A-Za-z0-9]{1,20})*"


class CodeConverter(BaseConverter):
    """A code in a path, such as that of a figure."""

    regex = r"[a-z0-9]+(?:_[a-z0-9]+)*"


class Api(SmorestApi):  # type: ignore[misc]
    """flask-smorest without its error handler, its default responses and its headers."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to http/problems.py."""

    def _register_responses(self) -> None:
        """Leave responses to http/contract/openapi.py."""

    def _register_etag_headers(self) -> None:
        """Leave headers to http/contract/openapi.py."""

    def _register_pagination_header(self) -> None:
        """Lists carry their paging in the body."""


def register_api(app: Flask, groups: Iterable[tuple[SmorestBlueprint, str]]) -> None:
    """Add to *app* the *groups* of operations, each under its prefix, and the problem documents."""
    app.config.update(API_SETTINGS)
    app.url_map.merge_slashes = False
    app.url_map.converters |= {
        "id": IdConverter,
        "slug": SlugConverter,
        "reference": ReferenceConverter,
        "code": CodeConverter,
    }
    register_errors(app)
    app.teardown_request(let_go)
    app.before_request(begin_request)
    app.after_request(end_request)
    api = Api(app)
    describe(api, IdConverter, SlugConverter, ReferenceConverter, CodeConverter)
    for blueprint, prefix in groups:
        api.register_blueprint(blueprint, url_prefix=prefix or None)
    app.extensions["openapi"] = api.spec
    app.extensions["openapi_names"] = api.ma_plugin.converter.refs
    check_access(api.spec)


def check_access(spec: APISpec) -> None:
    """Refuse to start when the table of who may call what names an operation that is none."""
    paths = spec.to_dict()["paths"].values()
    known = {o["operationId"] for path in paths for o in path.values() if isinstance(o, dict)}
    if gone := sorted(ACCESS.keys() - known):
        raise NoAccess(f"operation_access.py names operations that are none: {', '.join(gone)}")


def begin_request() -> None:
    """Give the request its id, the caller's own where it is a safe one; refuse one without Host."""
    given = request.headers.get("X-Request-ID", "")
    context().request_id = given if SAFE_REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    if "HTTP_HOST" not in request.environ and request.environ["SERVER_PROTOCOL"] != "HTTP/1.0":
        raise Refused(400, say("请求缺少 Host。", "The request has no Host."), kind="no-host")


POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""Nothing that we answer may do anything in a browser, but for the documentation page."""

YEAR = 365 * 24 * 3600
READS = frozenset({"GET", "HEAD", "OPTIONS"})
READABLE = (
    "API-Version, Accept-Ranges, Content-Language, Content-Range, ETag, Link, Retry-After,"
    " X-Request-ID"
)
SENDABLE = "Accept-Language, Authorization, If-None-Match, If-Range, Range, X-Request-ID"


def end_request(response: Response) -> Response:
    """Name the request in the answer, tell browsers what they may do, and read on after it."""
    headers = response.headers
    headers["X-Request-ID"] = context().request_id
    headers["API-Version"] = VERSION
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Content-Security-Policy", POLICY)
    if request.method == "OPTIONS":
        headers["Cache-Control"] = "no-store"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return drain_later(compress(allow_origin(response)))


def allow_origin(response: Response) -> Response:
    """Let pages of the origins in CORS_ORIGINS read the answer; by default there are none.

    They read only: what changes something is sent by programs, with a key that no page holds.
    """
    origins = settings().cors_origins
    if not origins:
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in origins and request.method in READS:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = READABLE
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = SENDABLE
            response.headers["Access-Control-Max-Age"] = "600"
    return response
