"""Review, filing, merging, withdrawal and ending of proposals, and key proposals."""

import pytest

from app.core.codes import HandlingState
from app.core.rules.state_groups import ENDS
from app.handling.proposals import rules as filing
from app.models import Proposal
from tests.support.casework import V1, dispatch, step, took, version_of, waiting, whole
from tests.support.factories import DATA
from tests.support.filing import decide, state
from tests.support.problems import told
from tests.support.replies import SENT, body, draft, move, rate, send

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def submitted(database, callers):
    """Give the path of a proposal that waits for its review, as an import would bring it."""
    row = callers["auditor"].get(f"{V1}/proposals?reference=D000-P02").get_json()["items"][0]

    def put(session):
        session.get_one(Proposal, row["id"]).handling_state = "submitted"

    database.write(put)
    return f"{V1}/proposals/{row['id']}"


def test_a_proposal_is_reviewed_and_filed_under_a_number(callers, submitted, proposal):
    told(decide(callers, submitted, "filed"), 409)
    took(decide(callers, submitted, "under_review"))
    seen = callers["registrar"].get(submitted).get_json()
    assert {s["to"] for s in seen["allowed_steps"]} == {
        "filed", "not_filed", "returned_for_edit", "transferred", "merged", "withdrawn",
    }  # fmt: skip
    assert callers["dispatcher"].get(submitted).get_json()["allowed_steps"] == []
    told(decide(callers, submitted, "filed", who="dispatcher"), 403)
    filed = took(decide(callers, submitted, "filed", case_no="2026-0101"))
    assert (filed["handling_state"], filed["case_no"]) == ("filed", "2026-0101")


def test_what_holds_no_recommendation_is_filed_only_on_purpose(callers, submitted, database):
    lone = callers["auditor"].get(f"{V1}/proposals?reference=D000-P01").get_json()["items"][0]
    empty = f"{V1}/proposals/{lone['id']}"

    def put(session):
        session.get_one(Proposal, lone["id"]).handling_state = "under_review"

    database.write(put)
    flag = "without_recommendations"
    answer = decide(callers, empty, "filed")
    told(answer, 422, flag)
    assert "no recommendation of this proposal is registered" in answer.text
    told(decide(callers, empty, "filed", without_recommendations=False), 422, flag)
    told(
        decide(callers, empty, "transferred", reason="来信", without_recommendations=True),
        422,
        flag,
    )
    took(decide(callers, submitted, "under_review"))
    answer = decide(callers, submitted, "filed", without_recommendations=True)
    told(answer, 422, flag)
    assert "this step does not take it" in answer.text
    assert state(callers, empty) == state(callers, submitted) == "under_review"
    filed = took(decide(callers, empty, "filed", without_recommendations=True))
    assert filed["handling_state"] == "filed"


def test_what_is_not_filed_says_for_which_reason(callers, submitted):
    took(decide(callers, submitted, "under_review"))
    told(decide(callers, submitted, "not_filed"), 422, "reason_code")
    told(decide(callers, submitted, "not_filed", reason_code="dull"), 422, "reason_code")
    told(decide(callers, submitted, "not_filed", reason_code="other"), 422, "reason")
    told(decide(callers, submitted, "filed", reason_code="empty"), 422, "reason_code")
    gone = took(decide(callers, submitted, "not_filed", reason_code="outside_powers"))
    assert (gone["handling_state"], gone["not_filed_reason"]) == ("not_filed", "outside_powers")
    told(decide(callers, submitted, "filed"), 409)


def test_what_is_returned_comes_again(callers, submitted):
    took(decide(callers, submitted, "under_review"))
    told(decide(callers, submitted, "returned_for_edit"), 422, "reason")
    took(decide(callers, submitted, "returned_for_edit", reason="请写明具体建议"))
    took(decide(callers, submitted, "submitted"))
    took(decide(callers, submitted, "under_review"))
    told(decide(callers, submitted, "transferred", into="D000-P02"), 422, "into")
    took(decide(callers, submitted, "transferred", reason="转为社情民意"))
    assert state(callers, submitted) == "transferred"


def test_a_case_number_is_given_once_in_the_series_of_its_kind(callers, database, submitted):
    number = int(submitted.rpartition("/")[2])
    other = callers["auditor"].get(f"{V1}/proposals?limit=3").get_json()["items"][2]

    def same(session):
        known, own = (session.get_one(Proposal, n) for n in (other["id"], number))
        known.case_no, known.kind = "2026-0101", own.kind
        own.session_id = known.session_id

    database.write(same)
    took(decide(callers, submitted, "under_review"))
    told(decide(callers, submitted, "filed", case_no="2026-0101"), 409)
    took(decide(callers, submitted, "filed", case_no="2026-0102"))


def test_the_proposers_of_what_is_merged_are_answered_too(callers, proposal, database):
    rows = callers["auditor"].get(f"{V1}/proposals?limit=9").get_json()["items"]
    row = next(one for one in rows if one["recommendation_count"])
    merged = f"{V1}/proposals/{row['id']}"
    told(decide(callers, merged, "merged"), 422, "into")
    told(decide(callers, merged, "merged", into="D999-P01"), 422, "into")
    told(decide(callers, merged, "merged", into=row["reference"]), 422, "into")
    shown = took(decide(callers, merged, "merged", into="D002-P04"))
    assert shown["merged_into"]["reference"] == "D002-P04"
    both = callers["auditor"].get(proposal).get_json()
    assert [one["reference"] for one in both["merged"]] == [row["reference"]]
    told(callers["dispatcher"].post(f"{merged}/assignments", {"office": DATA, "role": "lead"}), 409)
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "received"))
    content = body(callers, proposal)
    told(draft(callers["industry"], made, content), 422, "points")
    content["points"] += body(callers, merged)["points"]
    took(draft(callers["industry"], made, content))
    took(move(callers["dispatcher"], made, 1, "checked"))
    took(move(callers["head"], made, 1, "sent", **SENT))
    took(rate(callers, made, proposal))
    assert state(callers, proposal) == "replied"
    took(rate(callers, made, merged))
    assert state(callers, proposal) == "evaluated"
    whole(database)


def test_a_withdrawn_proposal_stops_every_clock(callers, proposal, database):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "received"))
    below = {"office": DATA, "role": "lead", "parent": made["reference"]}
    under = callers["head"].post(f"{proposal}/assignments", below).get_json()
    told(decide(callers, proposal, "withdrawn"), 422, "reason")
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    for one in (made, under):
        seen = callers["auditor"].get(f"{V1}/assignments/{one['id']}").get_json()
        assert (seen["state"], waiting(seen)) == ("withdrawn", {})
    assert state(callers, proposal) == "withdrawn"
    told(decide(callers, proposal, "closed"), 409)
    whole(database)


def test_ending_without_forms_counts_none(callers, proposal, database):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "received"))
    told(decide(callers, proposal, "closed", reason="已办结"), 409)
    send(callers, made, proposal)
    told(decide(callers, proposal, "closed"), 422, "reason")
    took(decide(callers, proposal, "closed", reason="逾期未反馈"))
    seen = callers["auditor"].get(f"{V1}/assignments/{made['id']}").get_json()
    assert waiting(seen).keys() == {"publish"}
    took(decide(callers, proposal, "archived"))
    assert callers["registrar"].get(proposal).get_json()["allowed_steps"] == []
    whole(database)


def test_two_registrars_at_once_end_in_one_success(callers, proposal):
    version = version_of(callers["registrar"], proposal)
    content = {"to": "transferred", "reason": "转为来信"}
    path = f"{proposal}/transitions"
    assert callers["registrar"].post(path, content, version).status_code == 200
    told(callers["registrar"].post(path, content, version), 412)
    told(callers["registrar"].post(path, content), 428)


def test_a_key_proposal_has_a_supervisor(callers, proposal, database):
    seen = callers["auditor"].get(proposal).get_json()
    assert (seen["is_key"], seen["supervisor"]) == (False, None)
    change = {"is_key": True, "supervisor": "zhengzhou-government"}
    told(callers["registrar"].patch(proposal, change | {"supervisor": "x"}, seen["version"]), 422)
    now = took(callers["registrar"].patch(proposal, change, seen["version"]))
    assert (now["is_key"], now["supervisor"]["slug"]) == (True, "zhengzhou-government")
    listed = callers["auditor"].get(f"{V1}/proposals?is_key=true").get_json()["items"]
    assert [one["reference"] for one in listed] == [now["reference"]]
    gone = took(callers["registrar"].patch(proposal, {"supervisor": None}, now["version"]))
    assert gone["supervisor"] is None
    whole(database)


def test_every_state_can_be_left_but_the_ended_ones():
    ended = {"merged", "archived"}
    assert all(filing.PROPOSAL.steps_from(state) == [] for state in ended)
    assert {step.target for step in filing.PROPOSAL.steps} >= ended | ENDS | {"closed"}
    decided = {step.source for step in filing.PROPOSAL.steps}
    followed = {"dispatched", "in_progress", "reprocessing", "replied", "evaluated"}
    assert decided | followed | ended == set(HandlingState)
