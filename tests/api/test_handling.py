"""Dispatch, receipt, objection, more time, and what lies on the desks, on real proposals."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.models import Head, Proposal
from tests.support.casework import V1, dispatch, step, took, waiting, whole
from tests.support.factories import DATA, INDUSTRY, find
from tests.support.problems import told

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


# -- dispatch and receipt ------------------------------------------------------------------------


def test_dispatch_starts_what_the_rules_count_from_it(callers, proposal, database):
    made = dispatch(callers, proposal, on="2026-02-10")
    assert made["profile"] == "cppcc-common-practice@1"
    assert waiting(made) == {
        "receive": "2026-02-13", "objection": "2026-03-02", "reply": "2026-05-13",
    }  # fmt: skip
    lines = next(t for t in made["tasks"] if t["kind"] == "objection")["explanation"]
    assert lines[0]["zh"] == "期限：自交办之日起10个工作日（通行做法，未见当地文件）"
    assert any("2026-02-14" in line["zh"] and "调休" in line["zh"] for line in lines)
    assert callers["data"].get(proposal).get_json()["handling_state"] == "dispatched"
    whole(database)


def test_receipt_starts_the_reply_and_ends_the_receiving(callers, proposal, database):
    made = dispatch(callers, proposal, on="2026-02-10")
    told(step(callers["data"], made, "received"), 403)
    now = took(step(callers["industry"], made, "received", on="2026-02-11"))
    assert waiting(now) == {"objection": "2026-03-02", "reply": "2026-05-11"}
    assert now["received_on"] == "2026-02-11"
    assert [s["to"] for s in now["allowed_steps"]] == ["in_progress", "objection_pending"]
    begun = took(step(callers["industry"], made, "in_progress"))
    assert waiting(begun) == {"reply": "2026-05-11"}
    told(step(callers["industry"], made, "received"), 409)
    whole(database)


def test_a_joint_office_owes_an_opinion_and_one_informed_nothing(callers, proposal, database):
    dispatch(callers, proposal)
    joint = dispatch(callers, proposal, DATA, "joint")
    received = took(step(callers["data"], joint, "received"))
    assert waiting(received) == {"objection": "2026-03-16", "co_opinion": "2026-05-06"}
    informed = dispatch(callers, proposal, "zhengzhou-finance", "for_information")
    assert waiting(informed) == {"receive": None}
    items = callers["auditor"].get(f"{proposal}/assignments").get_json()["items"]
    assert [item["reference"][-3:] for item in items] == ["A01", "A02", "A03"]
    whole(database)


def test_one_recommendation_can_be_dispatched_alone(callers, proposal, database):
    reference = find(callers["data"])["reference"]
    made = dispatch(callers, proposal, role="sole", recommendation=reference)
    assert made["recommendation"]["reference"] == reference
    other = dispatch(callers, proposal, DATA, "lead")
    assert other["recommendation"] is None
    whole(database)


def test_the_head_of_an_office_dispatches_on(callers, proposal, database):
    made = dispatch(callers, proposal)
    body = {"office": DATA, "role": "lead"}
    path = f"{proposal}/assignments"
    told(callers["head"].post(path, body), 403)
    told(callers["industry"].post(path, body | {"parent": made["reference"]}), 403)
    below = callers["head"].post(path, body | {"parent": made["reference"]})
    assert below.get_json()["parent_id"] == made["id"]
    took(step(callers["data"], below.get_json(), "received"))
    whole(database)


WRONG = [
    ({"office": "nothing", "role": "lead"}, "office"),
    ({"office": "zhengzhou-npc", "role": "lead"}, "office"),
    ({"office": DATA, "role": "lead", "on": "2026-03-03"}, "on"),
    ({"office": DATA, "role": "lead", "recommendation": "D000-P08-R01"}, "recommendation"),
    ({"office": DATA, "role": "lead", "parent": "D000-P01-A09"}, "parent"),
    ({"office": DATA, "role": "lead", "profile": "nothing"}, "profile"),
    ({"office": DATA, "role": "captain"}, "role"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_a_wrong_dispatch_names_its_field_and_changes_nothing(
    callers, proposal, database, body, field
):
    before = database.read(lambda s: s.get_one(Head, 1).sequence)
    told(callers["dispatcher"].post(f"{proposal}/assignments", body), 422, field)
    assert callers["data"].get(f"{proposal}/assignments").get_json()["items"] == []
    assert callers["data"].get(proposal).get_json()["handling_state"] == "filed"
    assert database.read(lambda s: s.get_one(Head, 1).sequence) == before + 1  # the attempt


@pytest.mark.parametrize(
    ("first", "second"), [("lead", "lead"), ("sole", "joint"), ("lead", "sole")]
)
def test_roles_that_exclude_each_other(callers, proposal, first, second):
    dispatch(callers, proposal, role=first)
    path = f"{proposal}/assignments"
    told(callers["dispatcher"].post(path, {"office": DATA, "role": second}), 409)
    told(callers["dispatcher"].post(path, {"office": INDUSTRY, "role": "joint"}), 409)


def test_what_is_not_filed_is_not_dispatched(callers, proposal, database):
    number = int(proposal.rpartition("/")[2])
    database.write(lambda s: setattr(s.get_one(Proposal, number), "handling_state", "closed"))
    body = {"office": INDUSTRY, "role": "lead"}
    told(callers["dispatcher"].post(f"{proposal}/assignments", body), 409)


# -- objections ----------------------------------------------------------------------------------


def test_an_objection_within_its_window_and_another_office(callers, proposal, database, today):
    made = dispatch(callers, proposal)
    body = {"reason": "不属于本单位职责", "suggested_office": DATA}
    told(step(callers["industry"], made, "objection_pending"), 422, "reason")
    objected = took(step(callers["industry"], made, "objection_pending", **body))
    assert (objected["objection"], objected["suggested_office"]["slug"]) == (body["reason"], DATA)
    desk = callers["dispatcher"].get(f"{V1}/me/worklist").get_json()
    assert [item["kind"] for item in desk["items"]] == ["decide_objection"]
    assert {s["to"] for s in desk["items"][0]["next_steps"]} == {"upheld", "returned", "withdrawn"}
    told(step(callers["industry"], made, "returned"), 403)
    returned = took(step(callers["dispatcher"], made, "returned"))
    assert returned["ended_on"] == "2026-03-02"
    assert waiting(returned) == {"redispatch": "2026-03-16"}
    today["day"] = date(2026, 3, 5)
    again = dispatch(callers, proposal, DATA)
    assert waiting(again) == {
        "receive": "2026-03-10", "objection": "2026-03-19", "reply": "2026-06-10",
    }  # fmt: skip
    first = callers["auditor"].get(f"{V1}/assignments/{made['id']}").get_json()
    assert waiting(first) == {}
    assert [t["outcome"] for t in first["tasks"] if t["kind"] == "redispatch"] == ["done"]
    whole(database)


def test_a_late_objection_is_refused_and_the_day_named(callers, proposal, today):
    made = dispatch(callers, proposal, on="2026-02-10")
    today["day"] = date(2026, 3, 3)
    answer = step(callers["industry"], made, "objection_pending", reason="不属于本单位职责")
    told(answer, 409)
    assert "2026-03-02" in answer.get_json()["detail"]
    seen = callers["industry"].get(f"{V1}/assignments/{made['id']}").get_json()
    assert [s["to"] for s in seen["allowed_steps"]] == ["received"]
    item = desk(callers["industry"])["items"][0]
    assert (item["kind"], item["objection_until"]) == ("receive", "2026-03-02")
    assert [s["to"] for s in item["next_steps"]] == ["received"]
    took(step(callers["industry"], made, "objection_pending", reason="晚录", on="2026-03-02"))


def test_a_refused_objection_never_stopped_the_clock(callers, proposal, database):
    made = dispatch(callers, proposal, on="2026-02-10")
    took(step(callers["industry"], made, "received", on="2026-02-11"))
    took(step(callers["industry"], made, "objection_pending", reason="职责交叉"))
    told(step(callers["dispatcher"], made, "upheld"), 422, "reason")
    kept = took(step(callers["dispatcher"], made, "upheld", reason="职责清单第三条"))
    assert waiting(kept) == {"reply": "2026-05-11"}
    told(step(callers["industry"], made, "received"), 409)
    took(step(callers["industry"], made, "in_progress"))
    whole(database)


def test_a_day_before_the_dispatch_or_after_today_is_refused(callers, proposal):
    made = dispatch(callers, proposal, on="2026-02-10")
    told(step(callers["industry"], made, "received", on="2026-02-09"), 422, "on")
    told(step(callers["industry"], made, "received", on="2026-03-03"), 422, "on")
    told(step(callers["industry"], made, "received", suggested_office=DATA), 422)


def test_withdrawal_stops_every_clock(callers, proposal, database):
    made = dispatch(callers, proposal)
    gone = took(step(callers["dispatcher"], made, "withdrawn", reason="并案办理"))
    assert waiting(gone) == {"redispatch": None}  # nobody else answers it
    ended = [task["outcome"] for task in gone["tasks"] if task["kind"] != "redispatch"]
    assert set(ended) == {"void"}
    dispatch(callers, proposal)
    whole(database)


def test_two_clerks_at_once_end_in_one_success(callers, proposal):
    made = dispatch(callers, proposal)
    path = f"{V1}/assignments/{made['id']}/transitions"
    assert callers["industry"].post(path, {"to": "received"}, 1).status_code == 200
    told(callers["head"].post(path, {"to": "received"}, 1), 412)
    told(callers["head"].post(path, {"to": "received"}), 428)


# -- more time -----------------------------------------------------------------------------------


def extend(caller, assignment, until, reason="涉及面广"):
    path = f"{V1}/assignments/{assignment['id']}"
    version = caller.get(path).get_json()["version"]
    return caller.post(f"{path}/extensions", {"extended_to": until, "reason": reason}, version)


def test_more_time_is_noted_where_the_rules_want_an_explanation(callers, proposal, database):
    made = dispatch(callers, proposal)
    told(extend(callers["industry"], made, "2026-07-01"), 422, "extended_to")
    took(step(callers["industry"], made, "received"))
    told(extend(callers["industry"], made, "2026-06-02"), 422, "extended_to")
    told(extend(callers["industry"], made, "2026-09-03"), 422, "extended_to")
    told(extend(callers["data"], made, "2026-07-01"), 403)
    now = took(extend(callers["industry"], made, "2026-07-01"))
    reply = next(task for task in now["tasks"] if task["kind"] == "reply")
    assert (reply["due_on"], reply["original_due_on"]) == ("2026-07-01", "2026-06-02")
    assert reply["explanation"][-1]["zh"] == "到期 2026-07-01（周三），原到期 2026-06-02（周二）"
    assert now["extensions"][0]["state"] == "noted"
    whole(database)


def test_the_notice_may_name_other_rules_at_the_first_dispatch(callers, proposal):
    made = dispatch(callers, proposal, profile="city-fixed-dates")
    assert waiting(made)["reply"] == "2026-05-11"
    body = {"office": DATA, "role": "joint", "profile": "henan-npc-2017"}
    told(callers["dispatcher"].post(f"{proposal}/assignments", body), 422, "profile")


def test_more_time_by_consent_is_decided_by_dispatchers(callers, proposal, database):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    asked = took(extend(callers["industry"], made, "2026-07-01"))
    assert asked["extensions"][0]["state"] == "asked"
    assert waiting(asked)["reply"] == "2026-06-02"
    told(extend(callers["industry"], made, "2026-07-02"), 422, "extended_to")
    path = f"{V1}/assignments/{made['id']}/extensions/decision"
    told(callers["industry"].post(path, {"decision": "grant"}, asked["version"]), 403)
    told(callers["dispatcher"].post(path, {"decision": "refuse"}, asked["version"]), 422, "note")
    body = {"decision": "grant", "note": "代表同意"}
    granted = took(callers["dispatcher"].post(path, body, asked["version"]))
    assert waiting(granted)["reply"] == "2026-07-01"
    told(callers["dispatcher"].post(path, body, granted["version"]), 422, "decision")
    again = took(extend(callers["industry"], made, "2026-08-03"))
    refused = {"decision": "refuse", "note": "理由不足"}
    kept = took(callers["dispatcher"].post(path, refused, again["version"]))
    assert waiting(kept)["reply"] == "2026-07-01"
    assert [e["state"] for e in kept["extensions"]] == ["granted", "refused"]
    whole(database)


# -- desks ---------------------------------------------------------------------------------------


def desk(caller, office=INDUSTRY, **filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    answer = caller.get(f"{V1}/offices/{office}/worklist?{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_desk_shows_everything_latest_first(callers, laden, database):
    found = desk(callers["industry"])
    days = [item["due_on"] for item in found["items"]]
    assert days == sorted(days, key=lambda day: day or "9999")
    given = callers["industry"].get(f"{V1}/recommendations?proposal={laden['proposal']['id']}")
    undated = 1 + len(given.get_json()["items"])
    assert found["counts"] == {"overdue": 1, "soon": 1, "later": 4, "undated": undated}
    first = found["items"][0]
    assert (first["kind"], first["bucket"], first["days_late"]) == ("implement", "overdue", 5)
    assert first["recommendation"]["reference"]
    assert [s["to"] for s in first["next_steps"]][:2] == ["planned", "in_progress"]
    reply = next(item for item in found["items"] if item["kind"] == "reply")
    assert reply["assignment_id"] == laden["id"]
    whole(database)


@pytest.mark.parametrize("bucket", ["overdue", "soon", "later", "undated"])
@pytest.mark.parametrize("wanted", [None, "implement", "reply", "objection"])
@pytest.mark.usefixtures("laden")
def test_counts_agree_with_the_lists(callers, bucket, wanted):
    filters = {"kind": wanted} if wanted else {}
    listed = desk(callers["industry"], bucket=bucket, **filters)
    assert len(listed["items"]) == listed["counts"][bucket]
    assert {item["bucket"] for item in listed["items"]} <= {bucket}


@pytest.mark.parametrize("bucket", ["overdue", "soon", "later", "undated"])
def test_a_desk_by_the_state_of_what_was_dispatched(callers, proposal, laden, bucket):
    dispatch(callers, proposal, recommendation=find(callers["data"])["reference"], on="2026-01-05")
    every = desk(callers["industry"])["items"]
    for state in ("received", "pending", "in_progress"):
        own = [item["id"] for item in every if item["assignment_state"] == state]
        found = desk(callers["industry"], state=state)
        assert [item["id"] for item in found["items"]] == own
        assert sum(found["counts"].values()) == len(own)
        near = desk(callers["industry"], state=state, bucket=bucket, role="lead")
        assert len(near["items"]) == near["counts"][bucket]
    assert laden["id"]


@pytest.mark.usefixtures("laden")
def test_a_desk_is_paged_and_filtered(callers):
    whole_desk = desk(callers["industry"])["items"]
    first = desk(callers["industry"], limit=3)
    rest = desk(callers["industry"], limit=200, cursor=first["next"])
    assert first["items"] + rest["items"] == whole_desk
    lead = desk(callers["industry"], role="lead", due_before="2026-03-10")
    assert [i["due_on"] for i in lead["items"]] == [
        i["due_on"] for i in whole_desk if (i["due_on"] or "9999") < "2026-03-10"
    ]
    assert sum(lead["counts"].values()) == len(lead["items"])


@pytest.mark.usefixtures("laden")
def test_a_desk_costs_the_same_statements_whatever_lies_on_it(callers, database):
    seen = []

    def look(*args):
        seen.append(args[2])

    sa.event.listen(database.engine, "before_cursor_execute", look)
    try:
        numbers = []
        for limit in (1, 200):
            seen.clear()
            desk(callers["industry"], limit=limit)
            numbers.append(len([s for s in seen if "tasks" in s or "task_counts" in s]))
        assert numbers == [2, 2]
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", look)


@pytest.mark.usefixtures("laden")
def test_who_sees_which_desk(callers, client):
    told(callers["data"].get(f"{V1}/offices/{INDUSTRY}/worklist"), 403)
    told(client.get(f"{V1}/offices/{INDUSTRY}/worklist"), 401)
    told(callers["data"].get(f"{V1}/offices/nothing/worklist"), 404)
    mine = callers["industry"].get(f"{V1}/me/worklist").get_json()
    other = desk(callers["supervisor"])["items"]
    assert [i["id"] for i in mine["items"]] == [i["id"] for i in other]
    assert mine["counts"] == desk(callers["auditor"])["counts"]
    told(callers["industry"].get(f"{V1}/me/worklist?desk=dispatchers"), 403)
    assert callers["auditor"].get(f"{V1}/me/worklist?desk=supervisors").status_code == 200
    assert callers["auditor"].get(f"{V1}/me/worklist").get_json()["desk"] == "dispatchers"


def test_what_was_claimed_lies_on_the_desk_of_supervisors(callers, database):
    row = find(callers["industry"])
    one = f"{V1}/recommendations/{row['id']}"
    callers["industry"].post(f"{one}/offices", {"office": INDUSTRY}, 1)
    callers["industry"].post(f"{one}/transitions", {"axis": "progress", "to": "in_progress"}, 2)
    evidence = [{"title": "验收报告", "url": "https://example.org/1"}]
    claim = {"axis": "progress", "to": "implemented", "evidence": evidence}
    assert callers["industry"].post(f"{one}/transitions", claim, 3).status_code == 200
    assert desk(callers["industry"])["items"] == []
    found = callers["supervisor"].get(f"{V1}/me/worklist").get_json()
    assert [(i["kind"], i["recommendation"]["reference"]) for i in found["items"]] == [
        ("verify", row["reference"])
    ]
    assert {s["to"] for s in found["items"][0]["next_steps"]} == {"verified", "in_progress"}
    body = {"axis": "progress", "to": "verified"}
    assert callers["supervisor"].post(f"{one}/transitions", body, 4).status_code == 200
    [later] = callers["supervisor"].get(f"{V1}/me/worklist").get_json()["items"]
    assert (later["kind"], later["due_on"]) == ("look_back", "2026-09-02")
    whole(database)


def test_what_is_internal_lies_on_the_own_desk_alone(callers, proposal, laden, database, client):
    version = callers["registrar"].get(proposal).get_json()["version"]
    body = {"publication": "internal"}
    assert callers["registrar"].patch(proposal, body, version).status_code == 200
    kinds = [item["kind"] for item in desk(callers["industry"])["items"]]
    assert "reply" in kinds
    assert callers["industry"].get(proposal).status_code == 200
    told(callers["data"].get(f"{V1}/assignments/{laden['id']}"), 404)
    told(callers["data"].get(f"{proposal}/assignments"), 404)
    version = callers["registrar"].get(proposal).get_json()["version"]
    callers["registrar"].patch(proposal, {"publication": "restricted"}, version)
    left = desk(callers["industry"])
    assert "reply" not in [item["kind"] for item in left["items"]]
    assert sum(left["counts"].values()) == len(left["items"])
    whole(database)


@pytest.mark.parametrize(
    "on", ["2026-02-20", "2026-02-25", "2026-02-28", "2026-03-31", "2026-04-01", "2027-01-01"]
)
@pytest.mark.usefixtures("laden")
def test_counts_by_month_and_day_agree_on_any_day(callers, today, on):
    today["day"] = date.fromisoformat(on)
    found = desk(callers["industry"])
    told = [item["bucket"] for item in found["items"]]
    assert found["counts"] == {b: told.count(b) for b in ("overdue", "soon", "later", "undated")}
    window = desk(callers["industry"], due_before="2026-04-15", due_after="2026-02-10")
    told = [item["bucket"] for item in window["items"]]
    assert {b: n for b, n in window["counts"].items() if n} == {b: told.count(b) for b in told}


def test_why_an_office_objected_or_wants_time_is_for_itself_and_the_staff(
    callers, proposal, client
):
    made = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], made, "received"))
    took(extend(callers["industry"], made, "2026-07-01"))
    why = {"reason": "不属于本单位职责", "suggested_office": DATA}
    took(step(callers["industry"], made, "objection_pending", **why))
    path = f"{V1}/assignments/{made['id']}"

    def told_to(caller):
        seen = caller.get(path).get_json()
        return seen["objection"], seen["suggested_office"], seen["extensions"][0]["reason"]

    assert told_to(client) == told_to(callers["data"]) == (None, None, None)
    assert told_to(callers["industry"])[0] == told_to(callers["auditor"])[0] == why["reason"]
    assert told_to(callers["dispatcher"])[2] == "涉及面广"
    assert why["reason"] not in client.get(f"{proposal}/assignments").text
