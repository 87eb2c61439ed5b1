"""What the OpenAPI document says of each operation besides its schemas."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from inspect import getdoc
from typing import Any

from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema

from app.accounts.rules.operation_access import Access, Audience
from app.core.schemas.selection import MEDIA_TYPE as SELECTION
from app.core.types import Values
from app.http.contract.links import links_of
from app.http.contract.openapi import referred_headers
from app.http.uploads import BINARY, FORM

BEARER: list[dict[str, list[str]]] = [{"key": []}]


TOLD = {
    Audience.ANYONE: "Needs no key.",
    Audience.PUBLIC: "What is published can be read without a key, unless the installation says"
    " otherwise.",
    Audience.KEYED: "Needs a key.",
}
SECURITY: dict[Audience, list[dict[str, list[str]]]] = {
    Audience.ANYONE: [],
    Audience.PUBLIC: [{}, *BEARER],
    Audience.KEYED: BEARER,
}


def callers_of(access: Access) -> str:
    """Return the sentence about who may call an operation."""
    if not access.permissions:
        return TOLD[access.audience]
    return "Needs a key that grants " + " or ".join(f"`{p}`" for p in access.permissions) + "."


class EntityTag(Enum):
    """By what an answer is told from another: its ETag says it.

    VERSION is that of one record, with all that is shown of it; STATE the state of the register,
    for whoever asked, on that day; CONTENT its very bytes; NOTHING where it changes by itself.
    """

    VERSION = "version"
    STATE = "state"
    CONTENT = "content"
    NOTHING = ""


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of an operation besides its schemas.

    *made* is where what it makes can be read, with the names of the path and of the ``record``.
    One that takes a file, as its body or in a form, has that as *form*; one that *has_page* answers
    with a page for people where Accept prefers that.
    """

    name: str
    answers: type[Schema] | None
    access: Access
    errors: tuple[int, ...]
    status: int = 200
    made: str = ""
    condition: str | None = None
    asks: bool = False
    repeats: bool = False
    writes: bool = False
    content_type: str = ""
    form: type[Schema] | None = None
    tag: EntityTag = EntityTag.NOTHING
    in_parts: bool = False
    has_page: bool = False

    @property
    def media_types(self) -> tuple[str, ...]:
        """The types of the answer: the usual one, and that of its page for people."""
        return (self.media_type, *(("text/html",) if self.has_page else ()))

    @property
    def media_type(self) -> str:
        """The type of the answer."""
        return self.content_type or "application/json"

    @cached_property
    def is_paged(self) -> bool:
        """Whether it answers one page of a list."""
        return self.answers is not None and "next" in self.answers().fields

    @property
    def headers(self) -> dict[str, Values]:
        """The headers of the answer."""
        sent = {
            "ETag": self.tag is not EntityTag.NOTHING,
            "Location": bool(self.made) or self.status == 202,
            "Link": self.is_paged,
            "Accept-Ranges": self.in_parts,
            "Audit-Receipt": self.writes,
            "Idempotency-Replayed": self.repeats,
            "X-Request-ID": True,
            "API-Version": True,
        }
        return referred_headers(*(name for name, is_sent in sent.items() if is_sent))

    def with_errors(self, errors: tuple[int, ...], repeats: bool) -> "Operation":
        """Return this with more *errors*, and whether it may be sent again."""
        return replace(self, errors=(*errors, *self.errors), repeats=repeats)


def tag_of(answers: type[Schema] | None) -> EntityTag:
    """Return by what an answer is told from another, where nothing else is said.

    One record has its version; a text or a file has a tag of its own.
    """
    return (
        EntityTag.VERSION if answers is None or "version" in answers().fields else EntityTag.STATE
    )


CONTENT: dict[str, dict[str, str]] = {
    "text/plain": {"type": "string"},
    "image/svg+xml": {"type": "string"},
    BINARY: {"type": "string", "format": "binary"},
}
"""What is answered where it is no JSON, by its type."""


def file_body(form: type[Schema]) -> Values:
    """Return the body of an operation that takes a file: as it is, or in a *form*."""
    content = {BINARY: {"schema": CONTENT[BINARY]}, FORM: {"schema": form}}
    return {"required": True, "content": content}


def responses_of(operation: Operation) -> dict[str, str]:
    """Return what an operation answers besides what it is for, by status."""
    responses = {str(code): f"Problem{code}" for code in sorted(set(operation.errors))}
    if operation.condition == "IfNoneMatch":
        responses["304"] = "NotModified"
    if operation.asks:
        responses["202"] = "Asked"
    if operation.in_parts:
        responses["206"] = "Part"
    return responses


class Documented(SmorestBlueprint):  # type: ignore[misc]
    """A flask-smorest blueprint that documents its operations in full."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self.add_headers)

    def documented(self, view: Any, operation: Operation, schema: Schema, location: str) -> Any:
        """Add to *view* what the OpenAPI document says of it, and of the *schema* of its values."""
        view._apidoc = self.arguments(schema, location=location)(view)._apidoc
        view = self.response(
            operation.status,
            operation.answers or CONTENT[operation.content_type],
            headers=operation.headers,
            content_type=operation.content_type or None,
        )(view)
        view._apidoc.get("arguments", {}).pop("responses", None)
        own = {"IdempotencyKey": operation.repeats, "Range": operation.in_parts}
        heeded = (name for name, is_heeded in own.items() if is_heeded)
        named = (name for name in ("AcceptLanguage", operation.condition, *heeded) if name)
        view._apidoc["header_parameters"] = list(named)
        view._apidoc["success"] = (operation.name, operation.status)
        view._apidoc["has_page"] = operation.has_page
        view._apidoc["selects"] = any(f.data_key == "fields" for f in schema.fields.values())
        _, _, more = (getdoc(view) or "").partition("\n\n")
        body = {"requestBody": file_body(operation.form)} if operation.form else {}
        return self.doc(
            **body,
            operationId=operation.name,
            description=f"{more}\n\n{callers_of(operation.access)}".strip(),
            security=SECURITY[operation.access.audience],
            responses=responses_of(operation),
        )(view)

    @staticmethod
    def add_headers(doc: Values, doc_info: Values, **kwargs: Any) -> Values:
        """Add to an operation's document its header parameters, and where its answer leads."""
        doc.setdefault("parameters", []).extend(doc_info.get("header_parameters", []))
        links = links_of(doc_info["success"][0]) if "success" in doc_info else {}
        for status, response in doc["responses"].items():
            if "success" not in doc_info or str(status) != str(doc_info["success"][1]):
                continue
            if links:
                response["links"] = links
            if doc_info.get("selects"):
                response["content"][SELECTION] = {"schema": SELECTED}
            if doc_info.get("has_page"):
                response["content"]["text/html"] = {"schema": {"type": "string"}}
        return doc


SELECTED = {"$ref": "#/components/schemas/Selection"}
"""What a list answers whose fields were chosen."""
