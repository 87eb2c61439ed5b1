"""Steps that were taken before they are entered: their days, and the papers they rest on."""

from datetime import date

import pytest

from app.history.queries.written_words import find_words
from tests.support.casework import V1, dispatch, step, to, took, whole
from tests.support.drafts import TEXT, content, enter, one
from tests.support.factories import DATA
from tests.support.filing import decide
from tests.support.problems import told
from tests.support.replies import SENT, assignment_of, body, draft, move, rate, sign

pytestmark = pytest.mark.usefixtures("today")

LAST = date(2026, 11, 30)
SHOWN = ("kind", "desk", "began_on", "due_on", "original_due_on", "ended_on", "outcome",
         "is_provisional", "awaits_receipt", "explanation")  # fmt: skip
PAPER = {"paper": "市督〔2026〕8号"}


class Clerks:
    """Those who enter a case: *live*, each step on its day, or afterwards, with its paper."""

    def __init__(self, callers, pass_on, live):
        self.callers, self.pass_on, self.live = callers, pass_on, live

    def on(self, day):
        """Return what a step of *day* says of it, once that day has come, or long after it."""
        if self.live:
            while self.pass_on(date.fromisoformat(day))[0]:
                pass
            return {}
        return {"on": day, **PAPER}

    def case(self, people, title):
        """Enter a case with all that can happen to it, and return its path and its parts."""
        who, on = self.callers, self.on
        draft_of = content(people[:1], text=f"{TEXT}{title}", recommendations=[])
        draft_of["recommendations"] = [{"summary_zh": "设立人才基金",
                                        "quotes": [{"text": "设立人才基金"}]}]  # fmt: skip
        case = one(enter(who, draft_of))
        for day, target in (("03-02", "submitted"), ("03-03", "under_review"), ("03-05", "filed")):
            took(decide(who, case, target, **on(f"2026-{day}")))
        rules = {"profile": "shandong-npc-2017"}
        lost = dispatch(who, case, DATA, **rules, **on("2026-03-06"))
        why = {"reason": "不属本局职责"}
        took(step(who["data"], lost, "received", **on("2026-03-07")))
        took(step(who["data"], lost, "objection_pending", **why, **on("2026-03-09")))
        took(step(who["dispatcher"], lost, "returned", **on("2026-03-11")))
        lead = dispatch(who, case, **on("2026-03-12"))
        joint = dispatch(who, case, DATA, "joint", **on("2026-03-12"))
        took(step(who["industry"], lead, "received", **on("2026-03-20")))
        took(step(who["data"], joint, "received", **on("2026-03-13")))
        self.more_time(lead)
        self.answers(case, lead, joint)
        return case, (lost, lead, joint)

    def more_time(self, lead):
        """Let the clock stand still, and more time be asked for and granted."""
        who, still = self.callers, {"first": "2026-04-01", "last": "2026-04-09", "reason": "补充"}
        self.on("2026-04-01")
        took(to(who["dispatcher"], lead, "pauses", {**still, **PAPER}))
        asked = {"extended_to": "2026-08-14", "reason": "涉及面广", **self.on("2026-05-06")}
        took(to(who["industry"], lead, "extensions", asked))
        granted = {"decision": "grant", "note": "同意", **self.on("2026-05-08")}
        took(to(who["dispatcher"], lead, "extensions/decision", granted))

    def answers(self, case, lead, joint):
        """Let the offices answer twice, as the proposer was dissatisfied."""
        who, on = self.callers, self.on
        took(draft(who["data"], joint, {"text": "同意", **on("2026-05-20")}))
        opinion = {"signed_by": "局长"}
        took(move(who["data_head"], joint, 1, "sent", **opinion, **on("2026-05-22")))
        first = {"checked": "2026-08-12", "sent": "2026-08-17"}
        self.letter(case, lead, joint, 1, "2026-08-10", first)
        took(rate(who, lead, case, 1, result="dissatisfied", **on("2026-09-01")))
        second = {"checked": "2026-09-24", "sent": "2026-10-12"}
        self.letter(case, lead, joint, 2, "2026-09-21", second)

    def letter(self, case, lead, joint, number, day, steps):
        """Draft, countersign, check and send a version."""
        who, on = self.callers, self.on
        took(draft(who["industry"], lead, {**body(who, case), **on(day)}))
        reference = f"{lead['reference']}-V{number}"
        took(sign(who["data_head"], joint, reference, **on(day)))
        took(move(who["dispatcher"], lead, number, "checked", **on(steps["checked"])))
        took(move(who["head"], lead, number, "sent", **SENT, **on(steps["sent"])))

    def clocks(self, case, parts):
        """Return every clock of the case and of its parts."""
        seen = self.callers["auditor"]
        every = [seen.get(case).get_json(), *(assignment_of(seen, part) for part in parts)]
        return [
            sorted(
                ({name: task[name] for name in SHOWN} for task in record["tasks"]),
                key=lambda task: (task["began_on"], task["kind"]),
            )
            for record in every
        ]


def test_a_case_that_is_entered_from_paper_has_the_clocks_of_one_entered_at_the_time(
    callers, people, pass_on, today, database
):
    live, later = (Clerks(callers, pass_on, way) for way in (True, False))
    at_the_time = live.case(people, "甲")
    while pass_on(LAST)[0]:
        pass
    from_paper = later.case(people, "乙")
    while pass_on(LAST)[0]:
        pass
    clocks = live.clocks(*at_the_time)
    outcomes = {task["outcome"] for record in clocks for task in record}
    assert {"done", "late", "void"} <= outcomes
    assert {task["kind"] for record in clocks for task in record} >= {
        "review", "dispatch", "receive", "objection", "decide_objection", "redispatch", "reply",
        "co_opinion", "decide_extension", "countersign", "check_reply", "feedback", "rehandle",
        "publish",
    }  # fmt: skip
    assert later.clocks(*from_paper) == clocks
    assert later.clocks(*from_paper) != [[], [], [], []]
    for of_live, of_paper in zip(at_the_time[1], from_paper[1], strict=True):
        known, entered = (assignment_of(callers["auditor"], a) for a in (of_live, of_paper))
        days = ("dispatched_on", "received_on", "ended_on", "next_due_on", "extensions", "state")
        assert {name: entered[name] for name in days} == {name: known[name] for name in days}
    whole(database)


@pytest.fixture
def submitted(callers, people, today):
    """Give a case that was submitted on the 9th of March, and entered on the 20th."""
    today["day"] = date(2026, 3, 20)
    case = one(enter(callers, content(people[:1])))
    took(decide(callers, case, "submitted", on="2026-03-09", **PAPER))
    return case


def test_a_step_of_an_earlier_day_rests_on_a_paper(callers, submitted):
    before = callers["registrar"].get(submitted).get_json()
    version = before["version"]
    path, on = f"{submitted}/transitions", {"to": "under_review", "on": "2026-03-10"}
    answer = callers["registrar"].post(path, on, version)
    told(answer, 422, "paper")
    assert "rests on a paper" in answer.text
    told(callers["registrar"].post(path, on | {"paper": "长" * 301}, version), 422, "paper")
    told(callers["registrar"].post(path, on | {"on": "2026-03-21"} | PAPER, version), 422, "on")
    early = callers["registrar"].post(path, on | {"on": "2026-03-08"} | PAPER, version)
    told(early, 422, "on")
    assert "2026-03-09" in early.text
    assert callers["registrar"].get(submitted).get_json() == before
    took(callers["registrar"].post(path, on | PAPER, version))


def test_no_step_is_earlier_than_the_one_before_it(callers, submitted, today):
    for day, target in (("2026-03-12", "under_review"), ("2026-03-13", "filed")):
        told(decide(callers, submitted, target, on="2026-03-08"), 422, "on")
        took(decide(callers, submitted, target, on=day))
    made = dispatch(callers, submitted, on="2026-03-16")
    took(step(callers["industry"], made, "received", on="2026-03-18"))
    early = decide(callers, submitted, "withdrawn", reason="撤回", on="2026-03-17")
    told(early, 422, "on")
    assert "2026-03-18" in early.text
    took(decide(callers, submitted, "withdrawn", reason="撤回", on="2026-03-19"))
    seen = assignment_of(callers["auditor"], made)
    assert (seen["ended_on"], seen["state"]) == ("2026-03-19", "withdrawn")
    told(decide(callers, submitted, "submitted", reason="恢复", on="2026-03-18"), 422, "on")
    took(decide(callers, submitted, "submitted", reason="恢复", on="2026-03-20"))


def test_a_proposal_shows_when_it_was_submitted_and_filed(callers, submitted, database):
    def days():
        seen = callers["registrar"].get(submitted).get_json()
        [row] = (
            callers["registrar"]
            .get(f"{V1}/proposals?reference={seen['reference']}")
            .get_json()["items"]
        )
        assert [row[name] for name in ("submitted_on", "filed_on")] == [
            seen["submitted_on"], seen["filed_on"]
        ]  # fmt: skip
        return seen["submitted_on"], seen["filed_on"]

    assert days() == ("2026-03-09", None)
    took(decide(callers, submitted, "under_review", on="2026-03-10"))
    took(decide(callers, submitted, "returned_for_edit", reason="写明建议", on="2026-03-11"))
    assert days() == (None, None)
    took(decide(callers, submitted, "submitted", on="2026-03-12"))
    took(decide(callers, submitted, "under_review", on="2026-03-12"))
    took(decide(callers, submitted, "filed", on="2026-03-13"))
    assert days() == ("2026-03-12", "2026-03-13")
    took(decide(callers, submitted, "transferred", reason="转来信", on="2026-03-16"))
    assert days() == ("2026-03-12", "2026-03-13")
    took(decide(callers, submitted, "under_review", reason="退回", on="2026-03-17"))
    assert days() == ("2026-03-12", None)
    took(decide(callers, submitted, "filed"))
    assert days() == ("2026-03-12", "2026-03-20")
    whole(database)


def test_the_history_tells_the_paper_of_each_step_in_both_languages(
    callers, submitted, client, database
):
    took(decide(callers, submitted, "under_review", on="2026-03-10", **PAPER))
    took(decide(callers, submitted, "filed", on="2026-03-11", paper="立案审查表第7号"))
    path = f"{submitted}/history"
    version = callers["registrar"].get(submitted).get_json()["version"]
    took(callers["registrar"].patch(submitted, {"publication": "published"}, version))
    made = dispatch(callers, submitted, on="2026-03-12", paper="交办通知第3号")
    took(step(callers["industry"], made, "received"))
    events = callers["registrar"].get(path).get_json()["items"]
    stories = [(event["story_zh"], event["story_en"]) for event in events]
    assert (
        "立案，日期 2026-03-11，依据：立案审查表第7号",
        "filed, on 2026-03-11; by the paper: 立案审查表第7号",
    ) in stories
    zh = [story for story, _ in stories]
    assert "交办给郑州市工业和信息化局（主办），交办日 2026-03-12，依据：交办通知第3号" in zh
    assert "郑州市工业和信息化局签收，签收日 2026-03-20" in zh
    outside = client.get(path).text
    assert ("交办通知第3号" in outside, "立案审查表" in outside) == (True, False)
    found = database.read(lambda session: find_words(session, "立案审查表第7号"))
    assert ([place["field"] for place in found.places], found.kept) == (["changes.paper"], 0)
    whole(database)


def test_the_form_of_a_proposer_stays_inside(callers, submitted, client):
    for day, target in (("2026-03-10", "under_review"), ("2026-03-11", "filed")):
        took(decide(callers, submitted, target, on=day))
    version = callers["registrar"].get(submitted).get_json()["version"]
    took(callers["registrar"].patch(submitted, {"publication": "published"}, version))
    made = dispatch(callers, submitted, on="2026-03-12")
    took(step(callers["industry"], made, "received", on="2026-03-12"))
    content = {**body(callers, submitted), "on": "2026-03-13", **PAPER}
    took(draft(callers["industry"], made, content))
    took(move(callers["dispatcher"], made, 1, "checked", on="2026-03-13"))
    took(move(callers["head"], made, 1, "sent", on="2026-03-16", **SENT))
    form = {"on": "2026-03-17", "paper": "张代表反馈表"}
    took(rate(callers, made, submitted, **form))
    inside = callers["registrar"].get(f"{submitted}/history").text
    assert ("张代表反馈表" in inside, "evaluated" in inside) == (True, True)
    assert "张代表反馈表" not in client.get(f"{submitted}/history").text


def test_an_office_does_not_date_its_own_request_out_of_lateness(callers, submitted, today):
    for day, target in (("2026-03-10", "under_review"), ("2026-03-11", "filed")):
        took(decide(callers, submitted, target, on=day))
    made = dispatch(callers, submitted, on="2026-03-12")
    took(step(callers["industry"], made, "received", on="2026-03-12"))
    today["day"] = date(2026, 7, 1)
    asked = {"extended_to": "2026-06-20", "reason": "涉及面广", "on": "2026-06-01", **PAPER}
    waits = took(to(callers["industry"], made, "extensions", asked))
    assert [one["state"] for one in waits["extensions"]] == ["asked"]
    early = {"decision": "grant", "on": "2026-05-31", **PAPER}
    told(to(callers["dispatcher"], made, "extensions/decision", early), 422, "on")
    granted = {"decision": "grant", "on": "2026-06-02"}
    told(to(callers["dispatcher"], made, "extensions/decision", granted), 422, "paper")
    now = took(to(callers["dispatcher"], made, "extensions/decision", granted | PAPER))
    [extension] = now["extensions"]
    assert (extension["asked_on"], extension["decided_on"]) == ("2026-06-01", "2026-06-02")
    [reply] = [task for task in now["tasks"] if task["kind"] == "reply"]
    assert (reply["due_on"], reply["original_due_on"]) == ("2026-06-20", "2026-06-12")
