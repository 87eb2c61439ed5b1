"""Proposals that are merged into others, and what becomes of what they asked."""

import pytest
import sqlalchemy as sa

from app.models import Proposal
from tests.support.casework import V1, dispatch, took, version_of, whole
from tests.support.drafts import content, enter, filed
from tests.support.drafts import move as file
from tests.support.drafts import one as path_of
from tests.support.filing import decide, state
from tests.support.problems import told
from tests.support.replies import SENT, body, draft, move, rate

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


FINANCE = "zhengzhou-finance"


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


def checked(callers, assignment, proposal, **more):
    """Draft the reply of the office of industry, and let it be checked."""
    took(draft(callers["industry"], assignment, body(callers, proposal, **more)))
    return took(move(callers["dispatcher"], assignment, 1, "checked"))


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


def test_what_was_merged_is_reviewed_again_when_nothing_answers_it(callers, proposal, database):
    rows = callers["auditor"].get(f"{V1}/proposals?limit=9").get_json()["items"]
    merged = f"{V1}/proposals/{rows[0]['id']}"
    took(decide(callers, merged, "merged", into="D002-P04"))
    took(decide(callers, proposal, "withdrawn", reason="提案人撤回"))
    seen = callers["registrar"].get(merged).get_json()
    assert (seen["handling_state"], seen["merged_into"]) == ("under_review", None)
    assert [task["kind"] for task in seen["tasks"] if not task["ended_on"]] == ["review"]
    assert "filed" in {one["to"] for one in seen["allowed_steps"]}
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
