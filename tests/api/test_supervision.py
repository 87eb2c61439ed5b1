"""Supervisors press an office for an answer, and offices say why they are late."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.models import Event, Press
from app.register.verification.queries.verification import history_differences as proven
from tests.support.casework import V1, dispatch, step, took, waiting, whole
from tests.support.commitments import inbox
from tests.support.factories import DATA, INDUSTRY
from tests.support.problems import told
from tests.support.replies import assignment_of, send

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]
PRESSED = {"text": "请说明逾期原因", "answer_by": "2026-06-20"}
EXPLAINED = {"text": "用地手续未办结", "done_by": "2026-07-31"}


def post(caller, assignment, place, content):
    return caller.post(f"{V1}/assignments/{assignment['id']}/{place}", content)


def press(caller, assignment, **more):
    return post(caller, assignment, "presses", {**PRESSED, **more})


def explain(caller, assignment, **more):
    return post(caller, assignment, "explanations", {**EXPLAINED, **more})


def desk(caller, **filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return caller.get(f"{V1}/me/worklist?{query}").get_json()


@pytest.fixture
def late(callers, lead, pass_on):
    """Give the assignment of industry on the 10th of June: its reply was due on the 2nd."""
    pass_on(date(2026, 6, 10))
    return lead


def test_a_supervisor_presses_and_the_office_answers(callers, late, pass_on, database):
    before = desk(callers["industry"])["counts"]["later"]
    pressed = took(press(callers["supervisor"], late))
    assert [p["text"] for p in pressed["presses"]] == ["请说明逾期原因"]
    assert waiting(pressed)["answer_press"] == "2026-06-20"
    [item] = desk(callers["industry"], kind="answer_press")["items"]
    assert (item["due_on"], item["operations"]) == ("2026-06-20", ["explainDelay"])
    assert desk(callers["industry"])["counts"]["later"] == before + 1
    pass_on(date(2026, 6, 10))
    notice = inbox(callers["industry"])[0]
    assert (notice["kind"], notice["point"], notice["urgency"]) == (
        "answer_press", "pressed", "yellow",
    )  # fmt: skip
    explained = took(explain(callers["industry"], late))
    [answer], [one] = explained["explanations"], explained["presses"]
    assert (answer["number"], answer["done_by"], answer["on"]) == (1, "2026-07-31", "2026-06-10")
    assert (one["answered_in"], one["ended_on"], one["outcome"]) == (1, "2026-06-10", "done")
    assert waiting(explained) == {"reply": "2026-06-02"}  # no due date changed
    assert desk(callers["industry"], kind="answer_press")["items"] == []
    whole(database)
    assert database.examine(lambda s: proven(s, None)) == []


def test_who_does_not_answer_a_press_is_late(callers, late, pass_on, database):
    took(press(callers["dispatcher"], late))
    pass_on(date(2026, 6, 21))
    for who in ("industry", "supervisor"):
        notice = inbox(callers[who])[0]
        assert (notice["kind"], notice["point"], notice["urgency"]) == (
            "answer_press", "overdue", "red",
        )  # fmt: skip
        assert notice["office"]["slug"] == INDUSTRY
    took(explain(callers["industry"], late))
    [one] = assignment_of(callers["supervisor"], late)["presses"]
    assert one["outcome"] == "late"
    whole(database)


def test_an_explanation_answers_everything_that_was_asked_until_then(callers, late, database):
    took(press(callers["supervisor"], late))
    took(press(callers["dispatcher"], late, text="再次催办"))
    answered = took(explain(callers["industry"], late, on="2026-06-09"))
    assert [p["answered_in"] for p in answered["presses"]] == [None, None]  # said before it
    answered = took(explain(callers["industry"], late))
    assert [p["answered_in"] for p in answered["presses"]] == [2, 2]
    assert [p["number"] for p in answered["presses"]] == [1, 2]
    assert [e["number"] for e in answered["explanations"]] == [1, 2]
    whole(database)


def test_a_reply_that_goes_out_is_an_answer_as_well(callers, proposal, late, database):
    took(press(callers["supervisor"], late))
    send(callers, late, proposal)
    sent = assignment_of(callers["supervisor"], late)
    [one] = sent["presses"]
    assert (one["ended_on"], one["answered_in"]) == ("2026-06-10", None)
    assert sent["state"] == "answered"
    told(press(callers["supervisor"], late), 409)
    told(explain(callers["industry"], late), 409)
    whole(database)


def test_it_is_no_matter_of_the_public_nor_of_other_offices(callers, late, client, proposal):
    joint = dispatch(callers, proposal, DATA, "joint")
    took(press(callers["supervisor"], late))
    took(explain(callers["industry"], late))
    took(press(callers["supervisor"], late))
    path = f"{V1}/assignments/{late['id']}"
    for shown in (client.get(path).get_json(), took(callers["data"].get(path))):
        assert (shown["explanations"], shown["presses"]) == ([], [])
        assert "answer_press" not in [task["kind"] for task in shown["tasks"]]
    listed = client.get(f"{proposal.replace('http://', '')}/assignments").get_json()["items"]
    assert {row["id"]: row["presses"] for row in listed} == {late["id"]: [], joint["id"]: []}
    for who in ("industry", "auditor", "registrar"):
        shown = assignment_of(callers[who], late)
        assert (len(shown["explanations"]), len(shown["presses"])) == (1, 2)
        assert shown["presses"][0]["entered_by"]


def test_the_office_above_reads_why_the_one_below_is_late(callers, late, database, today):
    below = {"office": DATA, "role": "joint", "parent": late["reference"]}
    proposal = f"{V1}/proposals/{late['proposal']['id']}"
    given = took(callers["head"].post(f"{proposal}/assignments", below))
    took(press(callers["supervisor"], given))
    took(explain(callers["data"], given))
    assert len(assignment_of(callers["head"], given)["explanations"]) == 1
    told(explain(callers["head"], given), 403)
    whole(database)


def test_what_is_wrong_is_named(callers, late):
    told(press(callers["supervisor"], late, answer_by="2026-06-10"), 422, "answer_by")
    told(press(callers["supervisor"], late, on="2026-06-11"), 422, "on")
    told(press(callers["supervisor"], late, on="2026-03-01"), 422, "on")
    told(press(callers["supervisor"], late, text=" "), 422, "text")
    told(explain(callers["industry"], late, done_by="2026-06-10"), 422, "done_by")
    told(explain(callers["industry"], late, on="2026-06-11"), 422, "on")
    told(press(callers["industry"], late), 403)
    told(press(callers["registrar"], late), 403)
    told(explain(callers["data"], late), 403)
    told(explain(callers["supervisor"], late), 403)
    took(press(callers["supervisor"], late, on="2026-06-05", answer_by="2026-06-08"))


def test_who_owes_nothing_is_not_pressed(callers, proposal, late, database):
    informed = dispatch(callers, proposal, DATA, "for_information")
    told(press(callers["supervisor"], informed), 409)
    told(explain(callers["data"], informed), 409)
    took(press(callers["supervisor"], late))
    took(step(callers["dispatcher"], late, "withdrawn", reason="改由他局"))
    told(press(callers["supervisor"], late), 409)
    [one] = assignment_of(callers["supervisor"], late)["presses"]
    assert (one["outcome"], one["answered_in"]) == ("void", None)
    whole(database)


def test_history_tells_who_pressed_and_what_was_answered(callers, late, database):
    took(press(callers["supervisor"], late))
    took(explain(callers["industry"], late))
    rows = sa.select(Event.operation, Event.note).where(
        Event.operation.in_(["assignment.pressed", "assignment.explained"])
    )
    found = database.read(lambda s: s.execute(rows.order_by(Event.sequence)).all())
    assert [tuple(row) for row in found] == [
        ("assignment.pressed", "请说明逾期原因"),
        ("assignment.explained", "用地手续未办结"),
    ]


def test_what_was_said_is_not_changed_behind_the_log(callers, late, database):
    took(press(callers["supervisor"], late))
    assert database.examine(lambda s: proven(s, None)) == []
    database.write(lambda s: s.execute(sa.update(Press).values(text="已答复")))
    assert database.examine(lambda s: proven(s, None)) != []
