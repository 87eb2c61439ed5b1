"""The words of which the sentences of a history are made, each in zh and en."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.codes import (
    Acceptance,
    HandlingState,
    LabelledEnum,
    LeadStatus,
    LineageKind,
    NotFiledReason,
    Progress,
    ProposalKind,
    ProposerRole,
    Publication,
    SourceKind,
    Specificity,
    Stance,
)
from app.core.types import Pair

Changes = Mapping[str, Pair]
"""Field → (from, to); offices and tags as names."""

Story = tuple[str, str]
Name = tuple[str, str]


@dataclass(frozen=True)
class Point:
    """What a reply says of one recommendation, named by its reference."""

    reference: str
    outcome: str
    promise: str | None = None
    promised_on: str | None = None


@dataclass(frozen=True)
class AnswerName:
    """What the reader may know of the version of a reply that an event is about."""

    document_no: str | None = None
    points: Sequence[Point] = ()


@dataclass(frozen=True)
class About:
    """What a sentence names besides the changes.

    *office* and *role* are those of the assignment or the promise, *above* the office that
    dispatched it on, *only* the one recommendation that was given; *answer* and *note* are None
    where the reader may not know them.
    """

    office: Name = ("承办单位", "the office")
    role: str | None = None
    above: Name | None = None
    only: str | None = None
    answer: AnswerName | None = None
    note: str | None = None


Teller = Callable[[Changes, About], Story]

NOTHING: Name = ("无", "nothing")

FIELDS: dict[str, Name] = {
    "progress": ("落实进展", "progress"),
    "acceptance": ("采纳情况", "acceptance"),
    "lead_office": ("主办单位", "lead office"),
    "lead_status": ("主办状态", "lead status"),
    "joint_offices": ("会办单位", "joint offices"),
    "separate_offices": ("分别办理单位", "offices that handle it separately"),
    "below_offices": ("下级承办单位", "offices below"),
    "claimed_by_office": ("申报落实的单位", "office that claimed it"),
    "due_on": ("办理期限", "due date"),
    "review_on": ("再议日期", "date to look again"),
    "look_back_on": ("回头看日期", "date to look back"),
    "summary_zh": ("中文摘要", "Chinese summary"),
    "summary_en": ("英文摘要", "English summary"),
    "stance": ("性质", "what it asks"),
    "specificity": ("具体程度", "specificity"),
    "targets": ("量化目标", "targets"),
    "superseded_by": ("取代它的建议", "superseded by"),
    "supersedes": ("所取代的建议", "supersedes"),
    "lineage": ("与其他建议的关系", "relations"),
    "relation": ("与其他建议的关系", "relation"),
    "proposal_title": ("提案标题", "title of the proposal"),
    "proposers": ("提案人", "proposers"),
    "proposer_roles": ("提案人身份", "roles of the proposers"),
    "session": ("会议", "session"),
    "profile": ("办理规则", "rules"),
    "source_text": ("所依据的原文", "text"),
    "tags": ("标签", "tags"),
    "publication": ("公开范围", "publication"),
    "case_no": ("案号", "case number"),
    "categories": ("分类", "categories"),
    "title": ("标题", "title"),
    "kind": ("类别", "kind"),
    "source_kind": ("来源", "source"),
    "handling_state": ("办理状态", "handling state"),
    "not_filed_reason": ("不予立案的情形", "reason not to file"),
    "note": ("附注", "note"),
    "is_key": ("重点提案", "key proposal"),
    "supervisor": ("督办单位", "supervisor"),
    "cosign_until": ("联名截止日", "last day to cosign"),
    "ended_as": ("终止情形", "how it ended"),
    "percent": ("完成比例", "percent"),
}
"""What a field is called; a field that stands not here is told without its values."""

WORDS: dict[str, type[LabelledEnum]] = {
    "progress": Progress,
    "acceptance": Acceptance,
    "lead_status": LeadStatus,
    "publication": Publication,
    "stance": Stance,
    "specificity": Specificity,
    "kind": ProposalKind,
    "source_kind": SourceKind,
    "proposer_roles": ProposerRole,
    "handling_state": HandlingState,
    "not_filed_reason": NotFiledReason,
    "ended_as": HandlingState,
}

LATER: dict[str, Name] = {
    "given": ("已交办", "given"),
    "separate": ("分别办理", "handled separately"),
    "sought": ("待改办", "another office is looked for"),
}
"""Codes of a later release, as a register that was stepped back may hold them."""


def labels(vocabulary: type[LabelledEnum], code: Any) -> Name:
    """Return the labels of *code*; of one that *vocabulary* does not know, never the code in zh."""
    if code in set(vocabulary):
        known = vocabulary(code)
        return known.zh, known.en
    return LATER.get(code, ("其他", str(code or "other").replace("_", " ")))


def joined_names(names: Sequence[Name]) -> Name:
    """Return *names* one after the other."""
    return "、".join(name[0] for name in names), ", ".join(name[1] for name in names)


def plain(text: object) -> Name:
    """Return what is the same in both languages."""
    return str(text), str(text)


def relation(value: str) -> Name:
    """Return how a recommendation relates to another, told as kind and reference."""
    kind, _, reference = value.partition(" ")
    zh, en = labels(LineageKind, kind)
    return f"{zh} {reference}", f"{en} {reference}"


def value_of(field: str, value: Any) -> Name:
    """Return how a sentence names a *value* of *field*; a pair is a name already."""
    if value is None or value == []:
        return NOTHING
    if isinstance(value, list):
        return joined_names([value_of(field, item) for item in value])
    if isinstance(value, tuple):
        return value[0], value[1]
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if field in WORDS:
        return labels(WORDS[field], value)
    return relation(value) if field in ("lineage", "relation") else plain(value)


def new(changes: Changes, field: str) -> Any:
    """Return what *field* was changed to, or None."""
    return changes.get(field, (None, None))[1]


def old(changes: Changes, field: str) -> Any:
    """Return what *field* was changed from, or None."""
    return changes.get(field, (None, None))[0]


def joined(first: Story, second: Story) -> Story:
    """Return one sentence out of two parts."""
    return f"{first[0]}，{second[0]}", f"{first[1]}, {second[1]}"


def and_then(story: Story, *parts: Story | None) -> Story:
    """Return *story* with those of *parts* that there are."""
    for part in parts:
        story = joined(story, part) if part else story
    return story


def because(story: Story, note: str | None) -> Story:
    """Return *story* with the reason, where the reader may know it."""
    if not note:
        return story
    reason = "；".join(note.splitlines()), "; ".join(note.splitlines())
    return f"{story[0]}，理由：{reason[0]}", f"{story[1]}; reason: {reason[1]}"


def saying(story: Story, text: str | None) -> Story:
    """Return *story* with what was said."""
    return (f"{story[0]}：{text}", f"{story[1]}: {text}") if text else story


def on_day(label: Name, day: object) -> Story | None:
    """Return the part of a sentence that names a *day*, or None."""
    return (f"{label[0]} {day}", f"{label[1]} {day}") if day else None


def due_moved(changes: Changes) -> Story | None:
    """Return the part of a sentence that says to which day something was moved, or None."""
    before, after = changes.get("due_on", (None, None))
    if before == after:
        return None
    (zh, en), (now_zh, now_en) = value_of("due_on", before), value_of("due_on", after)
    return f"到期日由“{zh}”改为“{now_zh}”", f"due date changed from {en} to {now_en}"


def by_paper(story: Story, changes: Changes) -> Story:
    """Return *story* with the paper that a step rests on, and its day where it is not dated yet."""
    day, paper = new(changes, "done_on"), new(changes, "paper")
    if not paper:
        return story
    dated = on_day(("日期", "on"), day) if day and day not in story[0] else None
    zh, en = and_then(story, dated)
    return f"{zh}，依据：{paper}", f"{en}; by the paper: {paper}"


def with_evidence(story: Story, number: int) -> Story:
    """Return a sentence that also tells how many pieces of evidence there are."""
    if number == 0:
        return story
    zh, en = story
    return f"{zh}，附证明材料 {number} 份", f"{en}, with {number} piece(s) of evidence"


def evidence_in(changes: Changes) -> int:
    """Return how many pieces of evidence came with a change."""
    return len(new(changes, "evidence") or [])


def changed(changes: Changes) -> Story:
    """Return the sentence of any change, field by field."""
    parts = [part_of(name, *pair) for name, pair in changes.items() if name in FIELDS]
    if not parts and not changes:
        return "按原文更正引文或附属记录", "corrected after the source text"
    if len(parts) < len(changes):
        parts.append(("更正其他内容", "other content was corrected"))
    return "；".join(zh for zh, _ in parts), "; ".join(en for _, en in parts)


def part_of(field: str, before: object, after: object) -> Story:
    """Return the part of a sentence about one field."""
    (zh, en), (old_zh, old_en) = FIELDS[field], value_of(field, before)
    now_zh, now_en = value_of(field, after)
    return f"{zh}由“{old_zh}”改为“{now_zh}”", f"{en} changed from {old_en} to {now_en}"
