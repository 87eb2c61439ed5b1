"""Documents, people, organizations, proposals, vocabularies, the caller."""

import hashlib

import pytest

from app.accounts.rules.keys import new_id, new_secret
from app.accounts.rules.operation_access import ACCESS
from app.core.codes import PUBLISHED
from app.core.config import ROOT
from app.http.meta.api import WORKFLOWS
from tests.support.factories import EDITOR, INDUSTRY, REGISTRAR, Caller, make_caller

SEEDS = sorted((ROOT / "seeds" / "documents").glob("*.txt"))
V1 = "/api/v1"


def items(client, path):
    answer = client.get(f"{V1}{path}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["items"]


def test_documents_are_the_seed_files_byte_for_byte(client):
    documents = items(client, "/documents")
    assert len(documents) == len(SEEDS) == 5
    for document, path in zip(documents, SEEDS, strict=True):
        answer = client.get(f"{V1}/documents/{document['id']}/text")
        assert answer.data == path.read_bytes()
        assert answer.mimetype == "text/plain"
        known = {"If-None-Match": answer.headers["ETag"]}
        again = client.get(f"{V1}/documents/{document['id']}/text", headers=known)
        assert (again.status_code, again.data) == (304, b"")
        assert document["sha256"] == hashlib.sha256(answer.data).hexdigest()
        assert document["characters"] == len(answer.text)


def test_what_the_page_does_not_say_of_its_date_is_null(client):
    dates = {d["reference"]: d for d in items(client, "/documents")}
    assert dates["D000"]["date_as_printed"] is None
    assert dates["D004"]["date_as_printed"] == "2024"
    for document in dates.values():
        bounds = document["earliest_on"] or document["latest_on"]
        assert (document["date_reason"] is not None) == (bounds is not None)


def test_corrections_stand_at_their_characters(client):
    for document in items(client, "/documents"):
        shown = client.get(f"{V1}/documents/{document['id']}").get_json()
        text = client.get(f"{V1}/documents/{document['id']}/text").text
        for correction in shown["corrections"]:
            assert text[correction["start"] : correction["end"]] == correction["as_printed"]
            assert correction["as_meant"] != correction["as_printed"]
        assert shown["stretches"]


def test_a_document_lists_its_proposals_in_order(client):
    for document in items(client, "/documents"):
        listed = items(client, f"/documents/{document['id']}/proposals?limit=200")
        references = [p["reference"] for p in listed]
        assert references == sorted(references)
        assert all(p["document"]["id"] == document["id"] for p in listed)
    assert client.get(f"{V1}/documents/99/proposals").status_code == 404


def test_statements_are_kept_without_recommendations(client):
    proposals = items(client, "/proposals?limit=200")
    assert len(proposals) == 73
    statements = [p for p in proposals if p["recommendation_count"] == 0]
    assert 1 <= len(statements) < 10
    assert all(p["proposers"] for p in proposals)


def test_a_proposal_shows_its_words_and_its_recommendations(client):
    listed = items(client, "/proposals?proposer=xingyang-cppcc")
    shown = client.get(f"{V1}/proposals/{listed[0]['id']}").get_json()
    assert shown["proposers"][0]["as_printed"] == "索阳市政协"
    assert shown["proposers"][0]["name"] == "荥阳市政协"
    assert len(shown["recommendations"]) == shown["recommendation_count"] > 0
    assert all(p["text"] for p in shown["passages"])


def test_a_registrar_gives_the_case_number(client, database):
    registrar = make_caller(client, database, *REGISTRAR)
    changed = registrar.patch(f"{V1}/proposals/5", {"case_no": "2026-0001"}, 1)
    assert changed.get_json()["case_no"] == "2026-0001"
    again = registrar.patch(f"{V1}/proposals/5", {"case_no": None}, 2)
    assert again.get_json()["case_no"] is None
    assert again.get_json()["version"] == 3


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/sessions", 5),
        ("/persons?body=national-npc", 5),
        ("/persons?q=孙", 1),
        ("/organizations?is_office=true", 50),
        ("/organizations?parent=zhengzhou-cppcc", 10),
        ("/organizations?kind=party", 4),
        ("/organizations?q=工信局", 1),
        ("/proposals?kind=thematic_speech", 30),
        ("/proposals?session=national-lianghui-2024", 9),
        ("/documents?level=national", 1),
    ],
)
def test_lists_can_be_filtered(client, path, least):
    separator = "&" if "?" in path else "?"
    found = items(client, f"{path}{separator}limit=200")
    assert len(found) >= least


def test_nobody_stands_alone_behind_a_hidden_proposal(client, database):
    registrar = make_caller(client, database, *REGISTRAR)
    found = items(client, "/proposals?proposer=yang-hezhou")[0]
    registrar.patch(f"{V1}/proposals/{found['id']}", {"publication": "internal"}, 1)
    assert items(client, "/persons?q=杨河洲") == []
    assert registrar.get(f"{V1}/persons?q=杨河洲").get_json()["items"]


def test_offices_know_their_parents(client):
    shown = items(client, "/organizations?q=工业和信息化局")[0]
    assert shown["parent"]["slug"] == "zhengzhou-government"
    assert "市工信局" in shown["aliases"]


def test_every_vocabulary_is_published(client):
    shown = client.get(f"{V1}/vocabularies").get_json()["vocabularies"]
    assert set(shown) == {*PUBLISHED, "permission"}
    assert shown["progress"][0] == {"code": "not_started", "zh": "未开始", "en": "not started"}


def test_the_whole_workflow_is_published(client):
    shown = {w["name"]: w for w in client.get(f"{V1}/workflows").get_json()["items"]}
    assert list(shown) == [workflow.name for workflow in WORKFLOWS]
    known = client.get(f"{V1}/vocabularies").get_json()["vocabularies"]
    operations = set(ACCESS)
    for workflow in WORKFLOWS:
        own = shown[workflow.name]
        assert [(s["source"], s["target"]) for s in own["steps"]] == [
            (s.source, s.target) for s in workflow.steps
        ]
        states = {word["code"] for word in known[own["vocabulary"]]}
        assert {own["initial"], *(s["target"] for s in own["steps"])} <= states
        assert own["operation"] in operations
    assert {w["record"] for w in shown.values()} == {
        "recommendation",
        "proposal",
        "assignment",
        "reply",
        "commitment",
    }
    assert all(step["roles"] for own in shown.values() for step in own["steps"])


def test_me_shows_who_the_key_belongs_to(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    me = editor.get(f"{V1}/me").get_json()
    assert (me["name"], me["office"]["slug"], me["roles"]) == (
        "测试人员",
        INDUSTRY,
        ["office_editor"],
    )
    assert Caller(client).get(f"{V1}/me").status_code == 401


def test_the_service_says_that_it_is_well(client):
    assert client.get("/livez").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_living_needs_no_database(app):
    dead = app.extensions["database"]
    app.extensions["database"] = type(dead)(
        type(app.extensions["settings"])(database_url="postgresql+psycopg://nobody@127.0.0.1:1/x")
    )
    try:
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        for path, headers in (
            ("/proposals", {}),
            ("/me", {"Authorization": f"Bearer {new_secret(new_id())}"}),
        ):
            answer = app.test_client().get(f"{V1}{path}", headers=headers)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert app.test_client().get("/livez").status_code == 200
    finally:
        app.extensions["database"] = dead
