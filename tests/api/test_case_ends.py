"""Cases that take an unusual turn: handled again by another, merged, paused, entered late."""

from datetime import date, timedelta

import pytest

from tests.support.casework import TODAY, V1, dispatch, step, to, took, version_of, waiting, whole
from tests.support.commitments import one as promise_of
from tests.support.commitments import to as about
from tests.support.drafts import TEXT, content, enter, filed
from tests.support.drafts import move as file
from tests.support.drafts import one as path_of
from tests.support.factories import DATA, INDUSTRY, PARK
from tests.support.filing import decide, state
from tests.support.papers import PDF
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, reply_of, send

pytestmark = pytest.mark.usefixtures("today")

FINANCE = "zhengzhou-finance"
EVIDENCE = [{"title": "开工报告", "url": "https://example.org/start"}]


def desk(caller, name, **filters):
    query = "&".join(f"{n}={v}" for n, v in {"desk": name, **filters}.items())
    return caller.get(f"{V1}/me/worklist?{query}").get_json()["items"]


def kinds(caller, name):
    return [item["kind"] for item in desk(caller, name)]


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


# -- what is not public, or not at all ----------------------------------------------------------


def test_nothing_is_shown_of_what_was_merged_and_is_not_public(
    callers,
    people,
    proposal,
    lead,
    client,
    database,
):
    hidden = enter(callers, content(people[:1]))
    filed(callers, hidden)
    took(file(callers, hidden, "merged", into="D002-P04"))
    name = hidden["recommendations"][0]["reference"]
    given = dispatch(callers, proposal, FINANCE, "separate", recommendation=name)
    path = f"{V1}/assignments/{given['id']}"
    told(client.get(path), 404)
    assert name not in client.get(f"{proposal}/assignments").text
    assert name in callers["auditor"].get(f"{proposal}/assignments").text
    took(edit(callers, path_of(hidden), publication="published"))
    assert client.get(path).get_json()["recommendation"]["reference"] == name
    whole(database)


def test_what_is_restricted_is_not_merged_into_what_offices_see(callers, people, lead):
    secret = enter(callers, content(people[:1]))
    filed(callers, secret)
    took(edit(callers, path_of(secret), publication="restricted"))
    told(file(callers, secret, "merged", into="D002-P04"), 422, "into")


def test_who_watches_over_a_key_proposal_sees_it_and_hears_of_it(
    callers, proposal, lead, pass_on, client, database
):
    took(edit(callers, proposal, publication="internal"))
    told(callers["government"].get(proposal), 404)
    took(edit(callers, proposal, is_key=True, supervisor="zhengzhou-government"))
    assert callers["government"].get(proposal).status_code == 200
    found = callers["government"].get(f"{V1}/proposals?supervisor=zhengzhou-government").get_json()
    assert [row["reference"] for row in found["items"]] == ["D002-P04"]
    told(client.get(f"{V1}/proposals?supervisor=nobody"), 422, "supervisor")
    pass_on(date(2026, 6, 3))
    notices = callers["government"].get(f"{V1}/me/inbox").get_json()["items"]
    assert [(n["point"], n["urgency"]) for n in notices] == [("overdue", "red")]
    took(edit(callers, proposal, supervisor=None))
    assert callers["government"].get(f"{V1}/me/inbox").get_json()["items"] == []
    whole(database)


def test_an_office_reads_no_more_of_what_it_lost(callers, proposal, lead, pass_on, database):
    took(edit(callers, proposal, publication="internal"))
    pass_on(date(2026, 6, 3))
    assert callers["industry"].get(f"{V1}/me/inbox").get_json()["items"]
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    assert callers["industry"].get(f"{V1}/me/inbox").get_json()["items"] == []
    whole(database)


# -- dispatched, in parts ------------------------------------------------------------------------


def test_who_is_only_informed_does_not_end_the_dispatch(callers, people, database):
    case = enter(callers, content(people[:1]))
    filed(callers, case)
    path, names = path_of(case), [row["reference"] for row in case["recommendations"]]
    dispatch(callers, path, FINANCE, "for_information")
    assert state(callers, path) == "dispatched"
    assert kinds(callers["dispatcher"], "dispatchers") == ["dispatch"]
    dispatch(callers, path, INDUSTRY, "lead", recommendation=names[0])
    assert kinds(callers["dispatcher"], "dispatchers") == ["dispatch"]
    back = dispatch(callers, path, DATA, "lead", recommendation=names[1])
    assert kinds(callers["dispatcher"], "dispatchers") == []
    took(step(callers["data"], back, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], back, "returned"))
    assert kinds(callers["dispatcher"], "dispatchers") == ["redispatch"]
    whole(database)


def test_nothing_is_dispatched_before_it_was_submitted(callers, people):
    case = enter(callers, content(people[:1]))
    filed(callers, case)
    early = {"office": INDUSTRY, "role": "lead", "on": "2019-01-02"}
    told(callers["dispatcher"].post(f"{path_of(case)}/assignments", early), 422, "on")


def test_a_fixed_day_that_has_passed_gives_the_time_of_a_recess(callers, proposal, today):
    today["day"] = date(2026, 5, 6)
    made = dispatch(callers, proposal, profile="city-fixed-dates")
    took(step(callers["industry"], made, "objection_pending", reason="不属本局职责"))
    today["day"] = date(2026, 7, 1)
    took(step(callers["dispatcher"], made, "returned"))
    again = dispatch(callers, proposal, DATA)
    again = took(step(callers["data"], again, "received"))
    assert waiting(again)["reply"] == "2026-10-08"  # three months, moved on over the holiday


# -- handled again -------------------------------------------------------------------------------


def test_another_office_handles_it_again(callers, proposal, lead, database):
    other = dispatch(callers, proposal, DATA, "separate")
    took(step(callers["data"], other, "received"))
    took(draft(callers["data"], other, body(callers, proposal)))
    took(move(callers["dispatcher"], other, 1, "checked"))
    took(move(callers["data_head"], other, 1, "sent", **SENT))
    send(callers, lead, proposal)
    took(rate(callers, lead, proposal, result="dissatisfied"))
    assert state(callers, proposal) == "reprocessing"
    took(step(callers["dispatcher"], lead, "withdrawn", reason="换单位办理"))
    assert state(callers, proposal) == "in_progress"
    assert "redispatch" in kinds(callers["dispatcher"], "dispatchers")
    dispatch(callers, proposal, FINANCE)
    assert "redispatch" not in kinds(callers["dispatcher"], "dispatchers")
    whole(database)


def test_what_is_handled_again_can_be_withdrawn_and_given_on(callers, proposal, lead, database):
    send(callers, lead, proposal)
    took(rate(callers, lead, proposal, result="dissatisfied"))
    assert state(callers, proposal) == "reprocessing"
    dispatch(callers, proposal, DATA, "joint")
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    whole(database)


def test_nothing_is_closed_that_is_to_be_assessed(callers, proposal, database):
    made = dispatch(callers, proposal, profile="qingdao-npc-2021")
    made = took(step(callers["industry"], made, "received"))
    send(callers, made, proposal)
    took(rate(callers, made, proposal, result="dissatisfied"))
    told(decide(callers, proposal, "closed", reason="办结"), 422, "to")
    leave = {"decision": "leave", "note": "答复属实"}
    took(to(callers["dispatcher"], made, "assessment", leave))
    took(decide(callers, proposal, "closed", reason="办结"))
    whole(database)


# -- clocks --------------------------------------------------------------------------------------

STILL = {"first": "2026-03-10", "last": "2026-05-31", "reason": "等待代表补充材料"}


def test_a_pause_moves_what_was_extended_before_it(callers, proposal, lead, database):
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], lead, "extensions", asked))
    paused = took(to(callers["dispatcher"], lead, "pauses", STILL))
    assert waiting(paused)["reply"] == "2026-09-22"  # 83 days later
    reply = next(task for task in paused["tasks"] if task["kind"] == "reply")
    assert "顺延至 2026-09-22（周二）" in reply["explanation"][-3]["zh"]
    more = {**asked, "extended_to": "2026-11-01"}
    took(to(callers["industry"], lead, "extensions", more))  # the longest limit stood still as well
    late = {**STILL, "first": "2026-10-01", "last": "2026-10-10"}
    assert waiting(took(to(callers["dispatcher"], lead, "pauses", late)))["reply"] == "2026-11-11"
    whole(database)


def test_a_request_that_a_pause_overtook_is_refused(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], made, "extensions", asked))
    moved = waiting(took(to(callers["dispatcher"], made, "pauses", STILL)))["reply"]
    assert moved > "2026-07-01"
    told(to(callers["dispatcher"], made, "extensions/decision", {"decision": "grant"}), 422,
         "decision")  # fmt: skip
    refused = {"decision": "refuse", "note": "期限已顺延"}
    now = took(to(callers["dispatcher"], made, "extensions/decision", refused))
    assert waiting(now)["reply"] == moved
    whole(database)


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


# -- replies -------------------------------------------------------------------------------------


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


# -- promises ------------------------------------------------------------------------------------


@pytest.fixture
def promise(callers, proposal, lead):
    given = {"text": "六月底前开工建设产业园", "on": "2026-06-30"}
    send(callers, lead, proposal, promise=given)
    [row] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    return row


def test_nothing_is_owed_to_who_asks_no_more(callers, proposal, lead, promise, pass_on, database):
    took(rate(callers, lead, proposal, result="dissatisfied"))
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert promise_of(callers["auditor"], promise)["state"] == "withdrawn"
    pass_on(date(2026, 7, 1))
    assert callers["supervisor"].get(f"{V1}/me/inbox").get_json()["items"] == []
    whole(database)


def test_what_is_kept_too_late_was_missed(callers, promise, today, database):
    today["day"] = date(2026, 7, 10)
    kept = took(
        about(callers["industry"], promise, "transitions", {"to": "kept", "evidence": EVIDENCE})
    )
    assert (kept["state"], kept["missed_on"]) == ("kept", "2026-07-01")
    whole(database)


def test_a_promise_is_rated_once_by_each(callers, proposal, promise, database):
    proposer = callers["auditor"].get(proposal).get_json()["proposers"][0]["slug"]
    form = {"kind": "rating", "text": "满意", "proposer": proposer, "rating": "satisfied"}
    took(about(callers["registrar"], promise, "remarks", form))
    told(about(callers["registrar"], promise, "remarks", form | {"rating": "dissatisfied"}), 409)
    whole(database)


def test_who_lost_the_case_proves_what_it_promised(callers, proposal, lead, promise, database):
    took(edit(callers, proposal, publication="internal"))
    took(rate(callers, lead, proposal, result="dissatisfied"))
    took(step(callers["dispatcher"], lead, "withdrawn", reason="换单位办理"))
    sent = callers["industry"].upload(f"{proposal}/files?filename=a.pdf", PDF)
    name = took(sent)["reference"]
    proof = {"to": "kept", "evidence": [{"title": "开工报告", "file": name}]}
    took(about(callers["industry"], promise, "transitions", proof))
    told(callers["industry"].get(proposal), 404)
    whole(database)


def test_a_later_letter_of_the_same_office_takes_the_place_of_its_promise(
    callers, proposal, lead, promise, database
):
    took(rate(callers, lead, proposal, result="dissatisfied"))
    took(step(callers["dispatcher"], lead, "withdrawn", reason="重新交办"))
    again = took(step(callers["industry"], dispatch(callers, proposal), "received"))
    send(callers, again, proposal, promise={"text": "九月底前开工", "on": "2026-09-30"})
    rows = callers["industry"].get(f"{V1}/commitments?recommendation={PARK}").get_json()["items"]
    assert [row["state"] for row in rows] == ["replaced", "open"]
    whole(database)


def test_a_check_that_finds_it_not_feasible_makes_no_promise(callers, proposal, lead, database):
    given = {"text": "六月底前开工", "on": "2026-06-30"}
    took(draft(callers["industry"], lead, body(callers, proposal, promise=given)))
    change = {"recommendation": PARK, "outcome": "not_feasible", "reason": "无用地指标"}
    took(move(callers["dispatcher"], lead, 1, "checked", labels=[change]))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    assert callers["industry"].get(f"{V1}/commitments").get_json()["items"] == []
    whole(database)


def test_what_is_planned_and_nobody_follows_goes_on_as_a_promise(callers, proposal, lead, database):
    given = {"text": "六月底前开工建设产业园", "on": "2026-06-30"}
    content_of = body(callers, proposal, promise=given)
    content_of["points"][1] |= {"outcome": "for_reference", "text": "留作参考"}
    took(draft(callers["industry"], lead, content_of))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    took(decide(callers, proposal, "closed", reason="反馈期已过"))
    rows = callers["industry"].get(f"{V1}/commitments?limit=200").get_json()["items"]
    asked = {point["recommendation"] for point in content_of["points"]}
    left_out = {content_of["points"][1]["recommendation"]} - {PARK}
    assert {row["recommendation"]["reference"] for row in rows} == asked - left_out
    undated = [row for row in rows if row["strength"] == "undated"]
    assert len(undated) == len(rows) - 1
    assert {row["text"] for row in undated} == {"已列入年度计划。"}
    owed = {i["kind"] for i in desk(callers["industry"], "office", limit=200)}
    assert owed >= {"keep_promise", "confirm"}
    whole(database)


def test_each_milestone_leaves_the_desk_by_itself(callers, promise, database):
    for text in ("选址", "可研"):
        step_of = {"text": text, "due_on": "2026-05-01"}
        took(about(callers["industry"], promise, "milestones", step_of))
    took(about(callers["industry"], promise, "milestones/2/completion", {"evidence": EVIDENCE}))
    left = [i for i in desk(callers["industry"], "office") if i["kind"] == "milestone"]
    assert [(i["milestone_number"], i["operations"]) for i in left] == [(1, ["reachMilestone"])]
    whole(database)


# -- texts and numbers ---------------------------------------------------------------------------


def test_several_submit_the_same_text(callers, people, client, database):
    first = enter(callers, content(people[:1]))
    told(callers["registrar"].post(f"{V1}/proposals", content(people[:1])), 409)
    second = enter(callers, content(people[1:2]))
    assert second["document"]["id"] == first["document"]["id"]
    filed(callers, first)
    filed(callers, second)
    took(file(callers, second, "merged", into=first["reference"]))
    took(edit(callers, path_of(first), publication="published"))
    text = f"{V1}/documents/{first['document']['id']}/text"
    assert client.get(text).data.decode() == TEXT
    assert client.get(path_of(second)).status_code == 404
    whole(database)


def test_what_was_withdrawn_is_submitted_again(callers, people, database):
    first = enter(callers, content(people[:1]))
    took(file(callers, first, "withdrawn", reason="提案人撤回"))
    again = enter(callers, content(people[:1]))
    assert again["reference"] == "N2026-0001-P02"
    whole(database)


def test_a_case_number_is_not_given_twice_by_a_correction(callers, people):
    numbered = [enter(callers, content(people[n : n + 1])) for n in (0, 1)]
    took(edit(callers, path_of(numbered[0]), case_no="2026-0001"))
    told(edit(callers, path_of(numbered[1]), case_no="2026-0001"), 409)


def test_who_signed_in_time_is_entered_later(callers, people, today, database):
    until = TODAY + timedelta(days=2)
    case = enter(callers, content(people, cosign_until=until.isoformat()))
    today["day"] = until + timedelta(days=1)
    paper = {"proposer": people[1], "paper": "联名回执"}
    path = f"{path_of(case)}/cosignatures"
    registrar = callers["registrar"]
    told(registrar.post(path, paper, version_of(registrar, path_of(case))), 409)
    signed = {**paper, "on": until.isoformat()}
    took(registrar.post(path, signed, version_of(registrar, path_of(case))))
    whole(database)


# -- what may be done next -----------------------------------------------------------------------


def test_each_next_step_names_the_operation_that_takes_it(callers, proposal, lead, database):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    [check] = [i for i in desk(callers["dispatcher"], "dispatchers") if i["kind"] == "check_reply"]
    steps = {(s["operation"], s["to"]) for s in check["next_steps"]}
    assert {("moveReply", "checked"), ("moveReply", "returned")} < steps
    assert ("moveAssignment", "withdrawn") in steps
    assert check["operations"] == ["moveReply"]
    assert check["reply"]["reference"] == f"{lead['reference']}-V1"
    assert check["assignment_reference"] == lead["reference"]
    one = f"{V1}/assignments/{lead['id']}/replies/1/transitions"
    took(callers["dispatcher"].post(one, {"to": "checked"}, check["version"]))
    [mine] = [i for i in desk(callers["head"], "office") if i["kind"] == "reply"]
    assert [s["to"] for s in mine["next_steps"] if s["operation"] == "moveReply"] == ["sent"]
    whole(database)


def test_a_step_of_a_recommendation_names_its_axis(callers, proposal):
    office = {"office": INDUSTRY, "role": "lead"}
    row = callers["industry"].get(f"{V1}/recommendations?reference={PARK}").get_json()["items"][0]
    path = f"{V1}/recommendations/{row['id']}"
    took(callers["industry"].post(f"{path}/offices", office, row["version"]))
    [item] = desk(callers["industry"], "office")
    first = item["next_steps"][0]
    body = {name: first[name] for name in ("axis", "to")}
    assert first["operation"] == "moveRecommendation"
    took(callers["industry"].post(f"{path}/transitions", body, item["version"]))
