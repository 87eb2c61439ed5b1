"""Replies and opinions on their way out: letters, joint offices, checks."""

from datetime import date, timedelta

import pytest

from tests.support.casework import TODAY, V1, dispatch, step, to, took, version_of, waiting, whole
from tests.support.factories import DATA, PARK
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, reply_of, send, sign

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


def desk(caller, name, **filters):
    query = "&".join(f"{n}={v}" for n, v in {"desk": name, **filters}.items())
    return caller.get(f"{V1}/me/worklist?{query}").get_json()["items"]


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


def checked(callers, assignment, proposal, **more):
    """Draft the reply of the office of industry, and let it be checked."""
    took(draft(callers["industry"], assignment, body(callers, proposal, **more)))
    return took(move(callers["dispatcher"], assignment, 1, "checked"))


def test_no_joint_opinion_is_due_later_than_the_reply(callers, proposal, lead):
    joint = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["data"], joint, "received"))
    until = waiting(assignment_of(callers["auditor"], lead))["reply"]
    late = (date.fromisoformat(until) + timedelta(days=1)).isoformat()
    asked = {"reason": "涉及面广"}
    told(to(callers["data"], joint, "extensions", {**asked, "extended_to": late}), 422,
         "extended_to")  # fmt: skip
    took(to(callers["data"], joint, "extensions", {**asked, "extended_to": until}))


def test_a_letter_that_went_out_on_paper_is_entered_later(callers, proposal, lead, today, database):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    today["day"] = date(2026, 6, 3)
    took(draft(callers["industry"], lead, body(callers, proposal)))
    told(move(callers["dispatcher"], lead, 2, "checked", on="2026-03-01"), 422, "on")
    took(move(callers["dispatcher"], lead, 2, "checked", on="2026-05-28"))
    told(move(callers["head"], lead, 2, "sent", on="2026-05-27", **SENT), 422, "on")
    took(move(callers["head"], lead, 2, "sent", on="2026-05-29", **SENT))
    tasks = {task["kind"]: task for task in assignment_of(callers["industry"], lead)["tasks"]}
    assert (tasks["reply"]["ended_on"], tasks["reply"]["outcome"]) == ("2026-05-29", "done")
    assert tasks["feedback"]["began_on"] == "2026-05-29"
    whole(database)


def test_a_reply_that_is_not_to_be_published_says_why(callers, proposal, lead, client, database):
    took(edit(callers, proposal, publication="internal"))
    send(callers, lead, proposal)
    assert "publish" in waiting(assignment_of(callers["industry"], lead))
    told(move(callers["head"], lead, 1, "published"), 422, "to")
    told(move(callers["head"], lead, 1, "withheld"), 422, "reason")
    kept = took(move(callers["head"], lead, 1, "withheld", reason="涉及商业秘密"))
    assert (kept["state"], kept["published_on"]) == ("withheld", None)
    assert "publish" not in waiting(assignment_of(callers["industry"], lead))
    took(edit(callers, proposal, publication="published"))
    told(reply_of(client, lead), 404)
    took(move(callers["head"], lead, 1, "published"))
    assert reply_of(client, lead).get_json()["state"] == "published"
    whole(database)


def test_a_joint_opinion_promises_nothing(callers, proposal, lead):
    joint = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["data"], joint, "received"))
    given = {"text": "年底前", "on": "2026-12-31"}
    point = {"recommendation": PARK, "text": "同意", "outcome": "planned", "promise": given}
    told(draft(callers["data"], joint, {"text": "意见", "points": [point]}), 422,
         "points.0.promise")  # fmt: skip


def test_what_is_left_out_is_told_in_full_or_counted(callers, proposal, lead):
    [first, *rest] = body(callers, proposal)["points"]
    answer = draft(callers["industry"], lead, {"text": "答复", "points": [first]})
    problem = told(answer, 422, "points")
    message = problem["errors"][0]["message"]
    assert all(point["recommendation"] in message for point in rest[:20])


def test_a_countersignature_that_does_not_come_is_brought_to_mind(
    callers, proposal, lead, pass_on, database
):
    joint = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["data"], joint, "received"))
    took(draft(callers["industry"], lead, body(callers, proposal)))
    [item] = [i for i in desk(callers["data"], "office") if i["kind"] == "countersign"]
    assert item["reply"] == {
        "assignment_id": lead["id"], "number": 1, "state": "draft",
        "reference": f"{lead['reference']}-V1",
    }  # fmt: skip
    pass_on(TODAY + timedelta(days=10))
    for who in ("data", "dispatcher"):
        notices = callers[who].get(f"{V1}/me/inbox").get_json()["items"]
        assert ("undecided", "red") in [(n["point"], n["urgency"]) for n in notices]
    signed = {"reply": item["reply"]["reference"], "agrees": True}
    took(to(callers["data_head"], joint, "countersignatures", signed))
    assert "countersign" not in [i["kind"] for i in desk(callers["data"], "office")]
    whole(database)


def test_a_check_that_finds_it_not_feasible_makes_no_promise(callers, proposal, lead, database):
    given = {"text": "六月底前开工", "on": "2026-06-30"}
    took(draft(callers["industry"], lead, body(callers, proposal, promise=given)))
    change = {"recommendation": PARK, "outcome": "not_feasible", "reason": "无用地指标"}
    took(move(callers["dispatcher"], lead, 1, "checked", labels=[change]))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    assert callers["industry"].get(f"{V1}/commitments").get_json()["items"] == []
    whole(database)


def test_a_draft_leaves_no_trace_outside(callers, proposal, client, lead):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    path = f"{V1}/assignments/{lead['id']}"
    kinds = {task["kind"] for task in client.get(path).get_json()["tasks"]}
    assert kinds == {"receive", "objection", "reply"}
    assert "check_reply" in waiting(callers["industry"].get(path).get_json())


def test_the_whole_reply_waits_for_who_joins_in_one_recommendation(
    callers, proposal, lead, database
):
    joint = dispatch(callers, proposal, DATA, "joint", recommendation=PARK)
    checked(callers, lead, proposal)
    told(move(callers["head"], lead, 1, "sent", **SENT), 409)
    took(step(callers["data"], joint, "received"))
    took(draft(callers["data"], joint, {"text": "同意"}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))
    took(sign(callers["data_head"], joint))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    told(rate(callers, joint, proposal), 409)
    whole(database)


def test_a_check_that_changes_the_outcome_changes_what_is_accepted(callers, proposal, lead):
    took(draft(callers["industry"], lead, body(callers, proposal, outcome="resolved")))
    change = {"recommendation": PARK, "outcome": "not_feasible", "reason": "条件不具备"}
    twice = move(callers["dispatcher"], lead, 1, "checked", labels=[change, change])
    told(twice, 422, "labels.1.recommendation")
    took(move(callers["dispatcher"], lead, 1, "checked", labels=[change]))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    found = callers["auditor"].get(f"{V1}/recommendations?reference={PARK}").get_json()
    assert found["items"][0]["acceptance"] == "not_accepted"
