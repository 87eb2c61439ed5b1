"""More time for an office: extensions, pauses, fixed days."""

from datetime import date

import pytest

from tests.support.casework import V1, dispatch, step, to, took, waiting, whole
from tests.support.factories import DATA
from tests.support.problems import told
from tests.support.replies import assignment_of, send

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


STILL = {"first": "2026-03-10", "last": "2026-05-31", "reason": "等待代表补充材料"}


def test_a_fixed_day_that_has_passed_gives_the_time_of_a_recess(callers, proposal, today):
    today["day"] = date(2026, 5, 6)
    made = dispatch(callers, proposal, profile="city-fixed-dates")
    took(step(callers["industry"], made, "objection_pending", reason="不属本局职责"))
    today["day"] = date(2026, 7, 1)
    took(step(callers["dispatcher"], made, "returned"))
    again = dispatch(callers, proposal, DATA)
    again = took(step(callers["data"], again, "received"))
    assert waiting(again)["reply"] == "2026-10-08"  # three months, moved on over the holiday


def test_a_pause_moves_what_was_extended_before_it(callers, proposal, lead, database):
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], lead, "extensions", asked))
    paused = took(to(callers["dispatcher"], lead, "pauses", STILL))
    assert waiting(paused)["reply"] == "2026-09-22"  # 83 days later
    reply = next(task for task in paused["tasks"] if task["kind"] == "reply")
    assert "顺延至 2026-09-22（周二）" in reply["explanation"][-3]["zh"]
    more = {**asked, "extended_to": "2026-11-01"}
    took(to(callers["industry"], lead, "extensions", more))  # the longest limit stood still as well
    late = {**STILL, "first": "2026-10-01", "last": "2026-10-10"}
    assert waiting(took(to(callers["dispatcher"], lead, "pauses", late)))["reply"] == "2026-11-11"
    whole(database)


def test_a_request_that_a_pause_overtook_is_refused(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], made, "extensions", asked))
    moved = waiting(took(to(callers["dispatcher"], made, "pauses", STILL)))["reply"]
    assert moved > "2026-07-01"
    told(to(callers["dispatcher"], made, "extensions/decision", {"decision": "grant"}), 422,
         "decision")  # fmt: skip
    refused = {"decision": "refuse", "note": "期限已顺延"}
    now = took(to(callers["dispatcher"], made, "extensions/decision", refused))
    assert waiting(now)["reply"] == moved
    whole(database)


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
    told(to(callers["industry"], lead, "extensions", {**late, "on": "2026-05-29"}), 422, "paper")
    asked = {**late, "on": "2026-05-29", "paper": "郑工信〔2026〕31号"}
    over = {**asked, "extended_to": "2026-06-02"}
    told(to(callers["industry"], lead, "extensions", over), 422, "extended_to")
    noted = took(to(callers["industry"], lead, "extensions", asked))
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


def test_a_request_for_more_time_ends_with_the_reply(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    made = took(step(callers["industry"], made, "received"))
    content = {"extended_to": "2026-07-01", "reason": "涉及面广"}
    took(to(callers["industry"], made, "extensions", content))
    send(callers, made, proposal)
    now = assignment_of(callers["industry"], made)
    assert "decide_extension" not in waiting(now)
    assert [e["state"] for e in now["extensions"]] == ["dropped"]
    whole(database)
