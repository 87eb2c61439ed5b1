"""From what a view gives back to a response: its JSON, its headers, its entity tag."""

from hashlib import blake2b
from typing import Any

from flask import Response, request

from app.accounts.schemas.approvals import ApprovalSchema
from app.core.build import build
from app.core.schemas.dump import Dump, compile_dump
from app.core.schemas.selection import MEDIA_TYPE as SELECTION
from app.core.schemas.selection import selected
from app.core.types import Values
from app.http.call import Answer, Asked, Call
from app.http.problems import language
from app.http.responses import answer, entity_tag, is_too_long, next_link
from app.register.people.queries.reference_data import ReferenceData

APPROVAL = compile_dump(ApprovalSchema())


def finish(call: Call, dump: Dump, result: Any, status: int) -> Response:
    """Turn what a view gave back into a response."""
    if isinstance(result, Response):
        return result
    if isinstance(result, Asked):
        dump, status, result = APPROVAL, 202, result.approval
    if not isinstance(result, Answer):
        result = Answer(result)
    vocabulary = result.vocabulary
    if vocabulary is None and dump.needs_vocabulary:
        vocabulary = call.cache.fresh(call.session)
    written = shown(dump, result, vocabulary)
    response = answer(written, status, result.headers)
    if is_too_long(result.content, response):
        result.content.cut(written["items"])
        headers = result.headers | next_link(result.content.next)
        written = shown(dump, result, vocabulary)
        response = answer(written, status, headers)
    response = in_its_form(result, written, response)
    if result.version is not None:
        response.set_etag(entity_tag(result.version, response.get_data()))
    return response


def in_its_form(result: Answer, written: Values, response: Response) -> Response:
    """Return *response* as JSON, as a selection of fields, or as the page that *result* makes."""
    if result.page is not None:
        return page_for_people(result.page(written), response)
    if result.fields:
        response.mimetype = SELECTION
    return response


PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""What a page for people may do in a browser: have a style of ours, and nothing else."""


def page_for_people(content: str, json: Response) -> Response:
    """Return a page that says what *json* does, with its headers."""
    headers = {n: v for n, v in json.headers if n not in ("Content-Type", "Content-Length")}
    page = Response(content, json.status_code, headers, mimetype="text/html")
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    page.headers["Content-Language"] = language()
    return page


def shown(dump: Dump, result: Answer, vocabulary: ReferenceData | None) -> Values:
    """Return what JSON is written of: the *result*, or the fields that it is to show."""
    written: Values = dump.write(result.content, vocabulary)
    return selected(written, result.fields) if result.fields else written


ASKED = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_LANGUAGE")
"""What of a request its answer depends on, besides who sends it."""


def state_tag(call: Call, state: str | None, is_page: bool = False) -> str:
    """Return the entity tag of what *call* is answered while the register is in *state*.

    It holds all that the answer depends on: the code, the caller, the languages they read, the day,
    what was asked, whether as a page for people, and every write. What is equal in these is shown
    alike.
    """
    actor = call.actor
    viewer = (actor.principal_id, actor.key_id, actor.office_id, *sorted(actor.permissions))
    asked = [request.environ.get(name) for name in ASKED]
    asked += [call.today().isoformat(), build(), *(["page"] if is_page else [])]
    return blake2b(repr((state, viewer, asked)).encode(), digest_size=12).hexdigest()
