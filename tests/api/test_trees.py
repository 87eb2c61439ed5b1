"""An office that dispatches on decides what comes back to it, as dispatchers do elsewhere."""

from datetime import date

import pytest

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, step, to, took, waiting, whole
from tests.support.factories import DATA
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]

GIVEN_BACK = "不属本局职责"


@pytest.fixture
def under(callers, proposal, lead):
    """Let the head of that office dispatch it on to the data office."""
    below = {"office": DATA, "role": "lead", "parent": lead["reference"]}
    return took(callers["head"].post(f"{proposal}/assignments", below))


def desk(caller, **filters):
    """Return what lies on the own desk: kind, office of the assignment, steps."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    items = caller.get(f"{V1}/me/worklist?{query}").get_json()["items"]
    return [
        (
            item["kind"],
            (item["assignment_office"] or {}).get("slug"),
            [step["to"] for step in item["next_steps"]],
        )
        for item in items
    ]


def test_an_objection_goes_to_who_dispatched_it_on(callers, lead, under, database):
    took(step(callers["data"], under, "objection_pending", reason=GIVEN_BACK))
    decide = ("decide_objection", DATA, ["upheld", "returned", "withdrawn"])
    assert desk(callers["head"], kind="decide_objection") == [decide]
    assert desk(callers["dispatcher"], kind="decide_objection") == []
    told(step(callers["industry"], under, "returned"), 403)
    told(step(callers["data_head"], under, "upheld", reason="仍由你局办理"), 403)
    seen = assignment_of(callers["head"], under)
    assert seen["objection"] == GIVEN_BACK
    assert {s["to"] for s in seen["allowed_steps"]} == {"upheld", "returned", "withdrawn"}
    back = took(step(callers["head"], under, "returned"))
    assert "redispatch" in waiting(back)
    assert [kind for kind, _, _ in desk(callers["head"], kind="redispatch")] == ["redispatch"]
    whole(database)


def test_dispatchers_may_decide_it_all_the_same(callers, lead, under, database):
    took(step(callers["data"], under, "objection_pending", reason=GIVEN_BACK))
    took(step(callers["dispatcher"], under, "upheld", reason="仍由你局办理"))
    assert desk(callers["head"], kind="decide_objection") == []
    whole(database)


def test_what_waits_too_long_is_told_to_both(callers, lead, under, today, database):
    took(step(callers["data"], under, "objection_pending", reason=GIVEN_BACK))
    today["day"] = date(2026, 3, 6)
    database.write(lambda s: tick(Work(s, read_book(s), today["day"])))
    for caller in ("head", "dispatcher"):
        notices = callers[caller].get(f"{V1}/me/inbox").get_json()["items"]
        assert "undecided" in [notice["point"] for notice in notices], caller
    whole(database)


def test_it_checks_what_it_is_answered_and_answers_after_that(
    callers, proposal, lead, under, database
):
    took(step(callers["data"], under, "received"))
    took(draft(callers["data"], under, body(callers, proposal)))
    checks = desk(callers["head"], kind="check_reply")
    assert [(kind, office) for kind, office, _ in checks] == [("check_reply", DATA)]
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    answer = told(move(callers["head"], lead, 1, "sent", **SENT), 409)
    assert "数据" in answer["detail"] or "ata" in answer["detail"]
    took(move(callers["head"], under, 1, "checked"))
    took(move(callers["data_head"], under, 1, "sent", **SENT))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    whole(database)


def test_it_answers_without_what_it_withdrew(callers, proposal, lead, under, database):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(step(callers["head"], under, "withdrawn", reason="本局直接答复"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    whole(database)


def test_it_decides_on_more_time(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    below = {"office": DATA, "role": "lead", "parent": made["reference"]}
    under = took(callers["head"].post(f"{proposal}/assignments", below))
    took(step(callers["data"], under, "received"))
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["data"], under, "extensions", asked))
    grant = {"decision": "grant"}
    told(to(callers["data_head"], under, "extensions/decision", grant), 403)
    told(to(callers["industry"], under, "extensions/decision", grant), 403)
    granted = took(to(callers["head"], under, "extensions/decision", grant))
    assert waiting(granted)["reply"] == "2026-07-01"
    whole(database)
