"""Offices that give back what was dispatched to them, and who is looked for then."""

from datetime import date

import pytest

from tests.support.casework import V1, dispatch, step, took, waiting, whole
from tests.support.factories import DATA, INDUSTRY
from tests.support.filing import decide, state
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, send

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


FINANCE = "zhengzhou-finance"


def desk(caller, name):
    """Return what lies on a desk: kind and steps of each item."""
    items = caller.get(f"{V1}/me/worklist?desk={name}").get_json()["items"]
    return [(item["kind"], [step["to"] for step in item["next_steps"]]) for item in items]


def checked(callers, assignment, proposal, **more):
    """Draft the reply of the office of industry, and let it be checked."""
    took(draft(callers["industry"], assignment, body(callers, proposal, **more)))
    return took(move(callers["dispatcher"], assignment, 1, "checked"))


def test_who_is_only_informed_has_nothing_to_object_to(callers, proposal, database):
    informed = dispatch(callers, proposal, DATA, "for_information")
    seen = assignment_of(callers["data"], informed)
    assert [s["to"] for s in seen["allowed_steps"]] == ["received"]
    told(step(callers["data"], informed, "objection_pending", reason="与我局无关"), 409)
    took(step(callers["data"], informed, "received"))
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


def test_who_gave_it_back_meets_nobody_about_it_any_more(callers, proposal, today):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "objection_pending", reason="不属本局职责"))
    took(step(callers["dispatcher"], made, "returned"))
    today["day"] = date(2026, 3, 5)
    contacts = f"{V1}/assignments/{made['id']}/contacts"
    told(callers["industry"].post(contacts, {"channel": "meeting", "note": "面商"}), 422, "on")
    late = {"channel": "phone", "note": "补录", "on": "2026-03-02"}
    took(callers["industry"].post(contacts, late))


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
