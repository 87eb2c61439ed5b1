"""A reform of the city's offices, over HTTP: asked, approved, carried out in one act."""

import pytest

from app.core.codes import Role
from tests.support.accounts import approved
from tests.support.casework import V1, dispatch, step, told_anew, took, version_of, waiting, whole
from tests.support.factories import EDITOR, INDUSTRY, PARK, REGISTRAR, find, make_caller
from tests.support.replies import rate, send

pytestmark = pytest.mark.one_database

DATA, NEW = "zhengzhou-data", "zhengzhou-digital-industry"
PAPER = "郑办〔2026〕12号"
BUREAU = {
    "slug": NEW,
    "kind": "department",
    "name_zh": "郑州市数字产业局",
    "aliases": ["市数产局"],
    "parent": "zhengzhou-government",
    "region_code": "410100",
    "is_office": True,
}
MERGER = {
    "effective_on": "2026-03-02",
    "paper": PAPER,
    "created": [BUREAU],
    "ended": [
        {"organization": INDUSTRY, "successors": [NEW]},
        {"organization": DATA, "successors": [NEW]},
    ],
    "reason": "机构改革方案已批准",
}


@pytest.fixture
def security(client, database):
    return make_caller(client, database, Role.SECURITY_ADMIN)


def reform(callers, security, **body):
    """Ask for a reform, approve it, and return the approval as it was asked."""
    asked = callers["registrar"].post(f"{V1}/reforms", MERGER | body)
    approved(security, asked)
    return asked.get_json()


def messages(answer):
    """Return what a refusal says of each field."""
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["message"] for error in answer.get_json()["errors"]}


def test_what_is_open_passes_with_its_days_and_what_is_finished_stays(
    today, callers, security, database, proposal, lead, client
):
    joint = dispatch(callers, proposal, DATA, "joint")
    one = f"{V1}/recommendations/{find(callers['industry'])['id']}"
    took(
        callers["industry"].post(
            f"{one}/transitions",
            {"axis": "progress", "to": "in_progress"},
            version_of(callers["industry"], one),
        )
    )
    took(
        callers["industry"].post(
            f"{one}/reports",
            {"text": "已选址", "percent": 30},
            version_of(callers["industry"], one),
        )
    )
    before = callers["dispatcher"].get(f"{V1}/assignments/{lead['id']}").get_json()
    asked = reform(callers, security)
    opened = asked["payload"]["open"]
    assert opened[INDUSTRY]["assignments"] == opened[DATA]["assignments"] == 1
    assert opened[INDUSTRY]["keys"] >= 2

    # Keys never pass: who worked for the bureau needs a new one, and is of the new bureau.
    assert callers["industry"].get(f"{V1}/me").status_code == 401
    assert callers["data_head"].get(f"{V1}/me").status_code == 401
    editor = make_caller(client, database, *EDITOR, office=NEW)
    after = editor.get(f"{V1}/assignments/{lead['id']}").get_json()
    assert (before["office"]["slug"], after["office"]["slug"]) == (INDUSTRY, NEW)
    assert waiting(after) == waiting(before)
    assert after["state"] == before["state"]

    # Of two of one scope the one that answers stays.
    ended = editor.get(f"{V1}/assignments/{joint['id']}").get_json()
    assert (ended["office"]["slug"], ended["state"]) == (DATA, "withdrawn")

    shown = editor.get(one).get_json()
    assert (shown["lead_office"]["slug"], shown["joint_offices"]) == (NEW, [])
    report = editor.get(f"{one}/reports").get_json()["items"][0]
    assert report["office"]["slug"] == INDUSTRY, "what was reported stays with who reported it"
    desk = editor.get(f"{V1}/me/worklist?limit=200").get_json()["items"]
    assert lead["reference"] in {item["assignment_reference"] for item in desk}
    gone = callers["dispatcher"].get(f"{V1}/offices/{INDUSTRY}/worklist").get_json()
    assert gone["items"] == []
    took(step(editor, lead, "in_progress"))
    told = editor.get(f"{proposal}/history?limit=200").get_json()["items"]
    assert any(PAPER in (event["note"] or "") for event in told)
    whole(database)
    told_anew(database)


def test_the_ended_office_is_known_and_given_nothing_more(callers, security, proposal, database):
    reform(callers, security)
    shown = callers["registrar"].get(f"{V1}/organizations/{INDUSTRY}").get_json()
    assert (shown["ended_on"], shown["successor"]["slug"]) == ("2026-03-02", NEW)
    assert shown["is_office"] is False
    assert (shown["name_status"], shown["name_source"]) == ("changed", PAPER)
    refused = callers["dispatcher"].post(
        f"{proposal}/assignments", {"office": INDUSTRY, "role": "lead"}
    )
    assert "office" in messages(refused)
    account = {"kind": "integrator", "name": "旧局接口", "roles": ["reader"], "office": INDUSTRY}
    assert "office" in messages(security.post(f"{V1}/principals", account))
    again = callers["registrar"].post(f"{V1}/reforms", MERGER | {"created": []})
    assert INDUSTRY in messages(again)["ended.0.organization"]
    whole(database)
    told_anew(database)


def test_a_name_from_a_day_on_leaves_the_name_of_before(callers, security, database, proposal):
    one = f"{V1}/recommendations/{find(callers['industry'])['id']}"
    took(
        callers["industry"].post(
            f"{one}/offices", {"office": INDUSTRY}, version_of(callers["industry"], one)
        )
    )
    took(
        callers["industry"].post(
            f"{one}/reports", {"text": "已选址"}, version_of(callers["industry"], one)
        )
    )
    new = {"organization": INDUSTRY, "name_zh": "郑州市工业发展局", "name_en": None}
    reform(callers, security, created=[], ended=[], renamed=[new], effective_on="2026-03-01")
    registrar = callers["registrar"]
    shown = registrar.get(f"{V1}/organizations/{INDUSTRY}").get_json()
    assert shown["name_zh"] == "郑州市工业发展局"
    assert (shown["name_status"], shown["name_source"]) == ("in_use", PAPER)
    assert [(n["name_zh"], n["until"]) for n in shown["former_names"]] == [
        ("郑州市工业和信息化局", "2026-03-01")
    ]
    for words in ("工业发展", "工业和信息化局"):
        found = registrar.get(f"{V1}/organizations?q={words}").get_json()["items"]
        assert INDUSTRY in {item["slug"] for item in found}
    assert registrar.get(one).get_json()["lead_office"]["name_zh"] == "郑州市工业发展局"
    earlier = {"effective_on": "2026-03-01"}
    body = MERGER | {"created": [], "ended": [], "renamed": [new | {"name_zh": "又一名称"}]}
    refused = registrar.post(f"{V1}/reforms", body | earlier)
    assert "2026-03-01" in messages(refused)["renamed.0.organization"]
    whole(database)
    told_anew(database)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"effective_on": "2026-03-03"}, "effective_on"),
        ({"created": [], "ended": []}, "ended"),
        ({"created": [BUREAU, BUREAU]}, "created.1.slug"),
        ({"created": [BUREAU | {"name_status": "in_use"}]}, "created.0.name_source"),
        ({"created": []}, "ended.0.successors"),
        ({"ended": [{"organization": INDUSTRY, "successors": [INDUSTRY]}]}, "ended.0.successors"),
        ({"ended": [{"organization": "nobody", "successors": [NEW]}]}, "ended.0.organization"),
        (
            {"moved": [{"organization": "zhengzhou-data", "parent": "nobody"}]},
            "moved.0.parent",
        ),
    ],
)
def test_what_cannot_be_a_reform_is_refused(callers, today, body, field):
    refused = callers["registrar"].post(f"{V1}/reforms", MERGER | body)
    assert field in messages(refused)


def test_an_office_with_open_work_needs_a_successor(today, callers, lead):
    alone = [{"organization": INDUSTRY, "successors": []}]
    refused = callers["registrar"].post(f"{V1}/reforms", MERGER | {"ended": alone})
    assert "assignments: 1" in messages(refused)["ended.0.successors"]


def test_two_persons_and_what_changed_meanwhile(callers, security, client, database, today):
    registrar = callers["registrar"]
    asked = registrar.post(f"{V1}/reforms", MERGER).get_json()
    path = f"{V1}/approvals/{asked['id']}/decision"
    assert registrar.post(path, {"decision": "approve"}).status_code == 403
    assert callers["dispatcher"].post(f"{V1}/reforms", MERGER).status_code == 403
    one = f"{V1}/organizations/{DATA}"
    took(registrar.patch(one, {"aliases": ["市数据局"]}, version_of(registrar, one)))
    other = make_caller(client, database, *REGISTRAR)
    decided = other.post(path, {"decision": "approve"})
    assert (decided.status_code, decided.get_json()["type"]) == (409, "/problems/overtaken")
    assert registrar.get(f"{V1}/organizations/{NEW}").status_code == 404


def test_what_nobody_took_on_is_suggested_to_the_successor(callers, security, database):
    reform(callers, security)
    shown = find(callers["registrar"], PARK)
    assert shown["lead_status"] == "suggested"
    assert shown["lead_office"]["slug"] == NEW
    whole(database)
    told_anew(database)


def test_what_was_answered_stays_in_its_name_and_its_promise_passes(
    today, callers, security, database, proposal, lead, client
):
    promise = {"text": "年底前开工", "strength": "dated", "on": "2026-12-31"}
    send(callers, lead, proposal, outcome="planned", promise=promise)
    reform(callers, security)
    editor = make_caller(client, database, *EDITOR, office=NEW)
    answered = editor.get(f"{V1}/assignments/{lead['id']}").get_json()
    assert (answered["office"]["slug"], answered["state"]) == (NEW, "answered")
    for filters, number in ((f"office={INDUSTRY}", 1), (f"office={NEW}", 0)):
        listed = callers["dispatcher"].get(f"{V1}/replies?{filters}").get_json()["items"]
        assert [one["office"]["slug"] for one in listed] == [INDUSTRY] * number
    promised = editor.get(f"{V1}/commitments?office={NEW}").get_json()["items"]
    assert [one["text"] for one in promised] == ["年底前开工"]
    desk = editor.get(f"{V1}/me/worklist?kind=keep_promise").get_json()["items"]
    assert [item["due_on"] for item in desk] == ["2026-12-31"]
    whole(database)
    told_anew(database)


def test_an_office_never_enters_the_rating_of_what_one_it_came_from_handled(
    today, callers, security, database, proposal, lead, client
):
    joint = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["dispatcher"], joint, "withdrawn", reason="无需会办"))
    send(callers, lead, proposal)
    reform(callers, security, ended=[{"organization": DATA, "successors": [NEW]}])
    other = "zhengzhou-education"
    callers["inside"] = make_caller(client, database, Role.REGISTRAR, office=NEW)
    callers["other"] = make_caller(client, database, Role.REGISTRAR, office=other)
    refused = rate(callers, lead, proposal, who="inside")
    assert refused.status_code == 403
    assert "cannot enter how it is rated" in refused.get_json()["detail"]
    took(rate(callers, lead, proposal, who="other"))
    whole(database)


def test_history_names_who_had_it_then_and_tells_the_transfer(
    today, callers, security, client, database, proposal, lead
):
    reform(callers, security)
    told = callers["registrar"].get(f"{proposal}/history?limit=200").get_json()["items"]
    dispatched = next(e for e in told if e["operation"] == "assignment.created")
    assert "郑州市工业和信息化局" in dispatched["story_zh"]
    passed = next(e for e in told if e["operation"] == "assignment.passed")
    names = ("郑州市工业和信息化局", "郑州市数字产业局", PAPER)
    assert all(name in passed["story_zh"] for name in names)
    for caller in (callers["registrar"], None):
        shown = (caller or client).get(f"{proposal}/history?limit=200").get_json()["items"]
        assert "assignment.passed" in {event["operation"] for event in shown}


def test_an_office_that_leads_alone_and_beside_becomes_one(callers, security, database):
    """Nothing was dispatched: one office took it on and named the other, which takes its place."""
    one = f"{V1}/recommendations/{find(callers['industry'])['id']}"
    for body in ({"office": INDUSTRY}, {"office": DATA, "role": "joint"}):
        took(callers["industry"].post(f"{one}/offices", body, version_of(callers["industry"], one)))
    ends = [{"organization": INDUSTRY, "successors": [DATA]}]
    reform(callers, security, created=[], ended=ends, effective_on="2026-03-01")
    shown = callers["registrar"].get(one).get_json()
    assert (shown["lead_office"]["slug"], shown["joint_offices"]) == (DATA, [])
    whole(database)


def test_what_lies_below_a_joint_part_that_ends_goes_below_the_one_that_stays(
    today, callers, security, database, proposal
):
    first = dispatch(callers, proposal, DATA, "lead")
    joint = dispatch(callers, proposal, INDUSTRY, "joint")
    below = took(
        callers["head"].post(
            f"{proposal}/assignments",
            {"office": "zhengzhou-science", "role": "sole", "parent": joint["reference"]},
        )
    )
    ends = [{"organization": INDUSTRY, "successors": [DATA]}]
    reform(callers, security, created=[], ended=ends)
    seen = callers["dispatcher"].get(f"{V1}/assignments/{below['id']}").get_json()
    assert (seen["parent_id"], seen["state"]) == (first["id"], "pending")
    gone = callers["dispatcher"].get(f"{V1}/assignments/{joint['id']}").get_json()
    assert gone["state"] == "withdrawn"
    whole(database)


def test_what_changed_before_the_approval_is_not_carried_out(
    today, callers, security, client, database, proposal
):
    ends = [{"organization": DATA, "successors": []}]
    registrar = callers["registrar"]
    refused = registrar.post(f"{V1}/reforms", MERGER | {"created": [], "ended": ends})
    assert "accounts" in messages(refused)["ended.0.successors"]
    science = [{"organization": "zhengzhou-science", "successors": []}]
    listed = f"{V1}/recommendations?office=zhengzhou-science&limit=1"
    assert registrar.get(listed).get_json()["items"] != []
    refused = registrar.post(f"{V1}/reforms", MERGER | {"created": [], "ended": science})
    assert "recommendations" in messages(refused)["ended.0.successors"]
    first = registrar.post(f"{V1}/reforms", MERGER)
    successor = {"created": [], "ended": [{"organization": INDUSTRY, "successors": [DATA]}]}
    approved(security, registrar.post(f"{V1}/reforms", MERGER | successor))
    path = f"{V1}/approvals/{first.get_json()['id']}/decision"
    decided = security.post(path, {"decision": "approve"})
    assert (decided.status_code, decided.get_json()["type"]) == (409, "/problems/overtaken")
    whole(database)
    told_anew(database)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"created": [BUREAU | {"parent": NEW}]}, "created.0.parent"),
        ({"created": [BUREAU | {"name_zh": " 郑州市 科学技术局"}]}, "created.0.name_zh"),
        (
            {"moved": [{"organization": "zhengzhou-government", "parent": INDUSTRY}]},
            "moved.0.parent",
        ),
        (
            {"renamed": [{"organization": "zhengzhou-science", "name_zh": BUREAU["name_zh"]}]},
            "renamed.0.name_zh",
        ),
        ({"ended": [MERGER["ended"][0]] * 2}, "ended.1.organization"),
    ],
)
def test_what_cannot_be_in_one_act_is_told_before(callers, today, body, field):
    refused = callers["registrar"].post(f"{V1}/reforms", MERGER | body)
    assert field in messages(refused)


def test_a_name_that_becomes_free_is_taken_in_the_same_act(callers, security):
    same = BUREAU | {"name_zh": "郑州市工业和信息化局"}
    reform(callers, security, created=[same])
    registrar = callers["registrar"]
    names = {
        registrar.get(f"{V1}/organizations/{slug}").get_json()["name_zh"]
        for slug in (NEW, INDUSTRY)
    }
    assert names == {"郑州市工业和信息化局"}
    one = f"{V1}/organizations/{INDUSTRY}"
    refused = registrar.patch(one, {"is_office": True}, version_of(registrar, one))
    assert "is_office" in messages(refused)
