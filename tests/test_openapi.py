"""The contract: equal to the code, valid, complete, with examples that are true."""

import json
import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.core.codes import CLOSED, PUBLISHED
from app.http.contract import links
from app.http.contract.descriptions import WORDS, whole
from app.http.contract.docs import ASSETS
from tools.contract import TARGET, committed, example_in, played, rendered

COMMITTED = json.loads(TARGET.read_text(encoding="utf-8"))
PATHS = committed()["paths"]
GOOD = ("200", "201", "202")
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in PATHS.items()
    for method, operation in methods.items()
    if isinstance(operation, dict)
}


def test_the_committed_document_is_that_of_the_code():
    """`make openapi` writes it anew, examples included."""
    assert TARGET.read_text(encoding="utf-8") == rendered()


def test_the_document_is_valid_openapi_3_1():
    assert COMMITTED["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(COMMITTED).validate()


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_complete(name):
    method, path, operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert len(operation["tags"]) == 1
    assert "security" in operation
    assert "default" not in operation["responses"]
    failures = {s for s in operation["responses"] if s >= "400"}
    assert {"422", "500", "503"} <= failures
    if method != "get":
        assert {"400", "401", "413", "415"} <= failures
        assert ("403" in failures) is bool(operation["security"])
        assert all(c["example"] for c in operation["requestBody"]["content"].values())
    if "{" in path:
        assert "404" in failures
    good = [operation["responses"][s] for s in GOOD if s in operation["responses"]]
    assert all(example_in(COMMITTED, content) for content in good[0]["content"].values())


def test_links_lead_to_operations_and_take_their_parameters():
    assert links.LINKS
    for name, leads in links.LINKS.items():
        _, _, operation = OPERATIONS[name]
        for other, parameters in leads.items():
            _, path, target = OPERATIONS[other]
            assert all(f"{{{p}}}" in path or p == "If-Match" for p in parameters), (name, other)
            known = {p.get("name") or p["$ref"].rpartition("/")[2] for p in target["parameters"]}
            assert ("IfMatch" in known) is ("If-Match" in parameters), (name, other)
        good = next(r for s, r in operation["responses"].items() if s in GOOD and "links" in r)
        assert set(good["links"]) == set(leads)


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_example_fits_its_schema(name):
    from jsonschema import Draft202012Validator

    _, _, operation = OPERATIONS[name]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    bodies += [r for s, r in operation["responses"].items() if s in GOOD and "content" in r]
    for body in bodies:
        for content in body["content"].values():
            schema = content["schema"] | {"components": COMMITTED["components"]}
            Draft202012Validator(schema).validate(example_in(COMMITTED, content))


def test_the_documentation_page_asks_nobody_else(client):
    page = client.get("/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for name in ASSETS:
        with client.get(f"/docs/static/{name}") as answer:
            assert answer.status_code == 200
        assert name in page.text or name in ("docs.css", "dossier.css")
    for name in ("../docs.py", "..%2fdocs.py", "docs.py", "SHA256SUMS"):
        assert client.get(f"/docs/static/{name}").status_code == 404


def test_the_vendored_files_are_those_that_were_vetted():
    import hashlib

    from app.http.contract.docs import STATIC

    folder = STATIC / "swagger-ui"
    sums = dict(
        reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    found = {p.name for p in folder.iterdir()} - {"SHA256SUMS"}
    assert found == set(sums)
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_the_document_is_served_with_an_etag(client):
    answer = client.get("/openapi.json")
    assert answer.get_json() == COMMITTED
    again = client.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# ---- described ----


def fields_of(schema):
    return schema.get("properties", {}).items()


def test_every_schema_and_every_field_is_described():
    schemas = COMMITTED["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, content in fields_of(schema)
        if not content.get("description") and "$ref" not in content
    ]
    assert bare == [], "say in the schema's metadata, or in descriptions.toml, what they hold"


def parameters():
    known = COMMITTED["components"]["parameters"]
    items = [part for item in PATHS.values() for part in item.items()]
    listed = [p for key, part in items if key == "parameters" for p in part]
    listed += [p for _, part in items if "operationId" in part for p in part.get("parameters", ())]
    return [known[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in listed]


def test_every_parameter_is_described():
    assert [p["name"] for p in parameters() if not p.get("description")] == []


def test_every_operation_has_a_summary_in_chinese():
    for _, _, operation in OPERATIONS.values():
        assert re.search("[一-鿿]", operation["x-summary-zh"]), operation["operationId"]


def test_no_description_is_kept_that_nothing_shows():
    schemas = COMMITTED["components"]["schemas"]
    everywhere = [part for schema in schemas.values() for part in fields_of(schema)]
    shown = {(field, content.get("description")) for field, content in everywhere}
    told = {(p["name"], p["description"]) for p in parameters()}
    common = WORDS["fields"].items()
    unused = {f for f, said in common if shown.isdisjoint({(f, said), (f, whole(said))})}
    unused |= {p for p, said in WORDS["parameters"].items() if (p, said) not in told}
    for name, own in WORDS["own"].items():
        written = {field: content.get("description") for field, content in fields_of(schemas[name])}
        unused |= {f"{name}.{f}" for f, s in own.items() if written.get(f) not in (s, whole(s))}
    assert unused == set()
    assert WORDS["summaries_zh"].keys() == OPERATIONS.keys()


def test_no_schema_has_a_description_of_its_own_that_all_have():
    own = [(name, *part) for name, said in WORDS["own"].items() for part in said.items()]
    common = WORDS["fields"]
    assert [(n, f) for n, f, said in own if said == whole(common.get(f, ""))] == []


# ---- vocabularies ----


def test_each_vocabulary_is_a_schema_of_its_own_closed_or_open():
    schemas = COMMITTED["components"]["schemas"]
    shown = {s["x-vocabulary"] for s in schemas.values() if "x-vocabulary" in s}
    assert shown <= PUBLISHED.keys()
    for name, words in PUBLISHED.items():
        schema = schemas.get(words.__name__)
        if schema is None:
            continue
        assert schema["type"] == "string"
        key = "enum" if name in CLOSED else "x-extensible-enum"
        assert schema[key] == [str(word) for word in words]
        known = schemas.get(f"Known{words.__name__}")
        assert known is None or known["enum"] == [str(word) for word in words]
    named = {name.removeprefix("Known") for name in schemas if name.startswith("Known")}
    assert named <= schemas.keys()  # where what each word means stands


# ---- headers ----

ALWAYS = ("ETag", "Location", "X-Request-ID", "API-Version")
"""What an answer always has where it is declared."""
NAMED = {*ALWAYS, "Link", "Audit-Receipt", "Idempotency-Replayed"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_headers_that_are_sent_are_those_that_are_declared(name):
    _, _, operation = OPERATIONS[name]
    good = next(operation["responses"][s] for s in GOOD if s in operation["responses"])
    declared = set(good["headers"])
    sent = set(played()[name].headers)
    assert {header for header in ALWAYS if header in declared} <= sent
    assert sent & NAMED <= declared


def test_if_match_is_declared_where_its_refusal_is():
    for name, (_, _, operation) in OPERATIONS.items():
        references = [p.get("$ref", "") for p in operation.get("parameters", ())]
        declared = any("IfMatch" in reference for reference in references)
        assert declared is ("412" in operation["responses"]), name
