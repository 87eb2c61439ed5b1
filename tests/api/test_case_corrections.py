"""What was entered wrongly of a case is corrected in place: kind, session, who proposes."""

from datetime import date

import pytest

from tests.support.casework import (
    V1,
    dispatch,
    step,
    to,
    told_anew,
    took,
    version_of,
    waiting,
    whole,
)
from tests.support.drafts import content, enter, filed, one
from tests.support.factories import INDUSTRY
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")

WHY = {"note": "纸质件为代表建议，录入时误选"}
NATIONAL = "national-lianghui-2024"


@pytest.fixture
def case(callers, people):
    """Give the path of a case that was filed as a proposal of the city's conference."""
    draft = enter(callers, confirmed(content(people, kind="cppcc_proposal")))
    filed(callers, draft, case_no="0101")
    return one(draft)


def confirmed(body):
    """Return *body* with proposers who are said to propose it wherever they sit."""
    sure = [proposer | {"capacity_confirmed": True} for proposer in body["proposers"]]
    return body | {"proposers": sure}


def correct(callers, path, who="registrar", **body):
    caller = callers[who]
    return caller.patch(path, body, version_of(callers["registrar"], path))


def history(callers, path):
    return callers["registrar"].get(f"{path}/history?limit=100").get_json()["items"]


def test_a_kind_is_corrected_with_its_reason_and_stands_in_the_history(callers, case, database):
    told(correct(callers, case, kind="npc_suggestion"), 422, "note")
    told(correct(callers, case, who="industry", kind="npc_suggestion", **WHY), 404)
    changed = took(correct(callers, case, kind="npc_suggestion", **WHY))
    assert (changed["kind"], changed["case_no"]) == ("npc_suggestion", "0101")
    last = history(callers, case)[-1]
    assert last["changes"]["kind"] == ["cppcc_proposal", "npc_suggestion"]
    assert last["note"] == WHY["note"]
    assert "代表建议" in last["story_zh"]
    assert callers["registrar"].get(f"{V1}/proposals?case_no=101").get_json()["items"] == []
    whole(database)


def test_the_number_must_be_free_in_the_series_that_it_comes_to(callers, case, people):
    other = content(people, text="另一件。建议如下。", recommendations=[], title="另一件")
    taken = enter(callers, other)
    filed(callers, taken, case_no="０１０１", without_recommendations=True)
    refused = correct(callers, case, kind="npc_suggestion", **WHY)
    told(refused, 409)
    assert took(callers["registrar"].get(one(taken)))["reference"] in refused.text
    assert took(callers["registrar"].get(case))["kind"] == "cppcc_proposal"
    moved = took(correct(callers, case, kind="npc_suggestion", case_no="0102", **WHY))
    assert (moved["kind"], moved["case_no"]) == ("npc_suggestion", "0102")


def test_with_another_session_what_waits_is_counted_by_the_rules_of_there(
    callers, case, today, database
):
    registrar = callers["registrar"]
    took(correct(callers, case, publication="internal"))
    given = dispatch(callers, case)
    today["day"] = date(2026, 3, 9)
    took(step(callers["industry"], given, "received"))
    before = waiting(took(registrar.get(f"{V1}/assignments/{given['id']}")))
    figures = took(registrar.get(f"{V1}/tags/computing-power-center/progress"))
    changed = took(correct(callers, case, session=NATIONAL, kind="npc_suggestion", **WHY))
    assert changed["session"]["slug"] == NATIONAL
    assert changed["profile"].startswith("national-npc-2025")
    story = "".join(row["story_zh"] for row in took(registrar.get(f"{case}/history"))["items"])
    assert "会议由“郑州市两会" in story
    assert "（cppcc-common-practice@1）”改为“全国（代表法2025年第五十一条）（national-" in story
    after = waiting(took(registrar.get(f"{V1}/assignments/{given['id']}")))
    assert before == {"objection": "2026-03-16", "reply": "2026-06-09"}
    today["day"] = date(2026, 3, 2)
    assert after == {"reply": "2026-06-02"} == dispatched_there(callers)
    moved = took(registrar.get(f"{V1}/tags/computing-power-center/progress"))
    assert moved["total"] == figures["total"]
    listed = took(registrar.get(f"{V1}/proposals?session={NATIONAL}&limit=200"))["items"]
    assert changed["id"] in [row["id"] for row in listed]
    whole(database)
    told_anew(database)


def dispatched_there(callers):
    """Return what waits in a case that was entered rightly from the start."""
    known = took(callers["registrar"].get(f"{V1}/persons?limit=1"))["items"][0]["slug"]
    body = content([known], session=NATIONAL, text="国家层面的建议：加快建设。", recommendations=[])
    draft = enter(callers, confirmed(body))
    filed(callers, draft, without_recommendations=True)
    took(correct(callers, one(draft), publication="internal"))
    given = dispatch(callers, one(draft))
    return waiting(took(step(callers["industry"], given, "received")))


def test_who_proposes_is_corrected_in_their_order(callers, case, people, database):
    registrar = callers["registrar"]
    lead, cosigner, seconder = people
    wrong = [{"proposer": lead, "role": "cosigner"}]
    told(correct(callers, case, proposers=wrong, **WHY), 422, "proposers")
    nobody = [{"proposer": "nobody", "role": "lead"}]
    told(correct(callers, case, proposers=nobody, **WHY), 422, "proposers.0.proposer")
    right = [
        {"proposer": seconder, "role": "lead"},
        {"proposer": lead, "role": "cosigner"},
        {"proposer": "zhengzhou-cppcc", "role": "seconder"},
    ]
    told(correct(callers, case, proposers=right, **WHY), 422, "proposers.0.capacity_confirmed")
    changed = took(correct(callers, case, **confirmed({"proposers": right}), **WHY))
    shown = [(one["slug"], one["role"], one["position"]) for one in changed["proposers"]]
    assert shown == [
        (seconder, "lead", 1), (lead, "cosigner", 2), ("zhengzhou-cppcc", "seconder", 3),
    ]  # fmt: skip
    last = [e for e in history(callers, case) if "proposers" in e["changes"]][-1]
    assert last["changes"]["proposers"][1][0] == "新代表"
    for word in (changed["proposers"][0]["name"], changed["proposers"][2]["name"]):
        found = took(registrar.get(f"{V1}/recommendations?q={word}&proposal={changed['id']}"))
        assert len(found["items"]) == 2
    gone = took(registrar.get(f"{V1}/proposals?proposer={cosigner}&limit=200"))["items"]
    assert changed["id"] not in [row["id"] for row in gone]
    whole(database)


def test_what_is_right_already_is_not_told_again(callers, case, people):
    before = took(callers["registrar"].get(case))
    same = {"proposers": [{"proposer": s, "role": r} for s, r in zip(people, ROLES, strict=True)]}
    after = took(correct(callers, case, kind="cppcc_proposal", **confirmed(same), **WHY))
    assert after["version"] == before["version"]


ROLES = ("lead", "cosigner", "seconder")


def test_extensions_stay_when_the_rules_become_others(callers, case, today):
    took(correct(callers, case, publication="internal"))
    given = took(step(callers["industry"], dispatch(callers, case, office=INDUSTRY), "received"))
    path = f"{V1}/assignments/{given['id']}"
    asked = {"extended_to": "2026-08-31", "reason": "涉及面广，需会商多个部门"}
    took(to(callers["industry"], given, "extensions", asked))
    before = [t for t in took(callers["auditor"].get(path))["tasks"] if t["kind"] == "reply"]
    assert before[0]["due_on"] == "2026-08-31"
    took(correct(callers, case, session=NATIONAL, kind="npc_suggestion", **WHY))
    reply = [t for t in took(callers["auditor"].get(path))["tasks"] if t["kind"] == "reply"]
    assert reply[0]["due_on"] == "2026-08-31"


def test_rules_that_dispatchers_chose_by_name_stay(callers, case):
    took(correct(callers, case, publication="internal"))
    given = dispatch(callers, case, profile="qingdao-npc-2021")
    before = waiting(given)
    changed = took(correct(callers, case, session=NATIONAL, kind="npc_suggestion", **WHY))
    assert changed["profile"].startswith("qingdao-npc-2021")
    path = f"{V1}/assignments/{given['id']}"
    assert waiting(took(callers["registrar"].get(path))) == before
