"""Writing answers: JSON, entity tags, links to the next page."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from app.core.rules.sizes import PAGE_BYTES, fitting
from app.core.types import Given

try:
    import orjson
except ImportError:  # where no wheel of it exists
    orjson = None  # type: ignore[assignment]


def plain_json(content: object) -> bytes:
    """Write *content* with the standard library, as orjson would."""

    def moment(value: object) -> str:
        if isinstance(value, date | datetime):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    separators = (",", ":")
    return json.dumps(content, ensure_ascii=False, separators=separators, default=moment).encode()


write_json = plain_json if orjson is None else orjson.dumps


def entity_tag(version: int, body: bytes) -> str:
    """Return the entity tag of a record in *version*, shown as *body*.

    What stands before the point is what If-Match compares. What stands after it covers all that
    was shown: the names and clocks of the day, other records, and the viewer's own steps.
    """
    return f"v{version}.{blake2b(body, digest_size=8).hexdigest()}"


def unless_known(response: Response) -> Response:
    """Return *response*, or 304 when its entity tag is one that the caller says is known."""
    tag, _ = response.get_etag()
    if tag is None or not request.if_none_match.contains_weak(tag):
        return response
    kept = {name: value for name, value in response.headers.items() if name in OF_304}
    return Response(status=304, headers=kept)


OF_304 = {"Cache-Control", "ETag", "Vary"}
"""What a 304 says as the answer that it stands for would (RFC 9110, 15.4.5)."""


def answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return *content* as JSON; what depends on the caller is never kept by shared caches."""
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept-Language"
    if headers:
        response.headers.update(headers)
    return response


PREFIX = "/api/v1"
"""Where the operations of the contract are."""


def address_of(made: str, path: Given, record: object) -> str:
    """Return where what was made can be read: *made* with its names filled in."""
    return PREFIX + made.format(record=record, **path)


def next_link(cursor: str | None) -> dict[str, str]:
    """Return the Link header to the next page, where there is one."""
    if cursor is None:
        return {}
    query = {**request.args.to_dict(), "cursor": cursor}
    return {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}


class Listed:
    """What a list answers: *items*, the cursor of the next page, and how many there are.

    *after* gives the cursor that goes on after so many items; without it the list is never cut.
    """

    def __init__(
        self,
        items: Sequence[Any],
        cursor: str | None,
        total: int | None,
        after: Callable[[int], str] | None = None,
    ) -> None:
        self.items = items
        self.next = cursor
        self.total = total
        self.after = after

    def cut(self, written: Sequence[Any]) -> None:
        """Leave as many of the items, which are *written* like this, as make one page."""
        kept = fitting([len(write_json(item)) + 1 for item in written])
        if self.after is not None and kept < len(self.items):
            self.items, self.next = self.items[:kept], self.after(kept)


def is_too_long(content: object, response: Response) -> bool:
    """Return whether *response* shows more of a list than one page may have."""
    cuttable = isinstance(content, Listed) and content.after is not None
    return cuttable and len(response.get_data()) > PAGE_BYTES
