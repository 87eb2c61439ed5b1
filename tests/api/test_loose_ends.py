"""Whatever happens on the way, somebody can go on, and sees what nobody else sees to."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts.rules.operation_access import ACCESS
from app.core.codes import TaskKind
from app.handling.assignments.services.context import Work
from app.handling.worklists.rules import SETTLED_BY
from app.handling.worklists.services import tick
from app.models import Proposal, Task
from app.register.people.queries.reference_data import read_book
from app.register.recommendations.services.state_tasks import sync_all_tasks
from tests.support.casework import V1, dispatch, step, to, took, version_of, waiting, whole
from tests.support.factories import DATA, INDUSTRY, PARK, find
from tests.support.filing import decide, state
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, send

pytestmark = pytest.mark.usefixtures("today")

FINANCE = "zhengzhou-finance"


def desk(caller, name):
    """Return what lies on a desk: kind and steps of each item."""
    items = caller.get(f"{V1}/me/worklist?desk={name}").get_json()["items"]
    return [(item["kind"], [step["to"] for step in item["next_steps"]]) for item in items]


def answer_one(callers, assignment, points, who=("industry", "head")):
    """Receive *assignment*, and send a reply that has these *points*."""
    editor, head = who
    took(step(callers[editor], assignment, "received"))
    took(draft(callers[editor], assignment, {"text": "答复", "points": points}))
    took(move(callers["dispatcher"], assignment, 1, "checked"))
    took(move(callers[head], assignment, 1, "sent", **SENT))


# -- objections, withdrawals, and who comes instead ------------------------------------------------


def test_who_is_only_informed_has_nothing_to_object_to(callers, proposal, database):
    informed = dispatch(callers, proposal, DATA, "for_information")
    seen = assignment_of(callers["data"], informed)
    assert [s["to"] for s in seen["allowed_steps"]] == ["received"]
    told(step(callers["data"], informed, "objection_pending", reason="与我局无关"), 409)
    took(step(callers["data"], informed, "received"))
    whole(database)


def test_nothing_moves_once_the_proposal_ended(callers, proposal, lead, database):
    below = {"office": DATA, "role": "for_information", "parent": lead["reference"]}
    under = took(callers["head"].post(f"{proposal}/assignments", below))
    send(callers, lead, proposal)
    took(rate(callers, lead, proposal))
    took(decide(callers, proposal, "closed"))
    told(step(callers["data"], under, "received"), 409)
    seen = assignment_of(callers["data"], under)
    assert (seen["allowed_steps"], waiting(seen)) == ([], {})
    whole(database)


def test_no_other_office_is_looked_for_after_all(callers, proposal, lead, database):
    joint = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["data"], joint, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], joint, "returned"))
    send(callers, lead, proposal)
    took(rate(callers, lead, proposal))
    assert state(callers, proposal) == "in_progress"
    assert ("redispatch", ["withdrawn"]) in desk(callers["dispatcher"], "dispatchers")
    told(step(callers["dispatcher"], joint, "withdrawn"), 422, "reason")
    gone = took(step(callers["dispatcher"], joint, "withdrawn", reason="由主办单位一并办理"))
    assert (gone["state"], waiting(gone)) == ("withdrawn", {})
    assert state(callers, proposal) == "evaluated"
    whole(database)


def test_somebody_has_to_answer(callers, proposal, lead, database):
    gone = took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    assert waiting(gone) == {"redispatch": None}
    assert desk(callers["dispatcher"], "dispatchers") == [("redispatch", [])]
    dispatch(callers, proposal, DATA)
    assert desk(callers["dispatcher"], "dispatchers") == []
    whole(database)


def test_what_nobody_else_answers_is_not_left_to_nobody(callers, proposal, database):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], made, "returned"))
    told(step(callers["dispatcher"], made, "withdrawn", reason="不再改办"), 422, "to")
    told(step(callers["dispatcher"], made, "upheld", reason="仍由你局办理"), 409)
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert waiting(assignment_of(callers["auditor"], made)) == {}
    whole(database)


def test_a_withdrawn_proposal_looks_for_nobody(callers, proposal, lead, database):
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert [t["kind"] for t in assignment_of(callers["auditor"], lead)["tasks"]] == [
        "receive", "objection", "reply",
    ]  # fmt: skip
    whole(database)


def test_what_was_returned_is_not_found_by_another_branch(callers, proposal, lead, database):
    path = f"{proposal}/assignments"
    below = {"office": DATA, "role": "sole", "parent": lead["reference"]}
    under = took(callers["head"].post(path, below))
    took(step(callers["data"], under, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], under, "returned"))
    dispatch(callers, proposal, FINANCE, "separate")
    assert "redispatch" in waiting(assignment_of(callers["auditor"], under))
    took(callers["head"].post(path, {**below, "office": "zhengzhou-government"}))
    assert waiting(assignment_of(callers["auditor"], under)) == {}
    whole(database)


def test_what_ends_ends_with_what_its_office_asked_for(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], made, "extensions", asked))
    gone = took(step(callers["dispatcher"], made, "withdrawn", reason="改由他局"))
    assert [extension["state"] for extension in gone["extensions"]] == ["dropped"]
    told(to(callers["dispatcher"], made, "extensions/decision", {"decision": "grant"}), 422)
    whole(database)


def test_who_gave_it_back_meets_nobody_about_it_any_more(callers, proposal, today):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], made, "returned"))
    today["day"] = date(2026, 3, 5)
    contacts = f"{V1}/assignments/{made['id']}/contacts"
    told(callers["industry"].post(contacts, {"channel": "meeting", "note": "面商"}), 422, "on")
    late = {"channel": "phone", "note": "补录", "on": "2026-03-02"}
    took(callers["industry"].post(contacts, late))


# -- days ------------------------------------------------------------------------------------------


def test_nothing_is_decided_before_it_was_asked(callers, proposal, today, database):
    made = dispatch(callers, proposal)
    today["day"] = date(2026, 3, 12)
    took(step(callers["industry"], made, "objection_pending", reason="不属本局职责"))
    told(step(callers["dispatcher"], made, "returned", on="2026-03-11"), 422, "on")
    took(step(callers["dispatcher"], made, "returned", on="2026-03-12"))
    path = f"{proposal}/assignments"
    early = {"office": DATA, "role": "lead", "on": "2026-03-11"}
    told(callers["dispatcher"].post(path, early), 422, "on")
    dispatch(callers, proposal, DATA, on="2026-03-12")
    whole(database)


def test_more_time_is_asked_for_before_it_is_over(callers, proposal, lead, today, database):
    today["day"] = date(2026, 7, 20)
    late = {"extended_to": "2026-07-31", "reason": "涉及面广"}
    told(to(callers["industry"], lead, "extensions", late), 409)
    told(to(callers["industry"], lead, "extensions", {**late, "on": "2026-01-05"}), 422, "on")
    told(to(callers["industry"], lead, "extensions", {**late, "on": "2026-07-21"}), 422, "on")
    over = {**late, "extended_to": "2026-07-19", "on": "2026-05-29"}
    told(to(callers["industry"], lead, "extensions", over), 422, "extended_to")
    noted = took(to(callers["industry"], lead, "extensions", {**late, "on": "2026-05-29"}))
    assert noted["extensions"][0]["asked_on"] == "2026-05-29"
    assert waiting(noted)["reply"] == "2026-06-02"  # entered late, so another decides on it
    granted = to(callers["dispatcher"], lead, "extensions/decision", {"decision": "grant"})
    assert waiting(took(granted))["reply"] == "2026-07-31"
    whole(database)


def test_a_clock_stands_still_for_some_days(callers, proposal, lead, client, database):
    still = {"first": "2026-03-10", "last": "2026-03-19", "reason": "等待代表补充材料"}
    told(to(callers["industry"], lead, "pauses", still), 403)
    dispatcher = callers["dispatcher"]
    told(to(dispatcher, lead, "pauses", {**still, "last": "2026-03-09"}), 422, "last")
    told(to(dispatcher, lead, "pauses", {**still, "last": "2036-04-01"}), 422, "last")
    told(to(dispatcher, lead, "pauses", {**still, "first": "2026-03-02"}), 422, "first")
    late = {**still, "first": "2026-06-03", "last": "2026-06-04"}
    told(to(dispatcher, lead, "pauses", late), 422, "first")
    paused = took(to(dispatcher, lead, "pauses", still))
    reply = next(task for task in paused["tasks"] if task["kind"] == "reply")
    assert reply["due_on"] == reply["original_due_on"] == "2026-06-12"
    line = "2026-03-10至2026-03-19中止计时（10日）"
    assert [row["zh"] for row in reply["explanation"] if row["step"] == "paused"] == [
        f"{line}：等待代表补充材料"
    ]
    outside = client.get(f"{V1}/assignments/{lead['id']}").text
    assert (line in outside, "补充材料" in outside) == (True, False)
    whole(database)


# -- dispatching on --------------------------------------------------------------------------------


def test_an_office_hands_on_only_what_it_was_given(callers, proposal, database):
    made = dispatch(callers, proposal, INDUSTRY, "sole", recommendation=PARK)
    path, parent = f"{proposal}/assignments", {"parent": made["reference"]}
    others = [point["recommendation"] for point in body(callers, proposal)["points"]]
    other = next(name for name in others if name != PARK)
    wrong = {"office": DATA, "role": "lead", **parent, "recommendation": other}
    told(callers["head"].post(path, wrong), 422, "recommendation")
    whole_of_it = {"office": DATA, "role": "lead", **parent}
    told(callers["head"].post(path, whole_of_it), 422, "recommendation")
    own = {"office": INDUSTRY, "role": "joint", **parent, "recommendation": PARK}
    told(callers["head"].post(path, own), 422, "office")
    took(callers["head"].post(path, {**own, "office": DATA}))
    informed = dispatch(callers, proposal, "zhengzhou-government", "for_information")
    on = {"office": INDUSTRY, "role": "sole", "parent": informed["reference"]}
    told(callers["government"].post(path, on), 422, "parent")
    whole(database)


def test_what_offices_cannot_see_is_not_given_to_them(callers, proposal):
    registrar = callers["registrar"]
    version = version_of(registrar, proposal)
    took(registrar.patch(proposal, {"publication": "restricted"}, version))
    given = {"office": INDUSTRY, "role": "lead"}
    told(registrar.post(f"{proposal}/assignments", given), 422, "office")


# -- what is left out ------------------------------------------------------------------------------


def to_dispatch(callers):
    """Return what waits for a dispatch."""
    kinds = [kind for kind, _ in desk(callers["dispatcher"], "dispatchers")]
    return [kind for kind in kinds if kind in ("dispatch", "redispatch")]


def test_what_no_office_answered_lies_on_the_dispatchers_desk(callers, proposal, database):
    first = dispatch(callers, proposal, INDUSTRY, "separate")
    second = dispatch(callers, proposal, DATA, "separate")
    points = body(callers, proposal)["points"]
    answer_one(callers, first, points[:1])
    assert to_dispatch(callers) == []
    answer_one(callers, second, points[1:2], ("data", "data_head"))
    assert state(callers, proposal) == "in_progress"
    assert to_dispatch(callers) == ["dispatch"]
    whole(database)
    third = dispatch(callers, proposal, FINANCE, "separate")
    assert to_dispatch(callers) == []
    took(step(callers["dispatcher"], third, "withdrawn", reason="由主办单位一并答复"))
    assert to_dispatch(callers) == ["dispatch"]
    took(draft(callers["industry"], first, {"text": "答复", "points": points}))
    took(move(callers["dispatcher"], first, 2, "checked"))
    took(move(callers["head"], first, 2, "sent", **SENT))
    assert state(callers, proposal) == "replied"
    assert to_dispatch(callers) == []
    whole(database)


def test_one_recommendation_is_not_the_whole_proposal(callers, proposal, database):
    made = dispatch(callers, proposal, INDUSTRY, "sole", recommendation=PARK)
    points = body(callers, proposal)["points"]
    answer_one(callers, made, [p for p in points if p["recommendation"] == PARK])
    took(rate(callers, made, proposal))
    assert state(callers, proposal) == "in_progress"
    told(decide(callers, proposal, "closed"), 409)
    assert to_dispatch(callers) == ["dispatch"]
    rest = dispatch(callers, proposal, DATA, "lead")
    answer_one(callers, rest, [p for p in points if p["recommendation"] != PARK],
               ("data", "data_head"))  # fmt: skip
    assert state(callers, proposal) == "replied"
    whole(database)


def test_what_was_merged_is_reviewed_again_when_nothing_answers_it(callers, proposal, database):
    rows = callers["auditor"].get(f"{V1}/proposals?limit=9").get_json()["items"]
    merged = f"{V1}/proposals/{rows[0]['id']}"
    took(decide(callers, merged, "merged", into="D002-P04"))
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    seen = callers["registrar"].get(merged).get_json()
    assert (seen["handling_state"], seen["merged_into"]) == ("under_review", None)
    assert [task["kind"] for task in seen["tasks"] if not task["ended_on"]] == ["review"]
    assert "filed" in {step["to"] for step in seen["allowed_steps"]}
    whole(database)


# -- promises --------------------------------------------------------------------------------------


def test_a_promise_that_a_later_letter_passes_over_is_still_owed(callers, proposal, lead, database):
    send(callers, lead, proposal, promise={"text": "六月底前开工", "on": "2026-06-30"})
    send(callers, lead, proposal, number=2)
    [row] = callers["auditor"].get(f"{V1}/commitments").get_json()["items"]
    assert (row["state"], row["ended_on"]) == ("open", None)
    assert "keep_promise" in [kind for kind, _ in desk(callers["industry"], "office")]
    whole(database)


def test_who_promised_can_keep_it_whoever_has_the_case(callers, proposal, lead, today, database):
    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"publication": "internal"}, version_of(registrar, proposal)))
    send(callers, lead, proposal, promise={"text": "六月底前开工", "on": "2026-06-30"})
    took(rate(callers, lead, proposal, result="dissatisfied"))
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    [row] = callers["auditor"].get(f"{V1}/commitments").get_json()["items"]
    path = f"{V1}/commitments/{row['id']}"
    assert callers["data"].get(path).status_code == 404
    kept = {"to": "kept", "evidence": [{"title": "开工令", "url": "https://example.org/1"}]}
    took(callers["industry"].post(f"{path}/transitions", kept, row["version"]))
    whole(database)


def test_a_milestone_lies_after_the_promise(callers, proposal, lead):
    send(callers, lead, proposal, promise={"text": "六月底前开工", "on": "2026-06-30"})
    [row] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    path = f"{V1}/commitments/{row['id']}/milestones"
    early = {"text": "立项", "due_on": "2026-03-01"}
    told(callers["industry"].post(path, early, row["version"]), 422, "due_on")


# -- what outsiders see ----------------------------------------------------------------------------


def test_the_words_of_a_request_for_more_time_stay_inside(callers, proposal, client, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    asked = {"extended_to": "2026-07-01", "reason": "内部原因勿外传"}
    took(to(callers["industry"], made, "extensions", asked))
    granted = {"decision": "grant", "note": "内部批示"}
    took(to(callers["dispatcher"], made, "extensions/decision", granted))
    path = f"{V1}/assignments/{made['id']}"
    for text in (client.get(path).text, callers["data"].get(path).text):
        assert "内部" not in text
        assert "延期至 2026-07-01" in text
    assert "内部批示" in callers["industry"].get(path).text


def test_a_draft_leaves_no_trace_outside(callers, proposal, client, lead):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    path = f"{V1}/assignments/{lead['id']}"
    kinds = {task["kind"] for task in client.get(path).get_json()["tasks"]}
    assert kinds == {"receive", "objection", "reply"}
    assert "check_reply" in waiting(callers["industry"].get(path).get_json())


# -- what lies on the desks ------------------------------------------------------------------------


def test_what_was_deferred_waits_for_the_day_to_look_again(callers, today, database):
    row = find(callers["industry"])
    path = f"{V1}/recommendations/{row['id']}"
    office = {"office": INDUSTRY, "role": "lead", "due_on": "2026-04-01"}
    version = took(callers["industry"].post(f"{path}/offices", office, row["version"]))["version"]
    later = {
        "axis": "progress", "to": "deferred", "reason": "待规划批复", "review_on": "2027-01-04",
    }  # fmt: skip
    took(callers["head"].post(f"{path}/transitions", later, version))
    [item] = callers["industry"].get(f"{V1}/me/worklist").get_json()["items"]
    assert (item["kind"], item["due_on"]) == ("implement", "2027-01-04")
    whole(database)
    database.write(lambda s: s.execute(sa.update(Task).values(due_on=date(2026, 4, 1))))
    assert database.write(sync_all_tasks) == 1  # as a register of an earlier release has it


def test_a_task_names_what_settles_it(callers, proposal, lead, database):
    kinds = dict(settled(callers["industry"], "office"))
    assert kinds == {
        "reply": ["draftReply", "logContact", "askExtension"],
        "implement": ["moveRecommendation", "addReport"],
    }
    took(draft(callers["industry"], lead, body(callers, proposal)))
    assert settled(callers["dispatcher"], "dispatchers") == [("check_reply", ["moveReply"])]
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    assert settled(callers["dispatcher"], "dispatchers") == [("redispatch", ["dispatchProposal"])]


def settled(caller, name):
    items = caller.get(f"{V1}/me/worklist?desk={name}").get_json()["items"]
    return [(item["kind"], item["operations"]) for item in items]


def test_every_kind_of_task_names_operations_that_there_are():
    assert set(SETTLED_BY) == set(TaskKind) - {TaskKind.OBJECTION}
    assert all(ACCESS[name].permissions for names in SETTLED_BY.values() for name in names)


def test_supervisors_hear_of_what_is_late_in_a_key_proposal(
    callers, proposal, lead, today, database
):
    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"is_key": True}, version_of(registrar, proposal)))
    today["day"] = date(2026, 6, 3)
    database.write(lambda s: tick(Work(s, read_book(s), today["day"])))
    told_to = {
        name: {
            (notice["point"], notice["urgency"])
            for notice in callers[name].get(f"{V1}/me/inbox").get_json()["items"]
        }
        for name in ("industry", "dispatcher", "supervisor")
    }
    assert told_to["supervisor"] == {("overdue", "red")}
    assert ("overdue", "red") in told_to["industry"] & told_to["dispatcher"]
    whole(database)


def test_no_reminder_is_left_of_what_ended(callers, proposal, lead, today, database):
    informed = dispatch(callers, proposal, DATA, "for_information")
    took(step(callers["dispatcher"], informed, "withdrawn", reason="无需参阅"))
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    later = date(2026, 12, 3)
    assert database.write(lambda s: tick(Work(s, read_book(s), later))) == (0, 0)
    number = int(proposal.rpartition("/")[2])
    assert database.read(lambda s: s.get_one(Proposal, number).handling_state) == "withdrawn"
