"""Writing answers: JSON, entity tags, links to the next page."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from app.core.rules.sizes import COUNTED, PAGE_BYTES, fitting
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
    return f"v{version}.{content_tag(body)}"


CACHING = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Language"}
"""What depends on the caller is never kept by shared caches."""


def not_modified(tag: str) -> Response:
    """Return 304 for what still has the weak entity tag *tag*."""
    response = Response(status=304, headers=CACHING)
    response.set_etag(tag, weak=True)
    return response


def content_tag(body: bytes) -> str:
    """Return the entity tag of what is the same for everyone, shown as *body*."""
    return blake2b(body, digest_size=8).hexdigest()


RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18})")
"""One stretch of bytes; whatever else stands in Range is left unheeded (RFC 9110, 14.2)."""


def part_of(response: Response, size: int) -> Response:
    """Return *response*, of *size* bytes, or the part of it that the caller asks for in Range.

    Raises RequestedRangeNotSatisfiable (416) for what begins behind its end.
    """
    response.accept_ranges = "bytes"
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and asked[2] and int(asked[2]) < int(asked[1]):
        asked = None
    if asked and not request.if_none_match and request.method == "GET":
        try:
            response.make_conditional(request, accept_ranges=True, complete_length=size)
        except RequestedRangeNotSatisfiable:
            response.close()
            raise
    return response


def asks_what_changed() -> bool:
    """Return whether the caller names what is known, in If-None-Match."""
    return "HTTP_IF_NONE_MATCH" in request.environ


def unless_known(response: Response) -> Response:
    """Return *response*, or 304 when its entity tag is one that the caller says is known."""
    if not asks_what_changed():
        return response
    tag, _ = response.get_etag()
    if tag is None or not request.if_none_match.contains_weak(tag):
        return response
    response.close()
    kept = {name: value for name, value in response.headers.items() if name in OF_304}
    return Response(status=304, headers=kept)


OF_304 = {"Cache-Control", "ETag", "Vary"}
"""What a 304 says as the answer that it stands for would (RFC 9110, 15.4.5)."""


def answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return *content* as JSON."""
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers.update(CACHING)
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
    return {"Link": f'<{next_address(cursor)}>; rel="next"'}


def next_address(cursor: str) -> str:
    """Return the address of the page that goes on at *cursor*, of the list that is asked for."""
    query = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
    return f"{request.path}?{urlencode([*query, ('cursor', cursor)])}"


class Listed:
    """What a list answers: *items*, the cursor of the next page, and how many there are.

    *number* is how many rows were counted, None where none were. *after* gives the cursor that goes
    on after so many items. *as_of* is the day as of which they are shown, None for now.
    """

    def __init__(
        self,
        items: Sequence[Any],
        cursor: str | None,
        number: int | None,
        after: Callable[[int], str] | None = None,
        is_stable: bool = True,
        as_of: date | None = None,
    ) -> None:
        self.items = items
        self.next = cursor
        self.total = None if number is None else min(number, COUNTED)
        self.total_is_exact = None if number is None else number <= COUNTED
        self.after = after
        self.is_stable = is_stable
        self.as_of = as_of

    def cut(self, written: Sequence[Any]) -> None:
        """Leave as many of the items, which are *written* like this, as make one page."""
        kept = fitting([len(write_json(item)) + 1 for item in written])
        if self.after is not None and kept < len(self.items):
            self.items, self.next = self.items[:kept], self.after(kept)


def is_too_long(content: object, response: Response) -> bool:
    """Return whether *response* shows more of a list than one page may have."""
    cuttable = isinstance(content, Listed) and content.after is not None
    return cuttable and len(response.get_data()) > PAGE_BYTES
