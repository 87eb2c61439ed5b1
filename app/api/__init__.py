"""The only place that knows HTTP."""

import re
import secrets

from flask import Flask, g, request
from flask_smorest import Api as SmorestApi
from werkzeug import Response
from werkzeug.routing import BaseConverter

from app.api import docs, general, records, tags
from app.api.errors import register_errors
from app.api.openapi import API_SETTINGS, describe
from app.api.tagging import blueprint as recommendations

PREFIX = "/api/v1"
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


class Api(SmorestApi):  # type: ignore[misc]
    """flask-smorest without its error handler, its default responses and its headers."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to api/errors.py."""

    def _register_responses(self) -> None:
        """Leave responses to api/openapi.py."""

    def _register_etag_headers(self) -> None:
        """Leave headers to api/openapi.py."""

    def _register_pagination_header(self) -> None:
        """Lists carry their paging in the body."""


def register_api(app: Flask) -> None:
    """Add every operation, the problem documents and the documentation page to *app*."""
    app.config.update(API_SETTINGS)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters |= {"id": IdConverter, "slug": SlugConverter}
    register_errors(app)
    app.before_request(begin_request)
    app.after_request(end_request)
    api = Api(app)
    describe(api, IdConverter, SlugConverter)
    for blueprint in (
        recommendations,
        tags.blueprint,
        records.proposals,
        records.documents,
        records.people,
        general.general,
    ):
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    api.register_blueprint(general.health)
    app.extensions["openapi"] = api.spec
    app.register_blueprint(docs.blueprint)


def begin_request() -> None:
    """Give the request its id: the caller's own where it is a safe one."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if SAFE_REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def end_request(response: Response) -> Response:
    """Name the request in the answer, and keep browsers from guessing."""
    response.headers["X-Request-ID"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
