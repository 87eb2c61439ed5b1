"""The contract: equal to the code, valid, complete, with examples that are true."""

import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.http.contract import openapi
from app.http.contract.docs import ASSETS
from tools.contract import TARGET, example_in, rendered

COMMITTED = json.loads(TARGET.read_text(encoding="utf-8"))
GOOD = ("200", "201", "202")
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in COMMITTED["paths"].items()
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
    assert openapi.LINKS
    for name, leads in openapi.LINKS.items():
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
        assert name in page.text or name == "docs.css"
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
