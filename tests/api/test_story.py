"""The whole way of one recommendation, over HTTP, as the README tells it."""

from tests.support.answering import in_days
from tests.support.factories import DATA, EDITOR, INDUSTRY, SUPERVISOR, Caller, find, make_caller


def test_a_recommendation_goes_from_search_to_verified(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    supervisor = make_caller(client, database, *SUPERVISOR, office="zhengzhou-government")
    found = find(editor)
    assert found["lead_status"] == "suggested"
    path = f"/api/v1/recommendations/{found['id']}"

    def step(caller, place, json):
        version = caller.get(path).get_json()["version"]
        answer = caller.post(f"{path}/{place}", json, version)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    taken = step(editor, "offices", {"office": INDUSTRY, "due_on": str(in_days(200))})
    assert taken["lead_status"] == "taken_on"
    step(editor, "transitions", {"axis": "acceptance", "to": "accepted"})
    step(editor, "transitions", {"axis": "progress", "to": "in_progress"})
    report = editor.post(f"{path}/reports", {"text": "选址完成", "percent": 40})
    assert report.status_code == 201
    evidence = [{"title": "竣工验收报告", "url": "https://example.org/acceptance"}]
    claim = {"axis": "progress", "to": "implemented", "evidence": evidence}
    claimed = step(editor, "transitions", claim)
    assert claimed["claimed_by_office"]["slug"] == INDUSTRY
    done = step(supervisor, "transitions", {"axis": "progress", "to": "verified"})
    assert done["progress"] == "verified"
    assert done["acceptance"] == "accepted"

    told = Caller(client).get(f"{path}/history").get_json()["items"]
    assert [event["operation"] for event in told] == [
        "recommendation.created",
        "recommendation.assigned",
        "recommendation.acceptance_changed",
        "recommendation.progress_changed",
        "recommendation.reported",
        "recommendation.progress_changed",
        "recommendation.progress_changed",
    ]
    assert [event["record_version"] for event in told] == [1, 2, 3, 4, 5, 6, 7]
    assert told[-1]["story_zh"] == "落实进展：由“已落实（待核验）”改为“已核验”"


def test_two_clerks_at_once_end_in_one_success_and_one_412(client, database):
    one = make_caller(client, database, *EDITOR, office=INDUSTRY)
    other = make_caller(client, database, *EDITOR, office=DATA)
    found = find(one)
    path = f"/api/v1/recommendations/{found['id']}/offices"
    first = one.post(path, {"office": INDUSTRY}, found["version"])
    second = other.post(path, {"office": DATA}, found["version"])
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"].startswith(second.headers["ETag"].rstrip('"'))
