"""The whole life of a real proposal, from the dispatch to the archive, as its people live it.

It is what was said about a national model industry at a standing committee, and among it the AI
industrial park. Every due date on the way is explained to whoever asks.
"""

from datetime import date

import pytest

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, step, to, took, version_of, waiting, whole
from tests.support.factories import DATA, INDUSTRY, PARK, find
from tests.support.replies import SENT, assignment_of, body, draft, move, points, rate, sign

pytestmark = pytest.mark.usefixtures("today")
EVIDENCE = [{"title": "开工照片", "url": "https://example.org/groundbreaking"}]


@pytest.fixture
def on(database, today, callers):
    """Let it be another day, with the reminders that fire until then."""

    callers["today"] = today

    def until(year, month, day):
        today["day"] = date(year, month, day)
        database.write(lambda s: tick(Work(s, read_book(s), today["day"])))

    return until


def state(callers, proposal):
    return callers["auditor"].get(proposal).get_json()["handling_state"]


def agree(callers, proposal, office, status, due):
    """Check that whoever asks, from whichever record, hears the same of the park.

    *office* has it, as *status* says, and is next due on a day of a clock: *due*.
    """
    auditor, today = callers["auditor"], callers["today"]["day"].isoformat()
    listed = find(auditor)
    one = took(auditor.get(f"{V1}/recommendations/{listed['id']}"))
    late = due[0] is not None and due[0] < today
    for shown in (listed, one):
        assert (shown["lead_status"], shown["next_due_on"], shown["next_clock"]) == (status, *due)
        assert (shown["lead_office"] or {}).get("slug") == office
    leads = [row for row in one["offices"] if row["role"] == "lead"]
    assert [row["office"]["slug"] for row in leads] == ([office] if office else [])
    query = f"reference={PARK}&overdue=true&with_total=true"
    assert auditor.get(f"{V1}/recommendations?{query}").get_json()["total"] == late
    tagged = auditor.get(f"{V1}/tags/ai-industrial-park/progress").get_json()
    numbers = {row["progress"]: row["number"] for row in tagged["stages"]}
    park = "tag=ai-industrial-park&specificity=concrete"
    every = auditor.get(f"{V1}/recommendations?{park}&limit=200").get_json()
    for progress, number in numbers.items():
        assert number == sum(row["progress"] == progress for row in every["items"])
    made = auditor.get(f"{proposal}/assignments").get_json()["items"]
    stands = [
        a for a in made if a["state"] not in ("returned", "withdrawn") and a["role"] == "lead"
    ]
    assert [a["office"]["slug"] for a in stands] == ([office] if office else [])
    if office and due[0]:
        desk = auditor.get(f"{V1}/offices/{office}/worklist?limit=200").get_json()["items"]
        assert any(item["due_on"] == due[0] for item in desk) or due[1] == "joint_opinion"


def explained(task):
    """Check that the lines of *task* lead to its day, and return the day."""
    lines = task["explanation"]
    if task["awaits_receipt"]:  # ended before it was received
        assert lines.pop(0)["step"] == "awaited"
    assert lines[0]["step"] == "rule"
    assert lines[1]["step"] == "start"
    assert task["due_on"] in lines[-1]["zh"]
    assert all(line["zh"] and line["en"] for line in lines)
    return task["due_on"]


def test_the_whole_life_of_a_proposal(callers, proposal, database, on):
    # Filed, and dispatched to the wrong office, which objects in time.
    assert state(callers, proposal) == "filed"
    wrong = dispatch(callers, proposal, DATA)
    assert waiting(wrong) == {
        "receive": "2026-03-05", "objection": "2026-03-16", "reply": "2026-06-05",
    }  # fmt: skip
    agree(callers, proposal, DATA, "given", ("2026-03-05", "receipt"))
    on(2026, 3, 4)
    why = {"reason": "产业发展不属本局职责", "suggested_office": INDUSTRY}
    took(step(callers["data"], wrong, "objection_pending", **why))
    [item] = callers["dispatcher"].get(f"{V1}/me/worklist").get_json()["items"]
    assert item["kind"] == "decide_objection"
    took(step(callers["dispatcher"], wrong, "returned"))
    agree(callers, proposal, None, "sought", (None, None))

    # Redispatched with a new clock; another office joins.
    on(2026, 3, 6)
    lead = dispatch(callers, proposal, INDUSTRY)
    joint = dispatch(callers, proposal, DATA, "joint")
    agree(callers, proposal, INDUSTRY, "given", ("2026-03-11", "receipt"))
    took(step(callers["industry"], lead, "received"))
    took(step(callers["data"], joint, "received"))
    agree(callers, proposal, INDUSTRY, "taken_on", ("2026-05-06", "joint_opinion"))
    assert waiting(assignment_of(callers["industry"], lead)) == {
        "objection": "2026-03-20", "reply": "2026-06-08",
    }  # fmt: skip
    took(step(callers["industry"], lead, "in_progress"))
    assert state(callers, proposal) == "in_progress"

    # The office meets the proposer; the joint opinion comes, reminded of.
    on(2026, 3, 20)
    spoken = {"channel": "meeting", "note": "当面听取意见，说明选址安排"}
    took(callers["industry"].post(f"{V1}/assignments/{lead['id']}/contacts", spoken))
    on(2026, 5, 3)
    notice, *_ = callers["data"].get(f"{V1}/me/inbox?waiting=true").get_json()["items"]
    assert (notice["kind"], notice["point"], notice["urgency"]) == (
        "co_opinion", "due_soon", "blue",
    )  # fmt: skip
    took(draft(callers["data"], joint, {"text": "同意，建议同步建设数据底座。"}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))

    # More time, noted as these rules have it; the first day stays.
    longer = {"extended_to": "2026-07-31", "reason": "产业园选址需报批"}
    took(to(callers["industry"], lead, "extensions", longer))
    assert waiting(assignment_of(callers["industry"], lead))["reply"] == "2026-07-31"
    agree(callers, proposal, INDUSTRY, "taken_on", ("2026-07-31", "reply"))

    # The reply, point by point, with a promise; countersigned, checked, sent.
    on(2026, 7, 20)
    park = {"promise": {"text": "年底前开工建设产业园", "on": "2026-12-31"}}
    took(draft(callers["industry"], lead, body(callers, proposal, **park)))
    took(sign(callers["data_head"], joint, f"{lead['reference']}-V1"))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    assert state(callers, proposal) == "replied"
    asked = find(callers["auditor"])
    assert (asked["acceptance"], asked["progress"]) == ("accepted", "not_started")
    assert asked["due_on"] == "2026-12-31"
    agree(callers, proposal, INDUSTRY, "taken_on", ("2026-12-31", "own_day"))

    # The proposer is dissatisfied: handled again, within a month, and rated anew.
    on(2026, 7, 27)
    took(rate(callers, lead, proposal, result="dissatisfied", comment="没有时间表"))
    assert state(callers, proposal) == "reprocessing"
    agree(callers, proposal, INDUSTRY, "taken_on", ("2026-08-27", "rehandling"))
    assert waiting(assignment_of(callers["industry"], lead))["rehandle"] == "2026-08-27"
    content = {"text": "补充答复", "points": points(callers["auditor"], proposal, **park)}
    took(draft(callers["industry"], lead, content))
    took(sign(callers["data_head"], joint, f"{lead['reference']}-V2"))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    took(move(callers["head"], lead, 2, "sent", **SENT))
    took(move(callers["head"], lead, 2, "published"))
    on(2026, 8, 3)
    took(rate(callers, lead, proposal, number=2))
    assert state(callers, proposal) == "evaluated"
    agree(callers, proposal, INDUSTRY, "taken_on", ("2026-12-31", "own_day"))

    # The year ends and nothing was begun: the promise is missed, explained, and kept.
    promised = callers["auditor"].get(f"{V1}/commitments?recommendation={PARK}").get_json()["items"]
    assert [row["state"] for row in promised] == ["replaced", "open"]
    promise = f"{V1}/commitments/{promised[1]['id']}"
    on(2027, 1, 1)
    missed = took(callers["industry"].get(promise))
    assert (missed["state"], missed["missed_on"]) == ("missed", "2027-01-01")
    again = {"to": "open", "reason": "用地批复延后", "promised_on": "2027-03-31"}
    took(callers["industry"].post(f"{promise}/transitions", again, missed["version"]))
    one = f"{V1}/recommendations/{asked['id']}"

    def progress(who, target, **grounds):
        content = {"axis": "progress", "to": target, **grounds}
        return took(callers[who].post(f"{one}/transitions", content, version_of(callers[who], one)))

    agree(callers, proposal, INDUSTRY, "taken_on", ("2027-03-31", "own_day"))
    progress("industry", "in_progress")
    on(2027, 3, 20)
    kept = {"to": "kept", "evidence": EVIDENCE}
    took(
        callers["industry"].post(
            f"{promise}/transitions", kept, version_of(callers["head"], promise)
        )
    )
    progress("industry", "implemented", evidence=EVIDENCE)
    [waits, back] = callers["supervisor"].get(f"{V1}/me/worklist").get_json()["items"]
    assert {waits["kind"], back["kind"]} == {"verify", "look_back"}
    assert progress("supervisor", "verified")["progress"] == "verified"
    agree(callers, proposal, INDUSTRY, "taken_on", (None, None))

    # Closed and archived; what was promised is still looked back at.
    for target in ("closed", "archived"):
        version = version_of(callers["registrar"], proposal)
        took(callers["registrar"].post(f"{proposal}/transitions", {"to": target}, version))
    assert state(callers, proposal) == "archived"
    looked = {"kind": "look_back", "text": "主体工程已封顶"}
    on(2027, 9, 21)
    took(
        callers["supervisor"].post(
            f"{promise}/remarks", looked, version_of(callers["supervisor"], promise)
        )
    )

    # Every due date explains itself, and the history is whole.
    made = callers["auditor"].get(f"{proposal}/assignments").get_json()["items"]
    waited = [task for assignment in made for task in assignment["tasks"]]
    waited += took(callers["auditor"].get(promise))["tasks"]
    promised = [task for task in waited if task["kind"] == "keep_promise"]
    assert all("承诺单位承诺的日期" in task["explanation"][0]["zh"] for task in promised)
    others = [task for task in waited if task["explanation"] and task not in promised]
    days = {task["kind"]: explained(task) for task in others}
    assert days.keys() == {
        "receive", "objection", "redispatch", "reply", "co_opinion", "feedback", "publish",
        "rehandle", "confirm", "look_back",
    }  # fmt: skip
    assert [task for task in waited if task["due_on"] and not task["explanation"]] == []
    assert all(task["ended_on"] for task in waited)
    whole(database)


def test_the_park_is_the_one_that_was_asked_for(callers):
    assert find(callers["auditor"])["reference"] == PARK
