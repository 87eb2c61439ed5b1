"""Who has a recommendation: dispatch says it, and whoever asks hears the same."""

import pytest
import sqlalchemy as sa

from app.models import Proposal, RecommendationOffice
from tests.support.casework import V1, dispatch, step, to, took, version_of, whole
from tests.support.factories import DATA, EDITOR, INDUSTRY, PARK, everything, find, make_caller
from tests.support.filing import decide
from tests.support.problems import told
from tests.support.replies import SENT, body, draft, move

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]
FINANCE = "zhengzhou-finance"


@pytest.fixture
def finance(client, database):
    """Give an editor of an office without any part."""
    return make_caller(client, database, *EDITOR, office=FINANCE)


def park(caller):
    """Return the recommendation of the park, with everything that belongs to it."""
    return took(caller.get(f"{V1}/recommendations/{find(caller)['id']}"))


def has(shown):
    """Return who leads a recommendation and how, and the parts of the others."""
    lead = shown["lead_office"] and shown["lead_office"]["slug"]
    beside = {row["office"]["slug"]: row["role"] for row in shown["offices"]}
    beside.pop(lead, None)
    return lead, shown["lead_status"], beside


def report(caller, percent=10):
    """Report on the park, and return the answer."""
    one = f"{V1}/recommendations/{find(caller)['id']}"
    return caller.post(f"{one}/reports", {"text": "已开工"})


def take_on(caller, office, **more):
    one = f"{V1}/recommendations/{find(caller)['id']}"
    return caller.post(f"{one}/offices", {"office": office, **more}, version_of(caller, one))


def progress(caller, target, axis="progress", **more):
    one = f"{V1}/recommendations/{find(caller)['id']}"
    content = {"axis": axis, "to": target, **more}
    return caller.post(f"{one}/transitions", content, version_of(caller, one))


def test_what_is_suggested_is_taken_on_by_that_office_or_whom_a_dispatcher_names(callers, database):
    assert has(park(callers["data"])) == (INDUSTRY, "suggested", {})
    told(take_on(callers["data"], DATA), 403)
    took(take_on(callers["industry"], INDUSTRY))
    assert has(park(callers["data"])) == (INDUSTRY, "taken_on", {})
    took(take_on(callers["dispatcher"], DATA))
    assert has(park(callers["data"])) == (DATA, "taken_on", {})
    told(report(callers["industry"]), 403)
    took(report(callers["data"]))
    whole(database)


def test_dispatch_gives_it_and_receipt_lets_it_be_taken_on(callers, proposal, database, finance):
    made = dispatch(callers, proposal)
    shown = park(callers["data"])
    assert has(shown) == (INDUSTRY, "given", {})
    [office] = shown["offices"]
    assert office["assignment"]["reference"] == made["reference"]
    assert (office["since"], office["assignment"]["is_whole"]) == ("2026-03-02", True)
    assert (office["next_due_on"], office["next_clock"]) == ("2026-03-05", "receipt")
    took(report(callers["industry"]))  # it may act from the dispatch on, which does not sign for it
    took(progress(callers["industry"], "in_progress"))
    assert has(park(callers["data"])) == (INDUSTRY, "given", {})
    told(report(finance), 403)
    told(progress(finance, "stalled", reason="无"), 403)
    told(take_on(finance, FINANCE), 409)
    told(take_on(callers["dispatcher"], FINANCE), 409)
    took(step(callers["industry"], made, "received"))
    shown = park(callers["data"])
    assert has(shown) == (INDUSTRY, "taken_on", {})
    assert (shown["offices"][0]["next_clock"], shown["offices"][0]["next_due_on"]) == (
        "reply", "2026-06-02",
    )  # fmt: skip
    whole(database)


def test_a_single_dispatch_beats_the_whole_one_and_falls_back_to_it(callers, proposal, database):
    dispatch(callers, proposal)
    single = dispatch(callers, proposal, DATA, "sole", recommendation=PARK)
    assert has(park(callers["data"])) == (DATA, "given", {})
    other = find(callers["data"], "D002-P04-R01")
    assert other["lead_office"]["slug"] == INDUSTRY
    took(step(callers["data"], single, "objection_pending", reason="不属于本单位职责"))
    took(step(callers["dispatcher"], single, "returned"))
    assert has(park(callers["data"])) == (INDUSTRY, "given", {})
    whole(database)


def test_what_is_returned_is_nobodys_until_another_office_is_found(callers, proposal, database):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "objection_pending", reason="不属于本单位职责"))
    took(step(callers["dispatcher"], made, "returned"))
    shown = park(callers["data"])
    assert has(shown) == (None, "sought", {})
    assert [(row["kind"], row["desk"]) for row in shown["waiting"]] == [
        ("redispatch", "dispatchers")
    ]
    told(report(callers["industry"]), 403)
    told(take_on(callers["industry"], INDUSTRY), 409)
    dispatch(callers, proposal, DATA)
    assert has(park(callers["data"])) == (DATA, "given", {})
    whole(database)


def test_a_joint_office_has_its_part_until_it_is_withdrawn(callers, proposal, database, finance):
    dispatch(callers, proposal)
    joint = dispatch(callers, proposal, DATA, "joint")
    assert has(park(callers["data"])) == (INDUSTRY, "given", {DATA: "joint"})
    took(report(callers["data"]))
    told(progress(callers["data"], "implemented", evidence=[]), 409)
    told(take_on(finance, FINANCE, role="joint"), 403)
    took(take_on(callers["industry"], FINANCE, role="joint"))
    assert has(park(finance)) == (INDUSTRY, "given", {DATA: "joint", FINANCE: "joint"})
    took(step(callers["dispatcher"], joint, "withdrawn", reason="交办有误"))
    assert has(park(finance)) == (INDUSTRY, "given", {FINANCE: "joint"})
    told(report(callers["data"]), 403)
    whole(database)


@pytest.mark.parametrize("changed", [{"role": "separate"}, {"assignment_id": 1}])
def test_what_an_office_had_stays_as_it_was_when_it_left(callers, proposal, database, changed):
    dispatch(callers, proposal)
    joint = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["dispatcher"], joint, "withdrawn", reason="交办有误"))
    gone = sa.update(RecommendationOffice).where(RecommendationOffice.withdrawn_at.is_not(None))
    database.write(lambda session: session.execute(gone.values(changed)))
    found = database.examine(everything)
    assert f"recommendation {PARK}: no event explains its left_as" in found
    assert all(told.endswith("its left_as") for told in found)


def answer(callers, made, outcome, head, office):
    """Let *office* answer the park alone with *outcome*, checked and sent by its *head*."""
    took(step(callers[office], made, "received"))
    point = {"recommendation": PARK, "text": "答复内容", "outcome": outcome}
    took(draft(callers[office], made, {"text": "答复", "points": [point]}))
    took(move(callers["dispatcher"], made, 1, "checked"))
    took(move(callers[head], made, 1, "sent", **SENT))


def test_separate_offices_each_answer_and_it_moves_when_all_agree(callers, proposal, database):
    one = dispatch(callers, proposal, INDUSTRY, "separate", recommendation=PARK)
    two = dispatch(callers, proposal, DATA, "separate", recommendation=PARK)
    both = {INDUSTRY: "separate", DATA: "separate"}
    assert has(park(callers["data"])) == (None, "separate", both)
    for who in ("industry", "data"):
        took(report(callers[who]))
    told(progress(callers["data"], "accepted", "acceptance"), 403)
    answer(callers, one, "planned", "head", "industry")
    shown = park(callers["auditor"])
    assert shown["acceptance"] == "undecided"
    said = {row["office"]["slug"]: row["answer"] and row["answer"]["acceptance"]
            for row in shown["offices"]}  # fmt: skip
    assert said == {INDUSTRY: "accepted", DATA: None}
    answer(callers, two, "in_progress", "data_head", "data")
    assert park(callers["auditor"])["acceptance"] == "accepted"
    whole(database)


def test_the_office_above_keeps_what_it_dispatched_on(callers, proposal, database):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "received"))
    below = {"office": DATA, "role": "lead", "parent": made["reference"]}
    under = took(callers["head"].post(f"{proposal}/assignments", below))
    assert has(park(callers["data"])) == (INDUSTRY, "taken_on", {DATA: "below"})
    took(report(callers["data"]))
    took(progress(callers["data"], "in_progress"))
    told(progress(callers["data"], "accepted", "acceptance"), 403)
    took(step(callers["head"], under, "withdrawn", reason="收回"))
    assert has(park(callers["data"])) == (INDUSTRY, "taken_on", {})
    whole(database)


def test_what_one_took_on_is_had_by_whom_it_is_dispatched_to(callers, proposal, database):
    took(take_on(callers["industry"], INDUSTRY, due_on="2027-01-15"))
    dispatch(callers, proposal, DATA)
    assert has(park(callers["data"])) == (DATA, "given", {})
    told(report(callers["industry"]), 403)
    told(take_on(callers["industry"], INDUSTRY), 409)
    inbox = took(callers["industry"].get(f"{V1}/me/inbox"))["items"]
    assert [(row["point"], row["kind"]) for row in inbox] == [("passed_on", "implement")]
    whole(database)


def test_what_is_merged_follows_the_dispatch_of_the_other(callers, proposal, database):
    rows = callers["auditor"].get(f"{V1}/proposals?limit=9").get_json()["items"]
    row = next(one for one in rows if one["recommendation_count"])
    took(decide(callers, f"{V1}/proposals/{row['id']}", "merged", into="D002-P04"))
    made = dispatch(callers, proposal)
    merged = callers["auditor"].get(f"{V1}/recommendations?proposal={row['id']}").get_json()
    assert {(one["lead_office"]["slug"], one["lead_status"]) for one in merged["items"]} == {
        (INDUSTRY, "given")
    }
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    again = callers["auditor"].get(f"{V1}/recommendations?proposal={row['id']}").get_json()
    assert {(one["lead_office"], one["lead_status"]) for one in again["items"]} == {(None, None)}
    assert made
    whole(database)


def test_it_ends_with_its_proposal_and_a_step_back_restores_it(callers, proposal, database):
    def listed(**filters):
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return callers["auditor"].get(f"{V1}/recommendations?{query}").get_json()["items"]

    tag = f"{V1}/tags/ai-industrial-park/progress"
    before = callers["auditor"].get(tag).get_json()["total"]
    number, case = find(callers["data"])["id"], int(proposal.rpartition("/")[2])
    own = len(listed(tag="ai-industrial-park", proposal=case))
    dispatch(callers, proposal)
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    assert listed(reference=PARK) == []
    assert [row["ended_as"] for row in listed(reference=PARK, ended="true")] == ["withdrawn"]
    assert PARK not in {row["reference"] for row in listed(tag="ai-industrial-park", limit=200)}
    shown = took(callers["industry"].get(f"{V1}/recommendations/{number}"))
    assert (shown["ended_as"], shown["progress"], shown["lead_office"]) == (
        "withdrawn", "not_started", None,
    )  # fmt: skip
    assert (shown["allowed_steps"], shown["offices"]) == ([], [])
    assert callers["auditor"].get(tag).get_json()["total"] == before - own
    path = f"{V1}/recommendations/{number}/reports"
    problem = told(callers["industry"].post(path, {"text": "进展"}), 403)
    assert "ended with its proposal" in problem["detail"]
    whole(database)
    took(decide(callers, proposal, "submitted", reason="误撤"))
    assert [row["ended_as"] for row in listed(reference=PARK)] == [None]
    assert callers["auditor"].get(tag).get_json()["total"] == before
    whole(database)


def test_a_reply_moves_acceptance_and_the_day_and_is_contradicted_with_a_reason(
    callers, proposal, database
):
    made = dispatch(callers, proposal)
    took(step(callers["industry"], made, "received"))
    park_says = {"promise": {"text": "年底前开工", "on": "2026-12-31"}}
    took(draft(callers["industry"], made, body(callers, proposal, **park_says)))
    took(move(callers["dispatcher"], made, 1, "checked"))
    took(move(callers["head"], made, 1, "sent", **SENT))
    shown = park(callers["industry"])
    assert (shown["acceptance"], shown["due_on"]) == ("accepted", "2026-12-31")
    [office] = shown["offices"]
    assert (office["answer"]["reply"], office["answer"]["promised_on"]) == (
        f"{made['reference']}-V1", "2026-12-31",
    )  # fmt: skip
    assert [promise["state"] for promise in office["promises"]] == ["open"]
    everyone = park(callers["data"])  # the reply is not published
    assert (everyone["offices"][0]["answer"], everyone["offices"][0]["promises"]) == (None, [])
    told(progress(callers["industry"], "not_accepted", "acceptance"), 422, "reason")
    took(progress(callers["industry"], "not_accepted", "acceptance", reason="资金未落实"))
    assert park(callers["industry"])["acceptance"] == "not_accepted"
    whole(database)


def test_what_did_not_end_as_its_proposal_did_is_found(callers, proposal, database):
    dispatch(callers, proposal)
    number = int(proposal.rpartition("/")[2])

    def forge(session):
        session.get_one(Proposal, number).handling_state = "transferred"

    database.write(forge)
    from app.tasks.queries.holders import office_drift

    found = database.examine(lambda session: list(office_drift(session)))
    assert any("did not end as its proposal did" in sentence for sentence in found)


def test_more_time_is_not_asked_before_the_receipt(callers, proposal):
    made = dispatch(callers, proposal)
    longer = {"extended_to": "2026-08-31", "reason": "需报批"}
    told(to(callers["industry"], made, "extensions", longer), 422, "extended_to")
