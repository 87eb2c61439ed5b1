"""Finishes the OpenAPI document: describes everything, in the words of descriptions.toml."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

from app.core.types import Values
from app.http.contract.problem_types import TYPES
from app.http.responses import PREFIX

WORDS: dict[str, Values] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""What means the same wherever it stands, by its name: fields, parameters, summaries in Chinese."""

LARGEST = 2**31 - 1
"""What fits into 32 bits; a whole number that may be larger says that it takes 64."""


def meanings(names: Mapping[tuple[type, ...], str]) -> dict[str, str]:
    """Return what each schema means, by its name: the first paragraph of its docstring.

    *names* holds the names that the document's writer gave, each by a key that begins with the
    class.
    """
    docs = {name: cleandoc(key[0].__doc__ or "") for key, name in names.items()}
    return {name: doc.partition("\n\n")[0].replace("\n", " ") for name, doc in docs.items()}


def finished(document: Values, meant: Mapping[str, str]) -> Values:
    """Return the OpenAPI *document* with a description of every schema, field and parameter.

    Fields and parameters that describe themselves keep what they say; *meant* describes schemas.
    """
    root_at_prefix(document)
    name_problem_types(document["components"]["schemas"])
    for name, schema in document["components"]["schemas"].items():
        schema.setdefault("description", meant.get(name, ""))
        describe_fields(name, schema)
    for method, part in parts_of(document):
        parameters = part if method == "parameters" else ()
        if "operationId" in part:
            part["x-summary-zh"] = WORDS["summaries_zh"][part["operationId"]]
            parameters = part.get("parameters", ())
        for parameter in parameters:
            describe_parameter(parameter)
    for node in nodes_of(document):
        make_plain(node)
    share_parameters(document)
    return document


def root_at_prefix(document: Values) -> None:
    """Let the server's address hold the version, and paths go on from there.

    What has no version, which tells whether the service is well, names the root as its server.
    """
    paths = document["paths"]
    for path in list(paths):
        item = paths.pop(path)
        if path.startswith(PREFIX):
            paths[path.removeprefix(PREFIX)] = item
        else:
            paths[path] = item | {"servers": [{"url": "/"}]}
    document["servers"] = [{"url": PREFIX, "x-internal": False}]


def name_problem_types(schemas: Values) -> None:
    """Let the types of problems be a schema of their own, which may grow."""
    schemas["ProblemType"] = {
        "type": "string",
        "format": "uri-reference",
        "x-extensible-enum": [own.uri for own in TYPES.values()],
        "description": "What went wrong, as a program reads it; its address is a page that says"
        " what to do. More may come within v1: fall back on `status` where one is unknown. The"
        " example of each has its status and its title.",
    }
    schemas["Problem"]["properties"]["type"] = {"$ref": "#/components/schemas/ProblemType"}


def parts_of(document: Values) -> Iterator[tuple[str, Any]]:
    """Yield every operation of *document* with its method, and the parameters of each path."""
    for path in document["paths"].values():
        yield from path.items()


def describe_fields(name: str, schema: Values) -> None:
    """Describe the fields of the schema called *name* that do not do so themselves."""
    known = WORDS["fields"] | WORDS["own"].get(name, {})
    for field, content in schema.get("properties", {}).items():
        if not content.get("description") and field in known:
            content["description"] = known[field] if can_be_null(content) else whole(known[field])


def can_be_null(content: Values) -> bool:
    """Return whether a field can be null."""
    return "null" in content.get("type", ()) or {"type": "null"} in content.get("anyOf", ())


def whole(words: str) -> str:
    """Return a description without what it says of null."""
    return re.sub("; null .*", ".", words)


def describe_parameter(parameter: Values) -> None:
    """Describe a parameter that does not do so itself."""
    name = parameter.get("name")
    if name in WORDS["parameters"]:
        parameter.setdefault("description", WORDS["parameters"][name])


def share_parameters(document: Values) -> None:
    """Let operations refer to a parameter of the query that several take alike.

    Of those with one name the most frequent is shared, under that name.
    """
    lists = [part["parameters"] for _, part in parts_of(document) if "parameters" in part]
    alike = Counter(
        json.dumps(one, sort_keys=True) for own in lists for one in own if one.get("in") == "query"
    )
    shared: dict[str, str] = {}
    for written, number in alike.most_common():
        if number > 1:
            shared.setdefault(json.loads(written)["name"], written)
    known = document["components"]["parameters"]
    for name, written in shared.items():
        known[name] = json.loads(written)
    for own in lists:
        for place, one in enumerate(own):
            if shared.get(one.get("name", "")) == json.dumps(one, sort_keys=True):
                own[place] = {"$ref": f"#/components/parameters/{one['name']}"}


def nodes_of(node: object) -> Iterator[Values]:
    """Yield every object in the document, without those in examples."""
    if isinstance(node, dict):
        yield node
        for key, inner in node.items():
            if key not in ("example", "examples"):
                yield from nodes_of(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from nodes_of(inner)


def make_plain(node: Values) -> None:
    """Say what clients generated from the document need, and nothing that misleads them."""
    if node.get("additionalProperties") is True and node.get("properties"):
        del node["additionalProperties"]
    kinds = node.get("type")
    if "integer" in (kinds if isinstance(kinds, list) else [kinds]):
        largest = node.get("maximum")
        fits = largest is not None and largest <= LARGEST
        node.setdefault("format", "int32" if fits else "int64")
