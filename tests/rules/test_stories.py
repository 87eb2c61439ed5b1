"""Every operation that a service writes is told, in both languages, in words and not in codes."""

import re

import pytest

from app.audit.rules.narration import KINDS, TELLERS, narrate
from app.audit.rules.sentences import About, AnswerName, Point, changed, labels
from app.core.codes import (
    Axis,
    CommitmentState,
    ExtensionState,
    HandlingState,
    LeadStatus,
    RemarkKind,
    ReplyState,
)
from app.core.config import ROOT
from app.handling.assignments.services import assignment_transitions
from app.handling.proposals import rules as filing
from app.handling.proposals.services import proposal_status
from app.handling.replies.services import reply_transitions
from app.history.rules import READERS, Reader, audience_of, shown_fields

S = HandlingState
FOLLOWING = {S.DISPATCHED, S.IN_PROGRESS, S.REPLIED, S.REPROCESSING, S.EVALUATED}
PROMISED = (CommitmentState.OPEN, CommitmentState.KEPT, CommitmentState.WITHDRAWN)
MADE = {
    "assignment.{target}": assignment_transitions.CARRY_OUT,
    "assignment.reply_{target}": reply_transitions.CARRY_OUT,
    "assignment.extension_{decision}": (ExtensionState.GRANTED, ExtensionState.REFUSED),
    "commitment.{target}": PROMISED,
    "commitment.{said.kind}": RemarkKind,
    "commitment.{S.WITHDRAWN}": PROMISED,
    "proposal.{target}": {step.target for step in filing.PROPOSAL.steps},
    "proposal.{found}": FOLLOWING,
    "proposal.{HandlingState.FILED}": (S.FILED,),
    "recommendation.{axis}_changed": Axis,
    "recommendation.{action}": ("reported", "report_corrected", "looked_back"),
}
"""How services name an operation → what stands in its braces."""

ALSO = {"recommendation.given", "recommendation.ended", "recommendation.restored"}
SERVICES = "\n".join(
    path.read_text()
    for path in sorted((ROOT / "app").rglob("*.py"))
    if {"services", "services.py", "seeding", "reforms"} & set(path.parts)
)
NAMED = re.compile(rf'"((?:{"|".join(KINDS)})\.[a-z_]*(?:{{[^}}]+}}[a-z_]*)?)"')


def operations():
    """Return every operation that a service writes about a record of a history."""
    found = {
        f"{kind}.{action}" for kind in KINDS for action in ("created", "adopted", "text_erased")
    }
    found |= {f"{kind}.edited" for kind in ("recommendation", "proposal")}
    for kind in ("proposal", "assignment", "commitment"):
        found |= {f"{kind}.reminded", f"{kind}.recomputed"}
    for name in NAMED.findall(SERVICES):
        if "{" in name:
            place = re.search(r"{[^}]+}", name).group()
            found |= {name.replace(place, str(value)) for value in MADE[name]}
        else:
            found.add(name)
    return found | ALSO


OFFICE, OTHER = ("市工信局", "Industry"), ("市数据局", "Data")
ABOUT = About(
    office=OFFICE,
    role="lead",
    above=OTHER,
    only="D002-P04-R12",
    answer=AnswerName(
        "郑工信〔2026〕1号", [Point("D002-P04-R12", "planned", "开工", "2026-12-31")]
    ),
    note="有理由",
)
CHANGES = {
    "progress": ("not_started", "in_progress"), "acceptance": ("undecided", "accepted"),
    "lead_office": (None, OFFICE), "lead_status": ("suggested", "given"),
    "joint_offices": ([], [OFFICE, OTHER]), "separate_offices": ([], [OTHER]),
    "below_offices": ([], [OTHER]), "claimed_by_office": (None, OFFICE),
    "office": (None, OFFICE), "suggested_office": (None, OTHER), "supervisor": (None, OTHER),
    "role": (None, "lead"), "state": ("pending", "in_progress"), "is_open": (True, False),
    "dispatched_on": (None, "2026-02-10"), "received_on": (None, "2026-02-11"),
    "ended_on": (None, "2026-02-12"), "in_recess": (None, True), "objection": (None, "不属职责"),
    "redispatched": (None, OTHER), "extension": (None, "asked"), "until": (None, "2026-08-01"),
    "due_on": ("2026-05-10", "2026-08-01"), "first": (None, "2026-03-01"),
    "last": (None, "2026-03-02"), "task": (None, "reply"), "is_provisional": (None, True),
    "points": (None, ["due_soon"]), "dropped": (None, ["feedback", "publish"]), "reply": (1, 1),
    "reply_state": ("draft", "sent"), "countersign": (None, "D002-P04-A01"),
    "agrees": (None, False), "channel": (None, "meeting"), "on": (None, "2026-03-20"),
    "attitude": (None, "satisfied"), "result": (None, "dissatisfied"), "paper": (None, "反馈表"),
    "decision": (None, "handle_again"), "outcomes": (None, {"D002-P04-R12": "planned"}),
    "handling_state": ("filed", "dispatched"), "profile": (None, ("河南", "Henan")),
    "session": (("一次会议", "First"), ("二次会议", "Second")), "corrects": (None, 12),
    "withheld_kind": (None, "report"), "target": (None, 5),
    "case_no": (None, "2026-0321"), "not_filed_reason": (None, "empty"),
    "merged_into": (None, "D002-P05"), "clock_of": (None, "D002-P05"),
    "unanswered": (None, ["D002-P04-R12"]), "cosigner": (None, "李明"), "kind": (None, "npc_bill"),
    "proposers_left_out": ([], ["李明"]), "replaces": (None, "D002-P05"),
    "title": ("甲", "乙"), "publication": ("internal", "published"), "is_key": (None, True),
    "stance": ("asks", "commits"), "source_kind": (None, "filed_case"),
    "categories": ([("经济建设", "Economy")], [("社会建设", "Society")]),
    "mark": ("excellent", "well_handled"), "given_by": (None, OFFICE),
    "tags": ([("算力", "Computing")], [("产业", "Industry")]), "percent": (None, 40),
    "evidence": ([], [{"title": "照片", "url": "x"}]), "lineage": ([], ["repeats D001-P01-R01"]),
    "supersedes": (None, "D001-P01-R01"), "superseded_by": (None, "D001-P01-R02"),
    "review_on": (None, "2027-01-01"), "text": (None, "年底开工"), "remark": (None, "rating"),
    "promised_on": (None, "2026-12-31"), "rating": (None, "satisfied"), "milestone": (None, 1),
    "done_on": (None, "2026-10-01"), "raised_in": (None, "D003-P01"), "document_id": (1, 2),
    "ended_as": (None, "not_filed"), "texts": ([], ["reports 5 text"]),
}  # fmt: skip
"""One change of every field that an event carries."""


@pytest.mark.parametrize("operation", sorted(operations()))
def test_every_operation_has_a_sentence_in_both_languages(operation):
    assert operation in TELLERS
    for changes, about in ((CHANGES, ABOUT), (CHANGES, About(role="joint"))):
        zh, en = narrate(operation, changes, about)
        assert zh
        assert en
        assert not re.search("[a-z]{2,}", zh), zh
        assert "_" not in en.replace("piece(s)", "")
        assert "None" not in zh + en


@pytest.mark.parametrize("operation", sorted(operations()))
def test_a_sentence_stands_also_where_the_reader_knows_little(operation):
    hidden = {
        "objection", "suggested_office", "proposers_left_out", "reply", "reply_state",
        "merged_into", "clock_of", "raised_in", "replaces", "superseded_by", "supersedes",
    }  # fmt: skip
    bare = {name: (None, None) if name in hidden else pair for name, pair in CHANGES.items()}
    for changes in (bare, {n: pair for n, pair in bare.items() if n not in hidden}):
        zh, en = narrate(operation, changes)
        assert zh
        assert en
        assert not re.search("[a-z]{2,}", zh) or "countersign" in operation, zh


def test_no_operation_is_told_that_nobody_writes():
    assert set(TELLERS) == operations()
    assert set(READERS) <= operations()


SENTENCES = [
    ("assignment.created", {"dispatched_on": [None, "2026-02-10"]}, About(OFFICE, "lead"),
     "交办给市工信局（主办），交办日 2026-02-10", "dispatched to Industry as lead on 2026-02-10"),
    ("assignment.created", {"dispatched_on": [None, "2026-02-10"]},
     About(OFFICE, "for_information"), "交办给市工信局（参阅），交办日 2026-02-10",
     "dispatched to Industry for information on 2026-02-10"),
    ("assignment.returned", {"ended_on": [None, "2026-02-12"]}, About(OFFICE, note="职责不符"),
     "同意市工信局退回，日期 2026-02-12，理由：职责不符",
     "given back by Industry, on 2026-02-12; reason: 职责不符"),
    ("assignment.reply_sent", {}, ABOUT,
     "市工信局答复已发出（文号 郑工信〔2026〕1号）：建议 D002-P04-R12 列入计划解决，承诺：开工"
     "（2026-12-31 前）",
     "Industry sent its reply (no. 郑工信〔2026〕1号): recommendation D002-P04-R12 planned,"
     " promised: 开工 (by 2026-12-31)"),
    ("assignment.reply_sent", {}, About(OFFICE, "lead"), "市工信局答复已发出",
     "Industry sent its reply"),
    ("proposal.edited", {"case_no": ["2026-01", "2026-02"]}, About(),
     "案号由“2026-01”改为“2026-02”", "case number changed from 2026-01 to 2026-02"),
    ("recommendation.given", {"lead_office": [None, OFFICE], "lead_status": [None, "given"],
                              "joint_offices": [[], [OTHER]]}, About(),
     "主办：市工信局（已交办），会办：市数据局", "lead: Industry (given), joint: Data"),
    ("recommendation.given", {"lead_office": [OFFICE, None], "lead_status": ["given", "sought"]},
     About(), "主办：无（待改办）", "lead: nobody (another office is looked for)"),
    ("recommendation.given", {"due_on": [None, "2026-12-31"]}, About(), "办理期限 2026-12-31",
     "due on 2026-12-31"),
    ("recommendation.ended", {"ended_as": [None, "withdrawn"]}, About(), "随提案终止（已撤案）",
     "ended with its proposal (withdrawn)"),
    ("recommendation.edited", {"search_text": ["a", "b"]}, About(), "更正其他内容",
     "other content was corrected"),
    ("assignment.pressed", {"press": [None, 1], "answer_by": [None, "2026-06-11"]},
     About(office=OFFICE, note="请说明进度"),
     "催办市工信局，答复期限 2026-06-11，理由：请说明进度",
     "Industry was pressed for an answer, to answer by 2026-06-11; reason: 请说明进度"),
    ("assignment.explained", {"explanation": [None, 1], "done_by": [None, "2026-06-30"]},
     About(office=OFFICE, note="用地手续未办结"),
     "市工信局说明逾期原因，预计完成 2026-06-30，理由：用地手续未办结",
     "Industry explained why it is late, to be done by 2026-06-30; reason: 用地手续未办结"),
    ("assignment.objection_closed", {}, About(office=OFFICE), "异议期已满",
     "the time to object ended"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "changes", "about", "zh", "en"), SENTENCES)
def test_what_happened_is_told_in_these_words(operation, changes, about, zh, en):
    assert narrate(operation, changes, about) == (zh, en)


def test_a_word_that_is_not_known_yet_is_no_code_in_chinese():
    assert labels(LeadStatus, "nothing_known") == ("其他", "nothing known")
    assert changed({"lead_status": ("taken_on", "sought")})[0] == "主办状态由“已承办”改为“待改办”"


class Event:
    def __init__(self, operation):
        self.operation, self.record_type = operation, operation.partition(".")[0]


INTERNAL = (
    "assignment.reply_drafted", "assignment.reply_checked", "assignment.reply_returned",
    "assignment.reply_withheld", "assignment.countersigned", "assignment.countersignature_asked",
    "assignment.rated", "assignment.assessed", "assignment.reminded", "commitment.rating",
    "proposal.cosigned", "proposal.left_out", "assignment.never_heard_of",
)  # fmt: skip


@pytest.mark.parametrize("operation", INTERNAL)
def test_what_is_internal_is_told_to_nobody_else(operation):
    assert Reader.ANYONE not in audience_of(Event(operation), "lead", {})


def test_a_joint_opinion_and_the_day_of_a_draft_stay_inside():
    assert audience_of(Event("assignment.reply_sent"), "joint", {}).event is Reader.INSIDE
    assert audience_of(Event("assignment.reply_sent"), "lead", {}).event is Reader.ANYONE
    drafts = {"task": [None, "rehandle"]}
    assert audience_of(Event("assignment.recomputed"), "lead", drafts).event is Reader.INSIDE


def test_a_version_is_named_once_it_is_published():
    changes = {"reply": [1, 1], "state": ["in_progress", "answered"]}
    everyone = {Reader.ANYONE}
    assert list(shown_fields("assignment", changes, everyone, False)) == ["state"]
    assert list(shown_fields("assignment", changes, everyone, True)) == ["reply", "state"]
    reasons = {"objection": [None, "不属职责"], "suggested_office_id": [None, 1]}
    assert list(shown_fields("assignment", reasons, everyone, True)) == []


def test_the_states_that_follow_are_those_that_a_proposal_is_told_to_follow():
    assert {str(state) for state in FOLLOWING} <= {str(state) for state in proposal_status.S}
    assert ReplyState.DRAFT not in reply_transitions.CARRY_OUT
