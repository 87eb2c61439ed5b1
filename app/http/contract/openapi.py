"""What the OpenAPI document says besides the operations themselves."""

from typing import Any

from apispec import APISpec
from werkzeug.routing import BaseConverter

from app.accounts.schemas.approvals import ApprovalSchema
from app.core.schemas.problems import ProblemSchema
from app.core.schemas.selection import SelectionSchema
from app.core.types import Values
from app.http.contract.problem_types import PROBLEM, TYPES
from app.http.contract.vocabularies import references

VERSION = "1.0.0"
"""Of the contract: additions raise the second number, what could break a client the first."""

API_SETTINGS = {
    "API_TITLE": "Proposal register",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": "The register that follows proposals of deputies, advisers, parties and"
            " districts until they are carried out: each single recommendation with its words in"
            " the source, its tags, its office, its progress and its history."
            " Examples show the first entry of a list.\n\n"
            "从提案到落实的登记簿：每一条建议都可以查到它在原文中的字句、标签、承办单位、进展和经过。",
            "contact": {"name": "The administrators of the register that you call"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
    },
}

HEADERS: dict[str, Values] = {
    "ETag": {
        "description": "The version of the record, and after the point a digest of all that is"
        " shown, the caller's own steps included; send it back in If-Match, which compares the"
        ' version alone. The `version` of a body will do there as well, as `"v3"`. Of a text or a'
        " file it is the SHA-256.",
        "schema": {"type": "string", "example": '"v3.5a1f09c27be4d836"'},
    },
    "Location": {
        "description": "Where what was made can be read; for what has no address of its own, the"
        " list or the record that shows it.",
        "schema": {"type": "string", "format": "uri-reference", "example": "/api/v1/files/7"},
    },
    "Accept-Ranges": {
        "description": "That a part may be asked for in `Range`, counted in bytes.",
        "schema": {"type": "string", "enum": ["bytes"]},
    },
    "Content-Range": {
        "description": "Which bytes these are, and of how many.",
        "schema": {"type": "string", "example": "bytes 1000-1999/48211"},
    },
    "Link": {
        "description": 'The next page, with `rel="next"`; absent on the last one.',
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` when this was answered before and nothing was done again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {
        "description": "How many seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "X-Request-ID": {
        "description": "The request's id, the caller's own where it sent one; quote it in questions"
        " to the administrator.",
        "schema": {"type": "string", "maxLength": 64},
    },
    "API-Version": {
        "description": "The version of this document that the answer follows.",
        "schema": {"type": "string", "example": VERSION},
    },
    "Content-Language": {
        "description": "The language of the words for people.",
        "schema": {"type": "string", "enum": ["zh", "en"]},
    },
    "WWW-Authenticate": {
        "description": "How to show who you are.",
        "schema": {"type": "string"},
    },
    "Audit-Receipt": {
        "description": "Proof of what was written: `sequence;hash;key;signature;before;hash`: the"
        " last event of the write, its hash, an Ed25519 signature, and up to which event the"
        " history was signed before, with the hash of that; the last two may be left out. Absent"
        " when nothing was changed, and while nothing can be signed.",
        "schema": {"type": "string"},
    },
}

PARAMETERS: dict[str, Values] = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "The language of problem documents: zh (default) or en.",
        "schema": {"type": "string", "example": "zh"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "A name of the caller's own for this request: sent again within seven days"
        " with the same body it gets the same answer, and nothing is done twice.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": 255,
            "pattern": "^[!#-\\[\\]-~]+$",
        },
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The version that was seen, as its ETag says; what follows the point does"
        " not count, and weak tags are accepted.",
        "schema": {"type": "string", "example": '"v1"'},
    },
    "IfMatchHeeded": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The version that was seen, where the change is to fail once it is another.",
        "schema": {"type": "string", "example": '"v1"'},
    },
    "Range": {
        "name": "Range",
        "in": "header",
        "required": False,
        "description": "The part that is wanted, one stretch of bytes: the answer is 206. Anything"
        " else is left unheeded.",
        "schema": {"type": "string", "example": "bytes=1000-1999"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The whole ETag of an answer that is known, several, or `*`; the answer is"
        " 304 when nothing that it shows has changed since. A version alone never matches.",
        "schema": {"type": "string", "example": '"v3.5a1f09c27be4d836"'},
    },
}

PROBLEMS = {
    400: "The request cannot be read",
    401: "Without a valid key",
    403: "Not permitted",
    404: "Absent or hidden",
    406: "Not available in a type that Accept allows",
    409: "In conflict with the present state",
    412: "The version has changed",
    413: "Too large",
    414: "The address is too long",
    415: "Not JSON",
    416: "Beyond the end of the content",
    422: "Mistakes in the content, named field by field",
    428: "Without the version that was seen",
    429: "Too many requests; Retry-After says when to try again",
    431: "The headers are too long, or too many",
    500: "An error of the service",
    503: "Busy; try again",
}


def referred_headers(*names: str) -> dict[str, Values]:
    """Return what stands for the headers *names* in an answer."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def referred_example(name: str) -> Values:
    """Return what stands for the example *name*."""
    return {"$ref": f"#/components/examples/{name}"}


def codes_of(status: int) -> list[str]:
    """Return the codes of the types of problems with *status*."""
    return [code for code, own in TYPES.items() if own.status == status]


def headers_of_problem(status: int) -> list[str]:
    """Return the headers of a problem document with *status*."""
    own = {
        401: ["WWW-Authenticate"],
        416: ["Content-Range"],
        429: ["Retry-After"],
        503: ["Retry-After"],
    }
    return ["Content-Language", "X-Request-ID", "API-Version", *own.get(status, [])]


def describe(api: Any, id_converter: type[BaseConverter], *named: type[BaseConverter]) -> None:
    """Add the components that operations refer to, and what stands in paths: numbers and names."""
    spec: APISpec = api.spec
    api.ma_plugin.converter.add_attribute_function(references(spec))  # before any schema
    spec.components.security_scheme(
        "key",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A key, or an access token of the installation's identity provider.",
        },
    )
    add_headers(spec)
    add_responses(spec)
    number = {"type": "integer", "format": "int64", "minimum": 1}
    api.register_converter(id_converter, lambda converter: number)
    for converter in named:
        api.register_converter(converter, pattern_of)


def pattern_of(converter: BaseConverter) -> Values:
    """Return the schema of a name that stands in a path."""
    return {"type": "string", "pattern": f"^{converter.regex}$"}


def add_headers(spec: APISpec) -> None:
    """Add the headers of answers and of requests that operations refer to."""
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    for name, parameter in PARAMETERS.items():
        spec.components.parameter(name, parameter["in"], parameter)


def add_responses(spec: APISpec) -> None:
    """Add the answers that many operations refer to, problem documents with their examples."""
    for code, own in TYPES.items():
        if own.status in PROBLEMS:
            spec.components.example(code, {"summary": own.when[1], "value": own.document})
    for status, description in PROBLEMS.items():
        examples = {code: referred_example(code) for code in codes_of(status)}
        content = {PROBLEM: {"schema": ProblemSchema, "examples": examples}}
        headers = referred_headers(*headers_of_problem(status))
        spec.components.response(
            f"Problem{status}",
            {"description": description, "content": content, "headers": headers},
        )
    shown = referred_headers("ETag", "X-Request-ID", "API-Version")
    spec.components.response("NotModified", {"description": "Not changed since", "headers": shown})
    answer = {"application/json": {"schema": ApprovalSchema}}
    spec.components.schema("Selection", schema=SelectionSchema)
    part = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    headers = referred_headers(
        "Accept-Ranges", "Content-Range", "ETag", "X-Request-ID", "API-Version"
    )
    spec.components.response(
        "Part", {"description": "The part that was asked for", "content": part, "headers": headers}
    )
    asked = "Asked: it is carried out when another person has approved it"
    headers = referred_headers("Location", "X-Request-ID", "API-Version")
    spec.components.response("Asked", {"description": asked, "content": answer, "headers": headers})
