"""Sessions and organizations over HTTP: entered and corrected by a registrar."""

import pytest

from tests.support.casework import told_anew, whole
from tests.support.factories import REGISTRAR, make_caller

SESSION = {
    "slug": "zhengzhou-npc-16-2",
    "body": "zhengzhou-npc",
    "kind": "plenary",
    "name_zh": "郑州市第十六届人民代表大会第二次会议",
    "term": 16,
    "meeting": 2,
    "starts_on": "2026-02-03",
    "ends_on": "2026-02-06",
}
OFFICE = {
    "slug": "zhengzhou-low-altitude",
    "kind": "department",
    "name_zh": "郑州市低空经济发展中心",
    "aliases": ["市低空中心"],
    "parent": "zhengzhou-government",
    "region_code": "410100",
    "is_office": True,
}


@pytest.fixture
def registrar(client, database):
    return make_caller(client, database, *REGISTRAR)


def messages(answer):
    """Return what a refusal says of each field."""
    return {error["field"]: error["message"] for error in answer.get_json()["errors"]}


def test_a_session_is_entered_and_proposals_are_entered_at_it(registrar):
    made = registrar.post("/api/v1/sessions", SESSION)
    assert made.status_code == 201
    assert made.headers["Location"] == "/api/v1/sessions/zhengzhou-npc-16-2"
    shown = registrar.get("/api/v1/sessions/zhengzhou-npc-16-2").get_json()
    assert shown == made.get_json()
    assert shown["body"]["slug"] == "zhengzhou-npc"
    assert {name: shown[name] for name in SESSION if name != "body"} == {
        name: value for name, value in SESSION.items() if name != "body"
    }
    draft = {
        "kind": "npc_suggestion",
        "session": SESSION["slug"],
        "title": "关于建设低空经济示范区的建议",
        "text": "建议建设低空经济示范区。",
        "proposers": [{"proposer": person(registrar), "role": "lead"}],
        "recommendations": [
            {"summary_zh": "建设示范区", "quotes": [{"text": "建议建设低空经济示范区"}]}
        ],
    }
    proposal = registrar.post("/api/v1/proposals", draft)
    assert proposal.status_code == 201, proposal.get_json()
    listed = registrar.get(f"/api/v1/proposals?session={SESSION['slug']}").get_json()["items"]
    assert [one["id"] for one in listed] == [proposal.get_json()["id"]]


def person(registrar):
    """Return the slug of a deputy of the city's congress."""
    listed = registrar.get("/api/v1/persons?body=zhengzhou-npc&capacity=npc_deputy&limit=1")
    return listed.get_json()["items"][0]["slug"]


def test_a_mistyped_session_is_corrected(registrar):
    registrar.post("/api/v1/sessions", SESSION | {"term": 61, "note": "待核"})
    one = f"/api/v1/sessions/{SESSION['slug']}"
    said = {"term": 16, "note": None, "reason": "届次录入有误"}
    changed = registrar.send("PATCH", one, said, 1)
    assert changed.status_code == 200
    shown = changed.get_json()
    assert (shown["term"], shown["note"], shown["version"]) == (16, None, 2)
    again = registrar.send("PATCH", one, said, 2)
    assert again.get_json()["version"] == 2, "nothing differs, so nothing is written"
    assert registrar.send("PATCH", one, {"term": 15}, 1).status_code == 412


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": "2026-02-01"}, "ends_on"),
        ({"starts_on": None}, "starts_on"),
        ({"term": None}, "term"),
        ({"meeting": 0}, "meeting"),
    ],
)
def test_what_cannot_be_a_session_is_refused(registrar, wrong, field):
    refused = registrar.post("/api/v1/sessions", SESSION | wrong)
    assert refused.status_code == 422
    assert field in messages(refused)
    registrar.post("/api/v1/sessions", SESSION)
    refused = registrar.send("PATCH", f"/api/v1/sessions/{SESSION['slug']}", wrong, 1)
    assert refused.status_code == 422
    assert field in messages(refused)


def test_one_session_has_one_record_and_the_conflict_names_it(registrar):
    registrar.post("/api/v1/sessions", SESSION)
    same_slug = registrar.post("/api/v1/sessions", SESSION | {"meeting": 3})
    assert (same_slug.status_code, SESSION["slug"] in same_slug.get_json()["detail"]) == (409, True)
    same_meeting = registrar.post("/api/v1/sessions", SESSION | {"slug": "another"})
    assert same_meeting.status_code == 409
    assert SESSION["slug"] in same_meeting.get_json()["detail"]
    other = registrar.post("/api/v1/sessions", SESSION | {"slug": "another", "meeting": 3})
    assert other.status_code == 201
    refused = registrar.send("PATCH", "/api/v1/sessions/another", {"meeting": 2}, 1)
    assert refused.status_code == 409
    assert SESSION["slug"] in refused.get_json()["detail"]


def test_an_office_is_entered_and_found_at_once(registrar):
    made = registrar.post("/api/v1/organizations", OFFICE)
    assert made.status_code == 201
    shown = made.get_json()
    assert shown["parent"]["slug"] == "zhengzhou-government"
    found = registrar.get("/api/v1/organizations?q=低空").get_json()["items"]
    assert [one["slug"] for one in found] == [OFFICE["slug"]]
    for name in (OFFICE["slug"], OFFICE["name_zh"]):
        refused_or_found = registrar.get(f"/api/v1/recommendations?office={name}")
        assert (refused_or_found.status_code, name) in {
            (200, OFFICE["slug"]),
            (422, OFFICE["name_zh"]),
        }
        assert refused_or_found.status_code == 200 or OFFICE["slug"] in str(
            messages(refused_or_found)
        )


def test_a_mistyped_office_is_corrected_and_found_by_its_right_names_alone(registrar):
    registrar.post("/api/v1/organizations", OFFICE | {"name_zh": "郑州市低空经济发展中兴"})
    one = f"/api/v1/organizations/{OFFICE['slug']}"
    changed = registrar.send("PATCH", one, {"name_zh": OFFICE["name_zh"], "note": "错字"}, 1)
    assert changed.get_json()["name_zh"] == OFFICE["name_zh"]
    assert registrar.get("/api/v1/organizations?q=发展中兴").get_json()["items"] == []
    assert registrar.get("/api/v1/organizations?q=发展中心").get_json()["items"] != []


def test_what_cannot_be_an_organization_is_refused(registrar):
    taken = registrar.post("/api/v1/organizations", OFFICE | {"name_zh": "郑州市工业和信息化局"})
    assert taken.status_code == 409
    assert "zhengzhou-industry" in taken.get_json()["detail"]
    taken = registrar.post("/api/v1/organizations", OFFICE | {"slug": "zhengzhou-industry"})
    assert taken.status_code == 409
    absent = registrar.post("/api/v1/organizations", OFFICE | {"parent": "zhengzhou-goverment"})
    assert absent.status_code == 422
    assert "zhengzhou-government" in messages(absent)["parent"]
    place = registrar.post("/api/v1/organizations", OFFICE | {"region_code": "郑州"})
    assert "region_code" in messages(place)
    had_work = registrar.send(
        "PATCH", "/api/v1/organizations/zhengzhou-industry", {"is_office": False}, 1
    )
    assert (had_work.status_code, list(messages(had_work))) == (422, ["is_office"])


def test_an_office_that_another_process_entered_is_given_work_and_shown(registrar, app, client):
    cache = app.extensions["vocabulary"]
    registrar.get("/api/v1/organizations?limit=1")
    before = cache.known
    case = registrar.get("/api/v1/proposals?limit=1").get_json()["items"][0]
    one = f"/api/v1/proposals/{case['id']}"
    registrar.post("/api/v1/organizations", OFFICE)
    cache.known = before  # as this process remembers it
    body = {"office": OFFICE["slug"], "role": "lead"}
    given = registrar.post(f"{one}/assignments", body, case["version"])
    assert given.status_code == 201, given.text
    for path in (f"/api/v1/assignments/{given.get_json()['id']}", one, f"{one}/history"):
        cache.known = before
        assert registrar.get(path).status_code == 200, path
        cache.known = before
        assert client.get(path).status_code == 200, path


def test_whether_an_office_still_has_its_name_is_said_with_its_source(registrar, client):
    shown = client.get("/api/v1/organizations/zhengzhou-taxation").get_json()
    assert (shown["is_vertical"], shown["name_status"]) == (True, "in_use")
    assert shown["name_source"]
    assert shown["parent"]["slug"] == "henan-taxation"
    listed = client.get("/api/v1/organizations?name_status=unknown&limit=200").get_json()["items"]
    assert "zhengzhou-data" in {one["slug"] for one in listed}
    one = "/api/v1/organizations/zhengzhou-data"
    refused = registrar.patch(one, {"name_status": "changed", "name_source": None}, 1)
    assert (refused.status_code, list(messages(refused))) == (422, ["name_source"])
    known = {"name_status": "changed", "name_source": "市机构编制委员会通知，2026年3月2日核"}
    assert registrar.patch(one, known, 1).get_json()["name_status"] == "changed"
    refused = registrar.post("/api/v1/organizations", OFFICE | {"name_status": "in_use"})
    assert (refused.status_code, list(messages(refused))) == (422, ["name_source"])
    made = registrar.post("/api/v1/organizations", OFFICE | {"is_vertical": True}).get_json()
    assert (made["is_vertical"], made["name_status"], made["name_source"]) == (True, None, None)


def test_what_is_entered_and_corrected_is_explained_by_its_events(registrar, database):
    registrar.post("/api/v1/sessions", SESSION)
    registrar.patch(f"/api/v1/sessions/{SESSION['slug']}", {"term": 17}, 1)
    registrar.post("/api/v1/organizations", OFFICE)
    registrar.patch(f"/api/v1/organizations/{OFFICE['slug']}", {"aliases": []}, 1)
    whole(database)
    told_anew(database)
