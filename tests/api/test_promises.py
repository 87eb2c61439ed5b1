"""Promises over the years: kept late, passed over, with milestones."""

from datetime import date

import pytest

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, step, took, version_of, whole
from tests.support.commitments import to as about
from tests.support.factories import PARK
from tests.support.filing import decide
from tests.support.papers import PDF
from tests.support.problems import told
from tests.support.replies import SENT, body, draft, move, rate, send

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


EVIDENCE = [{"title": "开工报告", "url": "https://example.org/start"}]


def desk(caller, name, **filters):
    query = "&".join(f"{n}={v}" for n, v in {"desk": name, **filters}.items())
    return caller.get(f"{V1}/me/worklist?{query}").get_json()["items"]


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


@pytest.fixture
def promise(callers, proposal, lead):
    given = {"text": "六月底前开工建设产业园", "on": "2026-06-30"}
    send(callers, lead, proposal, promise=given)
    [row] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    return row


def steps_on(caller, name):
    """Return what lies on a desk: kind and steps of each item."""
    items = caller.get(f"{V1}/me/worklist?desk={name}").get_json()["items"]
    return [(item["kind"], [step["to"] for step in item["next_steps"]]) for item in items]


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


def test_a_promise_that_a_later_letter_passes_over_is_still_owed(callers, proposal, lead, database):
    send(callers, lead, proposal, promise={"text": "六月底前开工", "on": "2026-06-30"})
    send(callers, lead, proposal, number=2)
    [row] = callers["auditor"].get(f"{V1}/commitments").get_json()["items"]
    assert (row["state"], row["ended_on"]) == ("open", None)
    assert "keep_promise" in [kind for kind, _ in steps_on(callers["industry"], "office")]
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
