"""How handling ends: withdrawal, closing, and what is left waiting of it."""

from datetime import date

import pytest

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.models import Proposal
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, step, to, took, waiting, whole
from tests.support.commitments import one as promise_of
from tests.support.drafts import content, enter
from tests.support.drafts import move as file
from tests.support.factories import DATA, INDUSTRY
from tests.support.filing import decide
from tests.support.problems import told
from tests.support.replies import assignment_of, body, draft, move, rate, send

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


@pytest.fixture
def promise(callers, proposal, lead):
    given = {"text": "六月底前开工建设产业园", "on": "2026-06-30"}
    send(callers, lead, proposal, promise=given)
    [row] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    return row


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


def test_nothing_is_owed_to_who_asks_no_more(callers, proposal, lead, promise, pass_on, database):
    took(rate(callers, lead, proposal, result="dissatisfied"))
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert promise_of(callers["auditor"], promise)["state"] == "withdrawn"
    pass_on(date(2026, 7, 1))
    assert callers["supervisor"].get(f"{V1}/me/inbox").get_json()["items"] == []
    whole(database)


def test_what_was_withdrawn_is_submitted_again(callers, people, database):
    first = enter(callers, content(people[:1]))
    took(file(callers, first, "withdrawn", reason="提案人撤回"))
    again = enter(callers, content(people[:1]))
    assert again["reference"] == "N2026-0001-P02"
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


def test_a_withdrawn_proposal_looks_for_nobody(callers, proposal, lead, database):
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert [t["kind"] for t in assignment_of(callers["auditor"], lead)["tasks"]] == [
        "receive", "objection", "reply",
    ]  # fmt: skip
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


def test_no_reminder_is_left_of_what_ended(callers, proposal, lead, today, database):
    informed = dispatch(callers, proposal, DATA, "for_information")
    took(step(callers["dispatcher"], informed, "withdrawn", reason="无需参阅"))
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    later = date(2026, 12, 3)
    assert database.write(lambda s: tick(Work(s, read_book(s), later))) == (0, 0)
    number = int(proposal.rpartition("/")[2])
    assert database.read(lambda s: s.get_one(Proposal, number).handling_state) == "withdrawn"


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
