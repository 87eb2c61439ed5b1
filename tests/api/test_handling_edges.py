"""What a second reader found between replies, objections, withdrawal and merging."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import plan_reminders, tick
from app.models import Proposal, Task
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, step, to, took, waiting, whole
from tests.support.factories import DATA, INDUSTRY, PARK, differences
from tests.support.filing import decide, state
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, send, sign

pytestmark = pytest.mark.usefixtures("today")


def checked(callers, assignment, proposal, **more):
    """Draft the reply of the office of industry, and let it be checked."""
    took(draft(callers["industry"], assignment, body(callers, proposal, **more)))
    return took(move(callers["dispatcher"], assignment, 1, "checked"))


def test_what_one_office_returned_is_redispatched_though_the_other_answered(
    callers, proposal, database
):
    first = dispatch(callers, proposal, INDUSTRY, "separate")
    other = dispatch(callers, proposal, DATA, "separate")
    took(step(callers["industry"], first, "received"))
    send(callers, first, proposal)
    took(step(callers["data"], other, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], other, "returned"))
    assert state(callers, proposal) == "in_progress"
    dispatch(callers, proposal, "zhengzhou-finance", "lead")
    assert waiting(assignment_of(callers["auditor"], other)) == {}
    whole(database)


def test_nothing_is_sent_while_an_objection_waits_or_after_the_end(
    callers, proposal, lead, database
):
    checked(callers, lead, proposal)
    took(step(callers["industry"], lead, "objection_pending", reason="职责交叉"))
    told(move(callers["head"], lead, 1, "sent", **SENT), 409)
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    told(move(callers["head"], lead, 1, "sent", **SENT), 404)
    whole(database)


def test_a_request_for_more_time_ends_with_the_reply(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    made = took(step(callers["industry"], made, "received"))
    content = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], made, "extensions", content))
    send(callers, made, proposal)
    now = assignment_of(callers["industry"], made)
    assert "decide_extension" not in waiting(now)
    assert [e["state"] for e in now["extensions"]] == ["dropped"]
    whole(database)


def test_what_was_merged_in_meanwhile_is_answered_first(callers, proposal, lead):
    checked(callers, lead, proposal)
    rows = callers["auditor"].get(f"{V1}/proposals?limit=9").get_json()["items"]
    row = next(one for one in rows if one["recommendation_count"])
    took(decide(callers, f"{V1}/proposals/{row['id']}", "merged", into="D002-P04"))
    told(move(callers["head"], lead, 1, "sent", **SENT), 422, "to")
    other = next(one for one in rows if one["id"] != row["id"])
    again = {"to": "merged", "into": other["reference"]}
    version = callers["registrar"].get(proposal).get_json()["version"]
    told(callers["registrar"].post(f"{proposal}/transitions", again, version), 409)


def test_withdrawal_and_closing_leave_nothing_waiting(callers, proposal, database):
    first = dispatch(callers, proposal, INDUSTRY, "separate")
    dispatch(callers, proposal, DATA, "separate")
    took(step(callers["industry"], first, "received"))
    send(callers, first, proposal)
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert waiting(assignment_of(callers["auditor"], first)) == {}
    told(rate(callers, first, proposal, result="dissatisfied"), 409)
    told(draft(callers["industry"], first, body(callers, proposal)), 409)
    whole(database)


def test_a_closed_proposal_is_not_handled_again(callers, proposal, database):
    made = dispatch(callers, proposal, profile="qingdao-npc-2021")
    took(step(callers["industry"], made, "received"))
    send(callers, made, proposal)
    took(rate(callers, made, proposal, result="dissatisfied"))
    told(decide(callers, proposal, "closed", reason="双方同意"), 422, "to")
    leave = {"decision": "leave", "note": "双方同意"}
    took(to(callers["dispatcher"], made, "assessment", leave))
    took(decide(callers, proposal, "closed"))
    content = {"decision": "handle_again", "note": "专家评估"}
    told(to(callers["dispatcher"], made, "assessment", content), 409)
    assert waiting(assignment_of(callers["auditor"], made)).keys() == {"publish"}
    told(draft(callers["industry"], made, body(callers, proposal)), 409)
    took(move(callers["head"], made, 1, "published"))
    whole(database)


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


def test_an_office_answers_what_it_dispatched_on(callers, proposal, lead, database):
    content = {"office": DATA, "role": "sole", "parent": lead["reference"], "recommendation": PARK}
    below = callers["head"].post(f"{proposal}/assignments", content).get_json()
    took(step(callers["data"], below, "received"))
    promise = {"text": "年底前完成", "on": "2026-12-31"}
    park = body(callers, proposal, promise=promise)
    park["points"] = [p for p in park["points"] if p["recommendation"] == PARK]
    took(draft(callers["data"], below, park))
    took(move(callers["dispatcher"], below, 1, "checked"))
    took(move(callers["data_head"], below, 1, "sent", **SENT))
    assert waiting(assignment_of(callers["auditor"], below)) == {}
    assert callers["auditor"].get(f"{V1}/commitments").get_json()["items"] == []
    told(rate(callers, below, proposal), 409)
    send(callers, lead, proposal, promise=promise)
    assert len(callers["auditor"].get(f"{V1}/commitments").get_json()["items"]) == 1
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


def test_who_proposed_both_of_two_merged_rates_once(callers, proposal, lead, database):
    mine = callers["auditor"].get(proposal).get_json()["proposers"][0]["slug"]
    rows = callers["auditor"].get(f"{V1}/proposals?proposer={mine}").get_json()["items"]
    others = [row for row in rows if not proposal.endswith(f"/{row['id']}")]
    took(decide(callers, f"{V1}/proposals/{others[0]['id']}", "merged", into="D002-P04"))
    content = body(callers, proposal)
    content["points"] += body(callers, f"{V1}/proposals/{others[0]['id']}")["points"]
    took(draft(callers["industry"], lead, content))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    took(rate(callers, lead, proposal))
    assert state(callers, proposal) == "evaluated"
    whole(database)


def test_milestones_stay_when_a_promise_gets_another_day(callers, proposal, lead, database, today):
    given = {"text": "六月底前开工", "on": "2026-06-30"}
    send(callers, lead, proposal, promise=given)
    [row] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    one = f"{V1}/commitments/{row['id']}"

    def post(place, content):
        version = callers["industry"].get(one).get_json()["version"]
        return took(callers["industry"].post(f"{one}/{place}", content, version))

    post("milestones", {"text": "选址", "due_on": "2026-08-01"})
    today["day"] = date(2026, 7, 1)
    database.write(lambda s: tick(Work(s, read_book(s), today["day"])))
    post("transitions", {"to": "open", "reason": "延后", "promised_on": "2026-09-30"})
    items = callers["industry"].get(f"{V1}/me/worklist").get_json()["items"]
    assert {"milestone", "keep_promise"} <= {item["kind"] for item in items}
    evidence = [{"title": "开工照片", "url": "https://example.org/1"}]
    post("transitions", {"to": "kept", "evidence": evidence})
    ended = [
        t for t in callers["industry"].get(one).get_json()["tasks"] if t["kind"] == "milestone"
    ]
    assert [task["outcome"] for task in ended] == ["void"]
    whole(database)


def test_an_earlier_registers_clocks_are_brought_to_mind_after_its_upgrade(
    callers, proposal, lead, database
):
    def forget(session):
        session.execute(sa.update(Task).values(fires_on=None))

    database.write(forget)
    assert database.examine(differences)
    assert database.write(plan_reminders) > 0
    assert database.write(plan_reminders) == 0
    whole(database)
    assert lead["id"]


def test_the_office_sees_its_own_promise_about_what_was_merged_in(
    callers, proposal, lead, database
):
    rows = callers["auditor"].get(f"{V1}/proposals?limit=9").get_json()["items"]
    row = next(one for one in rows if one["recommendation_count"])
    merged = f"{V1}/proposals/{row['id']}"
    took(decide(callers, merged, "merged", into="D002-P04"))
    version = callers["registrar"].get(merged).get_json()["version"]
    took(callers["registrar"].patch(merged, {"publication": "internal"}, version))
    content = body(callers, proposal)
    more = body(callers, merged)["points"]
    more[0]["promise"] = {"text": "明年启动"}
    content["points"] += more
    took(draft(callers["industry"], lead, content))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    took(move(callers["head"], lead, 1, "published"))
    [promise] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    assert promise["recommendation"]["reference"] == more[0]["recommendation"]
    public = callers["data"].client.get(f"{V1}/assignments/{lead['id']}/replies/1").get_json()
    shown = {point["recommendation"]["reference"] for point in public["points"]}
    assert shown == {point["recommendation"] for point in content["points"]} - {
        point["recommendation"] for point in more
    }
    assert callers["data"].client.get(f"{V1}/commitments").get_json()["items"] == []
    number = database.read(lambda s: s.scalar(sa.select(sa.func.count(Proposal.id))))
    assert number == 73
    whole(database)
