"""Histories: one story, in names of that moment, and no more for a reader than records show."""

import re
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app.audit.services.recorder import change
from app.core.clock import utcnow
from app.handling.assignments.queries.past_assignments import Past, tasks_at
from app.models import Organization, Task
from app.register.proposals.queries.past_moments import PastMoment
from app.register.tags.services.tags import renew_vocabulary
from tests.database.counting import counted
from tests.support.casework import V1, dispatch, step, to, took, version_of, whole
from tests.support.factories import (
    DATA,
    EDITOR,
    INDUSTRY,
    OPERATOR,
    PARK,
    Caller,
    find,
    make_caller,
)
from tests.support.problems import told
from tests.support.replies import SENT, body, draft, move, rate, sign

pytestmark = pytest.mark.usefixtures("today")
FINANCE = "zhengzhou-finance"
OTHER = "D002-P05"
"""Another proposal of the same text."""


@pytest.fixture
def public(client):
    return Caller(client)


@pytest.fixture
def outsider(client, database):
    """Give an editor of an office that has no part in it."""
    return make_caller(client, database, *EDITOR, office=FINANCE)


@pytest.fixture
def park(public):
    """Give the path of the recommendation to build the park."""
    return f"{V1}/recommendations/{find(public)['id']}"


def history(caller, path):
    return took(caller.get(f"{path}/history?limit=200"))["items"]


def operations(caller, path):
    return [event["operation"] for event in history(caller, path)]


def stories(caller, path):
    """Return what the history tells, but for who has it then, which follows from a dispatch."""
    shown = [e for e in history(caller, path) if e["operation"] != "recommendation.given"]
    return [event["story_zh"] for event in shown]


def edit(callers, proposal, **values):
    version = version_of(callers["registrar"], proposal)
    return took(callers["registrar"].patch(proposal, values, version))


def moved(callers, proposal, target, **more):
    version = version_of(callers["registrar"], proposal)
    content = {"to": target, **more}
    return took(callers["registrar"].post(f"{proposal}/transitions", content, version))


def proposal_of(caller, reference):
    [found] = caller.get(f"{V1}/proposals?reference={reference}").get_json()["items"]
    return f"{V1}/proposals/{found['id']}"


SECRETS = (
    "甲异议理由", "乙交办说明", "丁延期理由", "戊延期批复", "己中止理由", "庚沟通内容",
    "辛会办意见正文", "壬会签说明", "癸退稿理由", "子答复正文", "丑评价意见", "寅评估说明",
    "卯撤回理由", "巳维持理由",
)  # fmt: skip
"""Words of which none may reach anyone who has no part in it."""


def full_case(callers, proposal):
    """Let everything internal happen to *proposal*, each with its secret word; return the parts."""
    say = dict(zip("甲乙丁戊己庚辛壬癸子丑寅卯巳", SECRETS, strict=True))
    wrong = dispatch(callers, proposal, DATA, profile="qingdao-npc-2021", note=say["乙"])
    took(step(callers["data"], wrong, "received"))
    took(step(callers["data"], wrong, "objection_pending", reason=say["甲"],
              suggested_office=INDUSTRY))  # fmt: skip
    took(step(callers["dispatcher"], wrong, "upheld", reason=say["巳"]))
    took(step(callers["dispatcher"], wrong, "withdrawn", reason=say["卯"]))
    lead = dispatch(callers, proposal)
    joint = dispatch(callers, proposal, DATA, "joint")
    for caller, given in (("industry", lead), ("data", joint)):
        took(step(callers[caller], given, "received"))
    spoken = {"channel": "meeting", "note": say["庚"]}
    took(callers["industry"].post(f"{V1}/assignments/{lead['id']}/contacts", spoken))
    more = {"extended_to": "2026-07-31", "reason": say["丁"]}
    took(to(callers["industry"], lead, "extensions", more))
    decision = {"decision": "refuse", "note": say["戊"]}
    took(to(callers["dispatcher"], lead, "extensions/decision", decision))
    still = {"first": "2026-03-10", "last": "2026-03-12", "reason": say["己"]}
    took(to(callers["dispatcher"], lead, "pauses", still))
    took(draft(callers["data"], joint, {"text": say["辛"]}))
    took(move(callers["data_head"], joint, 1, "sent", signed_by="局长"))
    first = body(callers, proposal) | {"text": say["子"]}
    took(draft(callers["industry"], lead, first))
    took(move(callers["dispatcher"], lead, 1, "returned", reason=say["癸"]))
    took(draft(callers["industry"], lead, first))
    took(sign(callers["data_head"], joint, f"{lead['reference']}-V2", note=say["壬"]))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    took(move(callers["head"], lead, 2, "sent", **SENT))
    took(rate(callers, lead, proposal, number=2, result="dissatisfied", comment=say["丑"]))
    leave = {"decision": "leave", "note": say["寅"]}
    took(to(callers["dispatcher"], lead, "assessment", leave))
    return wrong, lead, joint


INTERNAL = {
    "assignment.reply_drafted", "assignment.reply_checked", "assignment.reply_returned",
    "assignment.countersigned", "assignment.countersignature_asked", "assignment.rated",
    "assignment.assessed",
}  # fmt: skip


def test_nobody_else_reads_what_is_internal(callers, proposal, park, public, outsider):
    full_case(callers, proposal)
    for reader in (public, outsider):
        for path in (park, proposal):
            text = reader.get(f"{path}/history?limit=200").get_data(as_text=True)
            assert [word for word in (*SECRETS, SENT["document_no"]) if word in text] == []
            items = history(reader, path)
            assert {event["operation"] for event in items} & INTERNAL == set()
            procedure = [e for e in items if e["record_type"] != "recommendation"]
            assert {e["actor_name"] for e in procedure} == {""}
            named = [
                e for e in items if {"reply", "reply_state", "objection"} & e["changes"].keys()
            ]
            assert named == []
    sent = [e for e in history(public, park) if e["operation"] == "assignment.reply_sent"]
    assert [e["story_zh"] for e in sent] == ["郑州市工业和信息化局答复已发出"]  # the joint one not


def test_the_staff_read_all_of_it(callers, proposal, park, database):
    full_case(callers, proposal)
    for path in (park, proposal):
        told_all = "".join(
            e["story_zh"] + (e["note"] or "") for e in history(callers["auditor"], path)
        )
        texts = {"庚沟通内容", "辛会办意见正文", "子答复正文"}  # contacts and replies show them
        assert [word for word in SECRETS if word not in told_all] == sorted(
            texts, key=SECRETS.index
        )
        assert {e["operation"] for e in history(callers["auditor"], path)} >= INTERNAL
    whole(database)


def test_a_joint_office_reads_drafts_and_ratings_and_not_the_reasons_of_another(
    callers, proposal, park
):
    full_case(callers, proposal)
    text = "".join(stories(callers["data"], park))
    known = {"甲异议理由", "乙交办说明", "巳维持理由", "卯撤回理由"}  # of what it was given before
    known |= {"壬会签说明", "癸退稿理由", "丑评价意见", "寅评估说明"}
    assert {word for word in SECRETS if word in text} == known
    assert "丁延期理由" in "".join(stories(callers["industry"], park))
    assert "甲异议理由" not in "".join(stories(callers["industry"], park))


def test_what_is_published_is_told_to_all(callers, proposal, park, public):
    _, lead, _ = full_case(callers, proposal)
    took(move(callers["head"], lead, 2, "published"))
    found = stories(public, park)
    assert (
        f"郑州市工业和信息化局答复已发出（文号 {SENT['document_no']}）：建议 {PARK} 列入计划解决"
        in found
    )
    assert "郑州市工业和信息化局的答复第 2 稿已公开" in found
    assert [word for word in SECRETS if word in "".join(found)] == []


def test_a_return_is_told_with_its_reason_to_the_office_and_the_staff(
    callers, proposal, park, public, outsider
):
    given = dispatch(callers, proposal, DATA, on="2026-02-27")
    objected = {"reason": "产业发展不属本局职责", "suggested_office": INDUSTRY}
    took(step(callers["data"], given, "objection_pending", **objected))
    took(step(callers["dispatcher"], given, "returned", reason="职责不符"))
    dispatch(callers, proposal)
    for reader in ("data", "dispatcher", "auditor"):
        assert stories(callers[reader], park)[2:] == [
            "交办给郑州市大数据管理局（主办），交办日 2026-02-27，依据：市委办〔2026〕3号",
            "郑州市大数据管理局提出异议，建议改交郑州市工业和信息化局，理由：产业发展不属本局职责",
            "同意郑州市大数据管理局退回，日期 2026-03-02，理由：职责不符",
            "由郑州市大数据管理局改交郑州市工业和信息化局",
            "交办给郑州市工业和信息化局（主办），交办日 2026-03-02",
        ]
    for reader in (public, outsider):
        shown = stories(reader, park)[3:5]
        assert shown == [
            "郑州市大数据管理局提出异议",
            "同意郑州市大数据管理局退回，日期 2026-03-02",
        ]
    [event] = [e for e in history(public, park) if e["operation"] == "assignment.returned"]
    assert event["record_type"] == "assignment"
    assert event["record_reference"] == "D002-P04-A01"
    assert event["changes"]["state"] == ["objection_pending", "returned"]
    assert event["note"] is None


def test_the_story_is_one_in_the_order_of_events(callers, proposal, park, public):
    full_case(callers, proposal)
    for reader in (public, callers["auditor"]):
        for path in (park, proposal):
            sequences = [event["sequence"] for event in history(reader, path)]
            assert sequences == sorted(set(sequences))
            for event in history(reader, path):
                assert not re.search("(?<![A-Za-z])[a-z_]{3,}", event["story_zh"]), event


# -- what was hidden ----------------------------------------------------------------------------


def test_what_was_done_while_hidden_stays_hidden_also_of_assignments_and_promises(
    callers, proposal, park, public, outsider
):
    lead = took(step(callers["industry"], dispatch(callers, proposal), "received"))
    edit(callers, proposal, publication="internal")
    spoken = {"channel": "visit", "note": "内部走访", "on": "2026-03-02"}
    took(callers["industry"].post(f"{V1}/assignments/{lead['id']}/contacts", spoken))
    edit(callers, proposal, case_no="密-1")
    promise = {"text": "内部承诺", "on": "2026-12-31"}
    took(draft(callers["industry"], lead, body(callers, proposal, promise=promise)))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    edit(callers, proposal, publication="published")
    took(move(callers["head"], lead, 1, "published"))
    hidden = {"assignment.contacted", "assignment.reply_sent", "commitment.created"}
    for path in (park, proposal):
        for reader in (public, outsider):
            assert hidden & set(operations(reader, path)) == set()
            assert "密-1" not in reader.get(f"{path}/history?limit=200").text
            assert "assignment.reply_published" in operations(reader, path)
        for reader in ("industry", "auditor"):
            assert hidden <= set(operations(callers[reader], path))


def test_a_hidden_proposal_has_no_history(callers, proposal, public):
    edit(callers, proposal, publication="internal")
    told(public.get(f"{proposal}/history"), 404)
    told(public.get(f"{V1}/proposals/999999/history"), 404)
    assert history(callers["registrar"], proposal)


def test_the_history_names_no_hidden_case_that_it_was_merged_into(callers, proposal, park, public):
    into = proposal_of(callers["registrar"], OTHER)
    dispatch(callers, into, DATA)
    moved(callers, proposal, "merged", into=OTHER)
    given = [e for e in history(public, park) if e["operation"] == "assignment.created"]
    assert [e["record_reference"] for e in given] == [f"{OTHER}-A01"]
    assert f"并入提案 {OTHER}" in stories(public, park)
    edit(callers, into, publication="internal")
    text = "".join(public.get(f"{path}/history?limit=200").text for path in (park, proposal))
    assert OTHER not in text
    assert "并案办理" in stories(public, park)


# -- what covers it ------------------------------------------------------------------------------


def test_a_case_tells_what_became_of_what_was_merged_into_it_until_it_is_released(
    callers, proposal, park
):
    into = proposal_of(callers["registrar"], OTHER)
    moved(callers, proposal, "merged", into=OTHER)
    took(step(callers["data"], dispatch(callers, into, DATA), "received"))
    moved(callers, into, "withdrawn", reason="撤案")
    after = moved(callers, proposal, "filed")
    assert after["handling_state"] == "filed"
    moved_out = [e["operation"] for e in history(callers["auditor"], park)]
    assert "assignment.received" in moved_out
    assert f"不再并入{'原并案'}，重新审查" not in stories(callers["auditor"], park)
    assert any(s.startswith(f"不再并入{OTHER}") for s in stories(callers["auditor"], park))
    assert "立案" in stories(callers["auditor"], proposal)


def test_what_was_given_for_another_recommendation_is_not_its_story(callers, proposal, park):
    other = PARK.replace("R12", "R01")
    dispatch(callers, proposal, DATA, recommendation=other)
    dispatch(callers, proposal, recommendation=PARK)
    mine = [e for e in history(callers["auditor"], park) if e["record_type"] == "assignment"]
    assert [e["story_zh"] for e in mine] == [
        f"交办给郑州市工业和信息化局（主办），交办日 2026-03-02，限建议 {PARK}"
    ]
    assert mine[0]["changes"]["recommendation"] == [None, PARK]
    both = [e for e in history(callers["auditor"], proposal) if e["record_type"] == "assignment"]
    assert [e["changes"]["recommendation"][1] for e in both] == [other, PARK]


def test_a_proposal_tells_the_steps_of_its_recommendations(callers, proposal, park, public):
    edit(callers, proposal, case_no="2026-0321", title="新的标题", note="补登案号")
    took(
        callers["industry"].post(f"{park}/offices", {"office": INDUSTRY}, version_of(public, park))
    )
    took(callers["industry"].post(f"{park}/reports", {"text": "选址完成", "percent": 20}))
    assert operations(public, proposal) == [
        "proposal.created", "proposal.edited", "recommendation.assigned",
        "recommendation.reported",
    ]  # fmt: skip
    correction = history(public, proposal)[1]
    assert correction["story_zh"].startswith("案号由“无”改为“2026-0321”；标题由")
    assert correction["note"] is None
    assert history(callers["registrar"], proposal)[1]["note"] == "补登案号"
    assert [e["record_reference"] for e in history(public, proposal)[2:]] == [PARK, PARK]
    assert operations(public, park) == [
        "recommendation.created", "proposal.edited", "recommendation.assigned",
        "recommendation.reported",
    ]  # fmt: skip


def test_an_office_is_told_by_the_one_above_it(callers, proposal, lead, park, public):
    parent = {"parent": lead["reference"], "role": "sole", "office": DATA}
    took(callers["head"].post(f"{proposal}/assignments", parent))
    assert "郑州市工业和信息化局转交给郑州市大数据管理局（独办），交办日 2026-03-02" in stories(
        public, park
    )


# -- names of then -------------------------------------------------------------------------------


def rename(database, slug, **names):
    """Rename an organization, as a load of the seed records does."""

    def work(session):
        record = session.scalar(sa.select(Organization).where(Organization.slug == slug))
        change(session, OPERATOR, record, "organization.edited", names)
        session.flush()
        renew_vocabulary(session)

    database.write(work)


def rename_tag(callers, slug, **names):
    path = f"{V1}/tags/{slug}"
    took(callers["registrar"].patch(path, names, version_of(callers["registrar"], path)))


def test_an_old_event_names_offices_and_tags_as_they_were_called(
    callers, proposal, park, public, database
):
    def tagged(slugs, **more):
        took(callers["industry"].post(f"{park}/tags", {"add": slugs}, version_of(public, park)))

    tagged(["metaverse"])
    given = dispatch(callers, proposal)
    rename(database, INDUSTRY, name_zh="郑州市工业局", name_en="Industry Bureau")
    rename_tag(callers, "metaverse", name_zh="虚拟世界")
    tagged(["talent"])
    dispatch(callers, proposal, DATA, "joint")
    rename(database, INDUSTRY, name_zh="郑州市经信局")
    before = stories(public, park)
    assert "加标签 元宇宙" in before
    assert "交办给郑州市工业和信息化局（主办），交办日 2026-03-02" in before
    took(step(callers["industry"], given, "received"))
    assert stories(public, park)[-1] == "郑州市经信局签收，签收日 2026-03-02"
    assert stories(public, park)[: len(before)] == before
    changes = [e["changes"] for e in history(public, park)]
    assert {"tags"} in [set(c) for c in changes]
    assert any(c.get("office") == [None, INDUSTRY] for c in changes)
    english = [e["story_en"] for e in history(public, park)]
    assert english[-2:] == ["received by Industry Bureau, on 2026-03-02", "lead: taken on"]


# -- as of a moment ------------------------------------------------------------------------------


def then(caller, path, moment):
    return caller.get(f"{path}?as_of={quote(moment.isoformat())}")


def test_a_past_moment_shows_the_names_of_then(callers, proposal, park, public, database):
    took(
        callers["industry"].post(f"{park}/offices", {"office": INDUSTRY}, version_of(public, park))
    )
    dispatch(callers, proposal)
    given = f"{proposal}/assignments"
    one = f"{V1}/assignments/{took(public.get(given))['items'][0]['id']}"
    edit(callers, proposal, supervisor=INDUSTRY)
    before = utcnow()
    rename(database, INDUSTRY, name_zh="郑州市工业局")
    rename_tag(callers, "ai-industrial-park", name_zh="智能产业园")
    now, past = took(public.get(park)), took(then(public, park, before))
    assert now["lead_office"]["name_zh"] == "郑州市工业局"
    assert past["lead_office"]["name_zh"] == "郑州市工业和信息化局"
    assert "智能产业园" in [tag["name_zh"] for tag in now["tags"]]
    assert "智能产业园" not in [tag["name_zh"] for tag in past["tags"]]
    assert took(then(public, one, before))["office"]["name_zh"] == "郑州市工业和信息化局"
    assert took(then(public, proposal, before))["supervisor"]["name_zh"] == "郑州市工业和信息化局"
    assert took(then(public, one, utcnow()))["office"]["name_zh"] == "郑州市工业局"


def test_a_proposal_is_shown_as_it_stood(callers, proposal, park, public):
    registrar = callers["registrar"]
    start, first = utcnow(), took(registrar.get(proposal))
    into = proposal_of(registrar, OTHER)
    edit(callers, proposal, case_no="2026-01", is_key=True)
    moved(callers, proposal, "merged", into=OTHER)
    merged = utcnow()
    moved(callers, into, "withdrawn", reason="撤案")
    edit(callers, proposal, title="新的标题", case_no="2026-02")
    past = took(then(registrar, proposal, start))
    assert past["as_of"]
    same = ("title", "case_no", "handling_state", "is_key", "version", "merged_into")
    assert {n: past[n] for n in same} == {n: first[n] for n in same}
    middle = took(then(public, proposal, merged))
    assert (middle["case_no"], middle["handling_state"]) == ("2026-01", "merged")
    assert middle["merged_into"]["reference"] == OTHER
    assert middle["allowed_steps"] == []
    assert first["as_of"] is None
    took(
        callers["industry"].post(f"{park}/offices", {"office": INDUSTRY}, version_of(public, park))
    )
    before = utcnow()
    planned = {"axis": "progress", "to": "planned"}
    took(callers["industry"].post(f"{park}/transitions", planned, version_of(public, park)))

    def progress(answer):
        return {r["reference"]: r["progress"] for r in took(answer)["recommendations"]}[PARK]

    assert progress(then(public, proposal, before)) == "not_started"
    assert progress(public.get(proposal)) == "planned"


def test_an_assignment_is_shown_as_it_stood(callers, proposal, lead, public):
    one = f"{V1}/assignments/{lead['id']}"
    moments, seen = [], []

    def mark():
        moments.append(utcnow())
        seen.append(took(callers["industry"].get(one)))

    mark()
    more = {"extended_to": "2026-07-31", "reason": "产业园选址需报批"}
    took(to(callers["industry"], lead, "extensions", more))
    mark()
    still = {"first": "2026-03-10", "last": "2026-03-12", "reason": "等待材料"}
    took(to(callers["dispatcher"], lead, "pauses", still))
    took(draft(callers["industry"], lead, body(callers, proposal)))
    mark()
    took(draft(callers["industry"], lead, body(callers, proposal)))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    mark()
    took(move(callers["head"], lead, 2, "sent", **SENT))
    took(move(callers["head"], lead, 2, "published"))
    for moment, known in zip(moments, seen, strict=True):
        past = took(then(callers["industry"], one, moment))
        for name in ("state", "received_on", "ended_on", "replies", "extensions", "version"):
            assert past[name] == known[name], name
        days = {t["kind"]: t["due_on"] for t in past["tasks"]}
        waited = {t["kind"]: t["due_on"] for t in known["tasks"]}
        assert {kind: days[kind] for kind in waited} == waited
        assert past["allowed_steps"] == []
        assert took(then(public, one, moment))["replies"] == []
    assert len(took(then(public, one, utcnow()))["replies"]) == 1
    assert took(callers["industry"].get(one))["as_of"] is None


def test_a_past_state_tells_a_stranger_no_reason(callers, proposal, public, outsider):
    wrong, lead, joint = full_case(callers, proposal)
    moment = utcnow()
    for given in (wrong, lead, joint):
        for reader in (public, outsider):
            text = then(reader, f"{V1}/assignments/{given['id']}", moment).text
            assert [word for word in SECRETS if word in text] == []


def test_a_moment_that_has_not_come_or_was_before_it_is_refused(
    callers, proposal, lead, park, public
):
    one = f"{V1}/assignments/{lead['id']}"
    later = utcnow().replace(year=2150)
    for path in (park, proposal, one):
        told(then(public, path, later), 422, "as_of")
        told(then(public, path, utcnow().replace(year=2000)), 404)
    before = utcnow()
    edit(callers, proposal, publication="internal")
    hidden = utcnow()
    edit(callers, proposal, publication="published")
    for path in (park, proposal, one):
        told(then(public, path, hidden), 404)
        assert then(public, path, before).status_code == 200
        assert then(callers["industry"], path, hidden).status_code == 200


def test_a_task_that_ended_later_was_still_waited_for():
    days = {"began_on": date(2026, 3, 2), "ended_on": date(2026, 3, 9), "outcome": "done"}
    plain = {"limit": None, "pauses": [], "extensions": [], "due_on": date(2026, 3, 10)}
    tasks = [Task(kind="receive", **days, **plain), Task(kind="reply", **plain)]
    tasks[1].began_on = date(2026, 3, 9)

    def shown(day):
        moment = PastMoment(datetime(2026, 3, day, 12, tzinfo=UTC), date(2026, 3, day))
        return [(t.kind, t.ended_on) for t in tasks_at(tasks, Past(moment, [], []), None)]

    assert shown(1) == []
    assert shown(5) == [("receive", None)]
    assert shown(9) == [("receive", date(2026, 3, 9)), ("reply", None)]


# -- what it costs -------------------------------------------------------------------------------


def test_a_history_costs_the_same_whatever_its_length(
    callers, proposal, park, public, outsider, database
):
    def cost(caller, path):
        with counted(database) as statements:
            history(caller, path)
        return len(statements)

    _, lead, _ = full_case(callers, proposal)
    readers = (public, outsider, callers["industry"], callers["auditor"])
    for (
        reader
    ) in readers:  # the process learns the vocabulary once, and of each key that it is used
        history(reader, park)
    edit(callers, proposal, publication="internal")
    edit(callers, proposal, publication="published")
    before = [cost(reader, path) for reader in readers for path in (park, proposal)]
    took(to(callers["industry"], lead, "contacts", {"channel": "phone", "note": "又谈"}))
    for number in range(5):
        edit(callers, proposal, case_no=f"2026-{number}")
        took(callers["registrar"].patch(park, {"due_on": f"2027-01-0{number + 1}"},
                                        version_of(public, park)))  # fmt: skip
    edit(callers, proposal, publication="internal")
    edit(callers, proposal, publication="published")
    after = [cost(reader, path) for reader in readers for path in (park, proposal)]
    assert before == after
    assert max(after) <= 18
