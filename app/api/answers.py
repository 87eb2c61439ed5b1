"""Writing answers: JSON, entity tags, links to the next page."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

try:
    import orjson
except ImportError:  # where no wheel of it exists
    orjson = None  # type: ignore[assignment]


def plain_json(content: Any) -> bytes:
    """Write *content* with the standard library, as orjson would."""

    def moment(value: Any) -> str:
        if isinstance(value, date | datetime):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    separators = (",", ":")
    return json.dumps(content, ensure_ascii=False, separators=separators, default=moment).encode()


write_json = plain_json if orjson is None else orjson.dumps


def etag(version: int, vocabulary_version: int | None = None) -> str:
    """Return the entity tag of a version, shown with the names of a version of the vocabulary.

    Only what stands before the point matters in If-Match.
    """
    names = "" if vocabulary_version is None else f".{vocabulary_version}"
    return f'"v{version}{names}"'


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return *content* as JSON; what depends on the caller is never kept by shared caches."""
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept-Language"
    if headers:
        response.headers.update(headers)
    return response


def next_link(cursor: str | None) -> dict[str, str]:
    """Return the Link header to the next page, where there is one."""
    if cursor is None:
        return {}
    query = {**request.args.to_dict(), "cursor": cursor}
    return {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}
