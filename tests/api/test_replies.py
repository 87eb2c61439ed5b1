"""Replies point by point, joint opinions, contacts, ratings and handling again."""

from datetime import date

import pytest

from tests.support.casework import V1, dispatch, step, to, took, waiting, whole
from tests.support.factories import DATA, INDUSTRY, PARK
from tests.support.problems import told
from tests.support.replies import (
    SENT,
    assignment_of,
    body,
    draft,
    move,
    rate,
    reply_of,
    send,
    sign,
)

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


# -- a reply, point by point ---------------------------------------------------------------------


def test_a_reply_is_drafted_checked_sent_and_published(callers, proposal, lead, client, database):
    promise = {"text": "年底前开工建设产业园", "on": "2026-12-31"}
    content = body(callers, proposal, promise=promise)
    made = took(draft(callers["industry"], lead, content))
    assert (made["reference"], made["state"]) == ("D002-P04-A01-V1", "draft")
    park = next(p for p in made["points"] if p["recommendation"]["reference"] == PARK)
    assert (park["outcome"], park["label"], park["acceptance"]) == ("planned", "B", "accepted")
    assert (park["promised_on"], park["promise_strength"]) == ("2026-12-31", "dated")
    desk = callers["dispatcher"].get(f"{V1}/me/worklist").get_json()["items"]
    assert [item["kind"] for item in desk] == ["check_reply"]
    early = move(callers["head"], lead, 1, "sent", **SENT)
    told(early, 409)
    who = "checked (by dispatchers), returned (by dispatchers)."
    assert early.get_json()["detail"].endswith(f"it can now become: {who}")
    took(move(callers["dispatcher"], lead, 1, "checked"))
    told(move(callers["head"], lead, 1, "sent"), 422, "document_no")
    told(move(callers["industry"], lead, 1, "sent", **SENT), 403)
    sent = took(move(callers["head"], lead, 1, "sent", **SENT))
    assert (sent["state"], sent["document_no"]) == ("sent", SENT["document_no"])
    now = assignment_of(callers["industry"], lead)
    assert (now["state"], now["ended_on"]) == ("answered", "2026-03-02")
    assert waiting(now) == {"feedback": "2026-03-16", "publish": "2026-03-30"}
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "replied"
    told(client.get(f"{V1}/assignments/{lead['id']}/replies/1"), 404)
    took(move(callers["head"], lead, 1, "published"))
    shown = took(client.get(f"{V1}/assignments/{lead['id']}/replies/1"))
    assert (shown["state"], shown["evaluations"]) == ("published", None)
    assert shown["allowed_steps"] == []
    whole(database)


def test_a_reply_moves_acceptance_and_never_progress(callers, proposal, lead, database):
    refusing = {"outcome": "not_feasible", "label": None, "text": "条件不具备"}
    del refusing["label"]
    content = body(callers, proposal)
    content["points"][0] |= {"outcome": "for_reference", "text": "留作参考"}
    took(draft(callers["industry"], lead, content))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    number = proposal.rpartition("/")[2]
    path = f"{V1}/recommendations?proposal={number}&limit=200"
    before = callers["auditor"].get(path).get_json()["items"]
    assert {row["acceptance"] for row in before} == {"undecided"}
    took(move(callers["head"], lead, 1, "sent", **SENT))
    after = callers["auditor"].get(path).get_json()["items"]
    assert [row["acceptance"] for row in after] == ["not_accepted"] + ["accepted"] * (
        len(after) - 1
    )
    assert [row["progress"] for row in after] == [row["progress"] for row in before]
    one = callers["auditor"].get(f"{V1}/recommendations/{after[0]['id']}/history").get_json()
    [moved] = [e for e in one["items"] if e["operation"] == "recommendation.acceptance_changed"]
    assert moved["note"] == "D002-P04-A01-V1"  # the text is not public yet
    whole(database)


WRONG = [
    ({"label": "Z"}, "label"),
    ({"label": "A"}, "label"),
    ({"outcome": "deferred"}, "acceptance"),
    ({"acceptance": "undecided"}, "acceptance"),
    ({"promise": {"text": "尽快", "on": "2026-03-01"}}, "promise.on"),
    ({"promise": {"text": "尽快", "strength": "dated"}}, "promise.strength"),
    ({"recommendation": "D000-P01-R01"}, "recommendation"),
    ({"recommendation": "D999-P01-R01"}, "recommendation"),
    ({"outcome": "solved"}, "outcome"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_a_wrong_point_is_named(callers, proposal, lead, change, field):
    content = body(callers, proposal)
    content["points"][0] |= change
    told(draft(callers["industry"], lead, content), 422, f"points.0.{field}")
    assert assignment_of(callers["industry"], lead)["replies"] == []


def test_a_letter_that_stands_for_several_outcomes_asks_which(callers, proposal, lead):
    content = body(callers, proposal)
    point = content["points"][0]
    point["label"] = "B"
    del point["outcome"]
    answer = draft(callers["industry"], lead, content)
    told(answer, 422, "points.0.outcome")
    assert "in_progress, planned" in answer.get_json()["errors"][0]["message"]
    point["label"] = "A"
    made = took(draft(callers["industry"], lead, content))
    assert made["points"][0]["outcome"] == "resolved"
    del point["label"]
    told(draft(callers["industry"], lead, content), 422, "points.0.outcome")


def test_every_recommendation_is_answered_once(callers, proposal, lead):
    content = body(callers, proposal)
    content["points"][1]["recommendation"] = content["points"][0]["recommendation"]
    answer = draft(callers["industry"], lead, content)
    told(answer, 422, "points.1.recommendation")
    assert "points" in {error["field"] for error in answer.get_json()["errors"]}
    told(draft(callers["industry"], lead, {"text": "答复"}), 422, "points")


def test_what_was_dispatched_alone_is_left_to_whom_it_was_given(callers, proposal, lead, database):
    made = dispatch(callers, proposal, DATA, "sole", recommendation=PARK)
    took(step(callers["data"], made, "received"))
    content = body(callers, proposal)
    told(draft(callers["industry"], lead, content), 422)
    park = [p for p in content["points"] if p["recommendation"] == PARK]
    content["points"] = [p for p in content["points"] if p not in park]
    took(draft(callers["industry"], lead, content))
    took(draft(callers["data"], made, {"text": "答复", "points": park}))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "in_progress"
    took(move(callers["dispatcher"], made, 1, "checked"))
    took(move(callers["data_head"], made, 1, "sent", **SENT))
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "replied"
    whole(database)


def test_a_check_may_change_a_letter_and_says_why(callers, proposal, lead, database):
    took(draft(callers["industry"], lead, body(callers, proposal, outcome="resolved")))
    change = {"recommendation": PARK, "label": "C", "reason": "尚未开工，不能列为A类"}
    wrong = {**change, "label": "Z"}
    told(move(callers["dispatcher"], lead, 1, "checked", labels=[wrong]), 422, "labels.0.label")
    other = {**change, "recommendation": "D000-P01-R01"}
    checked = move(callers["dispatcher"], lead, 1, "checked", labels=[other])
    told(checked, 422, "labels.0.recommendation")
    shown = took(move(callers["dispatcher"], lead, 1, "checked", labels=[change]))
    park = next(p for p in shown["points"] if p["recommendation"]["reference"] == PARK)
    assert (park["label"], park["outcome"]) == ("A", "resolved")
    assert (park["checked_label"], park["checked_outcome"]) == ("C", "deferred")
    assert park["check_reason"] == change["reason"]
    labels = {"labels": [change]}
    told(move(callers["head"], lead, 1, "sent", **SENT, **labels), 422, "labels")
    whole(database)


def test_a_returned_version_stays_and_the_next_takes_its_place(callers, proposal, lead, database):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    told(move(callers["dispatcher"], lead, 1, "returned"), 422, "reason")
    back = took(move(callers["dispatcher"], lead, 1, "returned", reason="请逐条答复"))
    assert (back["state"], back["remark"]) == ("returned", "请逐条答复")
    assert waiting(assignment_of(callers["industry"], lead)).keys() >= {"reply"}
    took(draft(callers["industry"], lead, body(callers, proposal)))
    assert reply_of(callers["industry"], lead, 1).get_json()["state"] == "replaced"
    told(move(callers["dispatcher"], lead, 1, "checked"), 409)
    took(move(callers["dispatcher"], lead, 2, "checked"))
    took(move(callers["head"], lead, 2, "sent", **SENT))
    took(move(callers["head"], lead, 2, "published"))
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(move(callers["dispatcher"], lead, 3, "checked"))
    took(move(callers["head"], lead, 3, "sent", **SENT))
    states = [reply["state"] for reply in assignment_of(callers["head"], lead)["replies"]]
    assert states == ["replaced", "replaced", "sent"]
    assert reply_of(callers["data"], lead, 2).get_json()["text"] == "关于建议的答复"
    told(reply_of(callers["data"], lead, 3), 404)
    told(reply_of(callers["industry"], lead, 4), 404)
    whole(database)


def test_who_can_draft_and_when(callers, proposal, database):
    made = dispatch(callers, proposal)
    told(draft(callers["industry"], made, body(callers, proposal)), 409)
    took(step(callers["industry"], made, "received"))
    told(draft(callers["data"], made, body(callers, proposal)), 403)
    informed = dispatch(callers, proposal, DATA, "for_information")
    took(step(callers["data"], informed, "received"))
    told(draft(callers["data"], informed, {"text": "答复"}), 403)
    took(step(callers["dispatcher"], made, "withdrawn", reason="并案办理"))
    told(draft(callers["industry"], made, body(callers, proposal)), 409)
    whole(database)


def test_two_clerks_at_once_end_in_one_draft(callers, proposal, lead):
    path, version = f"{V1}/assignments/{lead['id']}/replies", lead["version"]
    content = body(callers, proposal)
    assert callers["industry"].post(path, content, version).status_code == 201
    told(callers["head"].post(path, content, version), 412)
    told(callers["head"].post(path, content), 428)


# -- joint offices -------------------------------------------------------------------------------


@pytest.fixture
def joint(callers, proposal, lead):
    """Give the assignment of the data office, which has a part in it and received it."""
    made = dispatch(callers, proposal, DATA, "joint")
    return took(step(callers["data"], made, "received"))


def test_the_reply_waits_for_joint_opinion_and_countersignature(
    callers, proposal, lead, joint, database
):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    assert "countersign" in waiting(assignment_of(callers["data"], joint))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    answer = move(callers["head"], lead, 1, "sent", **SENT)
    told(answer, 409)
    assert "joint opinion" in answer.get_json()["detail"]
    took(draft(callers["data"], joint, {"text": "同意主办单位意见"}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))
    answer = move(callers["head"], lead, 1, "sent", **SENT)
    assert "countersignature" in answer.get_json()["detail"]
    told(sign(callers["data"], joint), 403)
    told(sign(callers["head"], joint), 403)
    told(sign(callers["data_head"], joint, "D002-P04-A01-V9"), 422, "reply")
    told(sign(callers["data_head"], joint, agrees=False), 422, "note")
    assert took(sign(callers["data_head"], joint))["awaited"] == []
    told(sign(callers["data_head"], joint), 409)
    sent = took(move(callers["head"], lead, 1, "sent", **SENT))
    assert [c["office"]["slug"] for c in sent["countersignatures"]] == [DATA]
    told(sign(callers["data_head"], joint), 409)
    now = assignment_of(callers["data"], joint)
    assert (now["state"], waiting(now)) == ("answered", {})
    assert reply_of(callers["industry"], joint).get_json()["text"] == "同意主办单位意见"
    whole(database)


def test_a_joint_office_that_agreed_is_told_that_its_own_opinion_is_awaited(
    callers, proposal, lead, joint, client
):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    assert assignment_of(callers["data"], joint)["awaited"] == ["co_opinion", "countersign"]
    assert assignment_of(callers["industry"], lead)["awaited"] == ["reply"]
    assert "countersign" not in assignment_of(client, joint)["awaited"]
    assert took(sign(callers["data_head"], joint))["awaited"] == ["co_opinion"]
    assert assignment_of(callers["data"], joint)["awaited"] == ["co_opinion"]
    took(move(callers["dispatcher"], lead, 1, "checked"))
    refused = move(callers["head"], lead, 1, "sent", **SENT)
    assert "joint opinion" in refused.get_json()["detail"]
    took(draft(callers["data"], joint, {"text": "同意主办单位意见"}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))
    assert assignment_of(callers["data"], joint)["awaited"] == []
    took(move(callers["head"], lead, 1, "sent", **SENT))


def test_to_object_is_a_right_and_not_awaited(callers, proposal):
    given = dispatch(callers, proposal)
    assert "objection" in waiting(given)
    assert given["awaited"][0] == "receive"
    assert "objection" not in given["awaited"]


def test_a_joint_office_that_does_not_agree_stops_the_reply(
    callers, proposal, lead, joint, database
):
    took(draft(callers["data"], joint, {"text": "同意"}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(sign(callers["data_head"], joint, agrees=False, note="数据口径不一致"))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    told(move(callers["head"], lead, 1, "sent", **SENT), 409)
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    told(move(callers["head"], lead, 2, "sent", **SENT), 409)
    took(sign(callers["data_head"], joint, "D002-P04-A01-V2"))
    took(move(callers["head"], lead, 2, "sent", **SENT))
    whole(database)


def test_a_joint_office_countersigns_each_reply_it_has_a_part_in(
    callers, proposal, lead, joint, database
):
    other = dispatch(callers, proposal, "zhengzhou-government", "sole", recommendation=PARK)
    head = callers["government"]
    took(step(head, other, "received"))
    content = body(callers, proposal)
    park = [p for p in content["points"] if p["recommendation"] == PARK]
    rest = [p for p in content["points"] if p not in park]
    took(draft(callers["industry"], lead, {"text": "答复", "points": rest}))
    took(draft(head, other, {"text": "答复", "points": park}))

    def asked(assignment):
        seen = assignment_of(callers["auditor"], assignment)
        waits = [t for t in seen["tasks"] if t["kind"] == "countersign" and not t["ended_on"]]
        return len(waits)

    assert asked(joint) == 2
    took(sign(callers["data_head"], joint))
    assert asked(joint) == 1
    took(draft(callers["industry"], lead, {"text": "答复二", "points": rest}))
    assert asked(joint) == 2
    late = dispatch(callers, proposal, "zhengzhou-finance", "joint")
    assert asked(late) == 2
    took(move(callers["dispatcher"], lead, 2, "returned", reason="请补充"))
    assert (asked(joint), asked(late)) == (1, 1)
    took(step(callers["dispatcher"], other, "withdrawn", reason="改由主办单位答复"))
    assert (asked(joint), asked(late)) == (0, 0)
    whole(database)


def test_a_joint_opinion_can_be_asked_for_again(callers, proposal, lead, joint, database):
    took(draft(callers["data"], joint, {"text": "无意见"}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))
    told(move(callers["dispatcher"], joint, 1, "returned"), 422, "reason")
    took(move(callers["dispatcher"], joint, 1, "returned", reason="过于简单"))
    now = assignment_of(callers["data"], joint)
    assert (now["state"], waiting(now)) == ("in_progress", {"co_opinion": "2026-03-09"})
    took(draft(callers["data"], joint, {"text": "逐条说明"}))
    took(move(callers["data_head"], joint, 2, "sent", signed_by="局长"))
    whole(database)


def test_what_ends_takes_what_hangs_on_it_along(callers, proposal, lead, joint, database):
    below = {"office": "zhengzhou-finance", "role": "lead", "parent": lead["reference"]}
    made = callers["head"].post(f"{proposal}/assignments", below).get_json()
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局办理"))
    assert "countersign" not in waiting(assignment_of(callers["data"], joint))
    gone = assignment_of(callers["auditor"], made)
    assert (gone["state"], waiting(gone)) == ("withdrawn", {})
    whole(database)


# -- contacts ------------------------------------------------------------------------------------


def test_contacts_are_a_log(callers, proposal, lead, client, database):
    path = f"{V1}/assignments/{lead['id']}/contacts"
    proposer = callers["auditor"].get(proposal).get_json()["proposers"][0]["slug"]
    noted = {"channel": "meeting", "note": "当面听取意见", "proposer": proposer}
    told(callers["data"].post(path, noted), 403)
    told(callers["industry"].post(path, noted | {"on": "2026-03-03"}), 422, "on")
    told(callers["industry"].post(path, noted | {"on": "2026-03-01"}), 422, "on")
    told(callers["industry"].post(path, noted | {"proposer": "nobody"}), 422, "proposer")
    took(callers["industry"].post(path, noted))
    took(callers["industry"].post(path, {"channel": "phone", "note": "电话回访"}))
    seen = assignment_of(callers["head"], lead)["contacts"]
    assert [(c["channel"], c["note"]) for c in seen] == [
        ("meeting", "当面听取意见"), ("phone", "电话回访"),
    ]  # fmt: skip
    assert seen[0]["proposer"]["slug"] == proposer
    public = client.get(f"{V1}/assignments/{lead['id']}").get_json()["contacts"]
    assert [(c["channel"], c["note"], c["proposer"]) for c in public] == [
        ("meeting", None, None), ("phone", None, None),
    ]  # fmt: skip
    whole(database)


# -- ratings and handling again ------------------------------------------------------------------


def test_a_satisfied_proposer_ends_it(callers, proposal, lead, database):
    told(rate(callers, lead, proposal), 404)
    took(draft(callers["industry"], lead, body(callers, proposal)))
    told(rate(callers, lead, proposal), 409)
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    told(rate(callers, lead, proposal, who="industry"), 403)
    told(rate(callers, lead, proposal, proposer="nobody"), 422, "proposer")
    told(rate(callers, lead, proposal, on="2026-03-01"), 422, "on")
    rated = took(rate(callers, lead, proposal, attitude="understood", comment="希望加快"))
    [form] = rated["evaluations"]
    assert (form["attitude"], form["result"]) == ("understood", "satisfied")
    assert (form["paper"], form["entered_by"]) == ("反馈意见表第1号", "测试人员")
    told(rate(callers, lead, proposal), 409)
    assert waiting(assignment_of(callers["auditor"], lead)).keys() == {"publish"}
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "evaluated"
    whole(database)


def test_an_office_never_enters_its_own_rating(client, database, callers, proposal, lead):
    from app.core.codes import Role
    from tests.support.factories import make_caller

    send(callers, lead, proposal)
    roles = (Role.REGISTRAR,)
    callers["inside"] = make_caller(client, database, *roles, office=INDUSTRY)
    answer = rate(callers, lead, proposal, who="inside")
    told(answer, 403)
    assert "cannot enter how it is rated" in answer.get_json()["detail"]


def test_dissatisfaction_starts_handling_again_with_its_own_limit(
    callers, proposal, lead, database, today
):
    send(callers, lead, proposal)
    today["day"] = date(2026, 3, 9)
    took(rate(callers, lead, proposal, result="dissatisfied"))
    now = assignment_of(callers["industry"], lead)
    assert (now["state"], now["ended_on"]) == ("in_progress", None)
    assert waiting(now) == {"publish": "2026-03-30", "rehandle": "2026-04-09"}
    lines = next(t for t in now["tasks"] if t["kind"] == "rehandle")["explanation"]
    assert lines[0]["zh"] == "期限：自评价之日起1个月（通行做法，未见当地文件）"
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "reprocessing"
    again = send(callers, lead, proposal, number=2)
    assert again["round"] == 2
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "replied"
    took(rate(callers, lead, proposal, number=2, result="dissatisfied"))
    now = assignment_of(callers["industry"], lead)
    assert "assess" in waiting(now)
    assert now["state"] == "answered"
    content = {"decision": "handle_again", "note": "专家评估认为应当补充措施"}
    told(to(callers["industry"], lead, "assessment", content), 403)
    took(to(callers["dispatcher"], lead, "assessment", content))
    told(to(callers["dispatcher"], lead, "assessment", content), 409)
    third = send(callers, lead, proposal, number=3)
    assert third["round"] == 3
    took(rate(callers, lead, proposal, number=3, result="dissatisfied"))
    took(to(callers["dispatcher"], lead, "assessment", content | {"decision": "leave"}))
    assert callers["auditor"].get(proposal).get_json()["handling_state"] == "evaluated"
    told(rate(callers, lead, proposal, number=1), 409)
    whole(database)


def test_rules_may_want_an_assessment_first(callers, proposal, database):
    made = dispatch(callers, proposal, profile="qingdao-npc-2021")
    took(step(callers["industry"], made, "received"))
    send(callers, made, proposal)
    took(rate(callers, made, proposal, result="dissatisfied"))
    now = assignment_of(callers["industry"], made)
    assert (now["state"], "assess" in waiting(now)) == ("answered", True)
    whole(database)


def test_a_form_after_the_window_is_refused_and_the_day_named(callers, proposal, lead, today):
    send(callers, lead, proposal)
    today["day"] = date(2026, 3, 17)
    answer = rate(callers, lead, proposal)
    told(answer, 409)
    assert "2026-03-16" in answer.get_json()["detail"]
    took(rate(callers, lead, proposal, on="2026-03-16"))
