"""Promises: made by a reply, missed, explained, kept, confirmed, rated, looked back at."""

from datetime import date

import pytest

from tests.support.casework import V1, dispatch, took, waiting, whole
from tests.support.commitments import inbox, one, to
from tests.support.factories import INDUSTRY, PARK, further_edition
from tests.support.problems import told
from tests.support.replies import assignment_of, body, draft, move, send
from tests.support.situations import received

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]
EVIDENCE = [{"title": "开工报告", "url": "https://example.org/start"}]


@pytest.fixture
def promise(callers, proposal, lead):
    """Give the promise to build the park, dated the 30th of June."""
    given = {"text": "六月底前开工建设产业园", "on": "2026-06-30"}
    send(callers, lead, proposal, promise=given)
    [row] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    return row


def desk(caller):
    return caller.get(f"{V1}/me/worklist").get_json()["items"]


def test_a_sent_reply_makes_its_promises(callers, promise, client, database):
    assert promise["reference"] == f"{PARK}-C01"
    assert (promise["state"], promise["strength"]) == ("open", "dated")
    assert promise["recommendation"]["reference"] == PARK
    items = {item["kind"]: item for item in desk(callers["industry"])}
    kept = items["keep_promise"]
    assert (kept["due_on"], kept["commitment_reference"]) == ("2026-06-30", f"{PARK}-C01")
    assert [s["to"] for s in kept["next_steps"]] == ["kept"]
    assert items["confirm"]["due_on"] == "2027-03-02"
    assert client.get(f"{V1}/commitments").get_json()["items"] == []
    told(client.get(f"{V1}/commitments/{promise['id']}"), 404)
    took(callers["head"].get(f"{V1}/commitments?state=open&office={INDUSTRY}"))
    whole(database)


def test_a_published_promise_is_everyones(callers, promise, lead, client):
    took(move(callers["head"], lead, 1, "published"))
    shown = one(callers["industry"], promise)
    seen = client.get(f"{V1}/commitments?recommendation={PARK}").get_json()["items"]
    assert [row["text"] for row in seen] == [shown["text"]]
    assert client.get(f"{V1}/commitments?promised_before=2026-06-30").get_json()["items"] == []


def test_missed_explained_and_kept(callers, promise, pass_on, database):
    told(to(callers["industry"], promise, "transitions", {"to": "missed"}), 409)
    pass_on(date(2026, 6, 1))
    assert inbox(callers["industry"])[0]["point"] == "due_soon"
    pass_on(date(2026, 7, 1))
    now = one(callers["industry"], promise)
    assert (now["state"], now["missed_on"]) == ("missed", "2026-07-01")
    newest = inbox(callers["industry"])[0]
    assert (newest["point"], newest["urgency"]) == ("missed", "red")
    assert inbox(callers["supervisor"])[0]["commitment_reference"] == promise["reference"]
    again = {"to": "open", "reason": "雨季影响，用地手续延后"}
    told(to(callers["industry"], promise, "transitions", again), 422, "promised_on")
    past = again | {"promised_on": "2026-07-01"}
    told(to(callers["industry"], promise, "transitions", past), 422, "promised_on")
    moved = took(
        to(callers["industry"], promise, "transitions", again | {"promised_on": "2026-09-30"})
    )
    assert (moved["state"], moved["promised_on"]) == ("open", "2026-09-30")
    assert (moved["first_promised_on"], moved["missed_on"]) == ("2026-06-30", "2026-07-01")
    explained = {"kind": "explanation", "text": "九月完成土地平整"}
    took(to(callers["industry"], promise, "remarks", explained))
    told(to(callers["data"], promise, "transitions", {"to": "kept", "evidence": EVIDENCE}), 404)
    told(to(callers["industry"], promise, "transitions", {"to": "kept"}), 422, "evidence")
    pass_on(date(2026, 9, 20))
    kept = took(
        to(callers["industry"], promise, "transitions", {"to": "kept", "evidence": EVIDENCE})
    )
    assert (kept["state"], kept["ended_on"]) == ("kept", "2026-09-20")
    assert [item["kind"] for item in desk(callers["supervisor"])] == ["look_back"]
    whole(database)


def test_a_kept_promise_is_rated_and_looked_back_at(callers, proposal, promise, pass_on, database):
    content = {"to": "kept", "evidence": EVIDENCE}
    took(to(callers["industry"], promise, "transitions", content))
    proposer = callers["auditor"].get(proposal).get_json()["proposers"][0]["slug"]
    rating = {"kind": "rating", "text": "现场查看", "proposer": proposer, "rating": "satisfied"}
    told(to(callers["industry"], promise, "remarks", rating), 403)
    told(to(callers["registrar"], promise, "remarks", rating | {"proposer": "x"}), 422, "proposer")
    del rating["rating"]
    told(to(callers["registrar"], promise, "remarks", rating), 422, "rating")
    rated = took(to(callers["registrar"], promise, "remarks", rating | {"rating": "satisfied"}))
    assert rated["remarks"][-1]["proposer"]["slug"] == proposer
    back = {"kind": "look_back", "text": "已全面开工"}
    told(to(callers["industry"], promise, "remarks", back), 403)
    pass_on(date(2026, 9, 2))
    assert inbox(callers["supervisor"])[0]["point"] == "look_back"
    took(to(callers["supervisor"], promise, "remarks", back))
    assert desk(callers["supervisor"]) == []
    told(to(callers["supervisor"], promise, "transitions", {"to": "open"}), 422, "reason")
    reopened = took(
        to(callers["supervisor"], promise, "transitions", {"to": "open", "reason": "工地停工"})
    )
    assert (reopened["state"], reopened["ended_on"]) == ("open", None)
    assert {item["kind"] for item in desk(callers["industry"])} >= {"keep_promise", "confirm"}
    whole(database)


def test_a_promise_is_confirmed_each_year(callers, promise, pass_on, database):
    yearly = {"kind": "confirmation", "text": "继续推进"}
    told(to(callers["supervisor"], promise, "remarks", yearly), 403)
    pass_on(date(2027, 3, 3))
    assert "overdue" in [n["point"] for n in inbox(callers["supervisor"], waiting="true")]
    took(to(callers["industry"], promise, "remarks", yearly))
    items = {item["kind"]: item for item in desk(callers["industry"])}
    assert items["confirm"]["due_on"] == "2028-03-03"
    whole(database)


def test_milestones_on_the_way(callers, promise, pass_on, database):
    took(to(callers["industry"], promise, "milestones", {"text": "选址", "due_on": "2026-04-01"}))
    told(to(callers["data"], promise, "milestones", {"text": "选址"}), 404)
    told(to(callers["dispatcher"], promise, "milestones", {"text": "选址"}), 403)
    pass_on(date(2026, 4, 2))
    assert "milestone" in {notice["kind"] for notice in inbox(callers["industry"])}
    path = "milestones/1/completion"
    told(to(callers["industry"], promise, "milestones/2/completion", {}), 404)
    told(to(callers["industry"], promise, path, {"on": "2026-05-01"}), 422, "on")
    done = took(to(callers["industry"], promise, path, {"evidence": EVIDENCE}))
    assert (done["milestones"][0]["done_on"], done["milestones"][0]["evidence"]) == (
        "2026-04-02", EVIDENCE,
    )  # fmt: skip
    told(to(callers["industry"], promise, path, {}), 409)
    assert "milestone" not in {item["kind"] for item in desk(callers["industry"])}
    whole(database)


def test_a_later_reply_promises_anew_and_what_was_missed_stays(
    callers, proposal, lead, promise, pass_on, database
):
    later = {"text": "八月底前开工", "on": "2026-08-31"}
    took(draft(callers["industry"], lead, body(callers, proposal, promise=later)))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    sent = {"document_no": "13号", "signed_by": "局长"}
    took(move(callers["head"], lead, 2, "sent", **sent))
    rows = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    assert [(r["reference"][-3:], r["state"]) for r in rows] == [
        ("C01", "replaced"), ("C02", "open"),
    ]  # fmt: skip
    pass_on(date(2026, 9, 1))
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(move(callers["dispatcher"], lead, 3, "checked"))
    took(move(callers["head"], lead, 3, "sent", **sent))
    rows = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    assert [r["state"] for r in rows] == ["replaced", "missed"]
    withdrawn = {"to": "withdrawn", "reason": "规划调整，不再建设"}
    told(to(callers["industry"], rows[1], "transitions", withdrawn), 403)
    took(to(callers["head"], rows[1], "transitions", withdrawn))
    told(to(callers["industry"], rows[1], "milestones", {"text": "选址"}), 409)
    whole(database)


# -- reminders -----------------------------------------------------------------------------------


@pytest.fixture
def receipt_in_time(database):
    """Let rules hold that give an office three working days to sign for what it got."""
    limit = {"amount": 3, "unit": "working_days", "from": "dispatch"}
    return database.write(lambda session: further_edition(session, receipt=limit))


def test_each_point_fires_once_however_often_it_is_looked_for(
    callers, proposal, receipt_in_time, pass_on, database
):
    assert received(callers, proposal)["profile"] == receipt_in_time
    finance = dispatch(callers, proposal, "zhengzhou-finance", "joint")
    assert waiting(finance)["receive"] == "2026-03-05"
    assert pass_on(date(2026, 3, 4)) == (0, 0)
    number, notices = pass_on(date(2026, 3, 5))
    assert (number, notices) == (1, 1)
    assert pass_on(date(2026, 3, 5)) == (0, 0)
    pass_on(date(2026, 3, 6))
    [escalated] = inbox(callers["dispatcher"])
    assert (escalated["urgency"], escalated["office"]["slug"]) == ("red", "zhengzhou-finance")
    whole(database)


def test_what_fell_due_while_nobody_looked_is_told_once(callers, lead, pass_on, database):
    pass_on(date(2026, 6, 10))
    points = [(n["point"], n["urgency"]) for n in inbox(callers["industry"])]
    assert ("overdue", "red") in points
    assert "due_soon" not in dict(points)
    assert "no_meeting" in dict(points)
    assert waiting(assignment_of(callers["industry"], lead)) == {"reply": "2026-06-02"}
    whole(database)


def test_a_meeting_that_took_place_is_not_asked_for(callers, lead, pass_on):
    path = f"{V1}/assignments/{lead['id']}/contacts"
    took(callers["industry"].post(path, {"channel": "visit", "note": "走访代表"}))
    pass_on(date(2026, 3, 22))
    assert "no_meeting" not in {n["point"] for n in inbox(callers["industry"])}


def test_more_time_moves_the_reminders(callers, lead, pass_on, database):
    path = f"{V1}/assignments/{lead['id']}"
    content = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(callers["industry"].post(f"{path}/extensions", content, lead["version"]))
    pass_on(date(2026, 6, 3))
    assert "overdue" not in {n["point"] for n in inbox(callers["industry"])}
    pass_on(date(2026, 7, 2))
    assert inbox(callers["industry"])[0]["point"] == "overdue"
    whole(database)


def test_silence_closes_the_window_without_counting(
    callers, proposal, promise, lead, pass_on, database
):
    pass_on(date(2026, 3, 14))
    assert inbox(callers["dispatcher"])[0]["point"] == "window_closing"
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "replied"
    pass_on(date(2026, 3, 17))
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "evaluated"
    assert waiting(assignment_of(callers["auditor"], lead)).keys() == {"publish"}
    pass_on(date(2026, 3, 31))
    assert inbox(callers["industry"])[0]["point"] == "not_published"
    assert promise["state"] == "open"
    whole(database)


def test_who_has_which_inbox(callers, lead, pass_on):
    pass_on(date(2026, 6, 10))
    told(callers["registrar"].get(f"{V1}/me/inbox?desk=office"), 403)
    first = callers["industry"].get(f"{V1}/me/inbox?limit=1").get_json()
    rest = callers["industry"].get(f"{V1}/me/inbox?cursor={first['next']}").get_json()
    assert first["items"] + rest["items"] == inbox(callers["industry"])
    assert inbox(callers["data"]) == []
    assert inbox(callers["industry"], waiting="false") == []
    assert lead["id"] == first["items"][0]["assignment_id"]
