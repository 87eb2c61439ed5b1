"""What an event says, as a sentence in zh and en, for people who read a history."""

from collections.abc import Mapping
from typing import Any

from app.rules.vocabularies import Acceptance, Axis, LeadStatus, Progress, Publication, Vocabulary

Changes = Mapping[str, tuple[Any, Any]]
Story = tuple[str, str]

FIELDS: dict[str, Story] = {
    "progress": ("落实进展", "progress"),
    "acceptance": ("采纳情况", "acceptance"),
    "lead_office": ("主办单位", "lead office"),
    "lead_status": ("主办状态", "lead status"),
    "joint_offices": ("会办单位", "joint offices"),
    "claimed_by_office": ("申报落实的单位", "office that claimed it"),
    "due_on": ("办理期限", "due date"),
    "review_on": ("再议日期", "date to look again"),
    "look_back_on": ("回头看日期", "date to look back"),
    "summary_zh": ("中文摘要", "Chinese summary"),
    "summary_en": ("英文摘要", "English summary"),
    "targets": ("量化目标", "targets"),
    "superseded_by": ("取代它的建议", "superseded by"),
    "supersedes": ("所取代的建议", "supersedes"),
    "proposal_title": ("提案标题", "title of the proposal"),
    "tags": ("标签", "tags"),
    "publication": ("公开范围", "publication"),
    "case_no": ("案号", "case number"),
    "title": ("标题", "title"),
    "percent": ("完成比例", "percent"),
    "evidence": ("证明材料", "evidence"),
}

WORDS: dict[str, type[Vocabulary]] = {
    "progress": Progress,
    "acceptance": Acceptance,
    "lead_status": LeadStatus,
    "publication": Publication,
}


def tell(operation: str, changes: Changes) -> Story:
    """Return the sentence of an event, without its actor, its time and its note."""
    action = operation.partition(".")[2]
    teller = TELLERS.get(action, told_change)
    return teller(changes)


def told_creation(changes: Changes) -> Story:
    """Tell that a record came in."""
    return "按原文登记入库", "entered from the source text"


def told_adoption(changes: Changes) -> Story:
    """Tell that a record of the first release was taken into the audit."""
    return "升级时登记全部内容", "recorded in full at an upgrade"


def told_move(changes: Changes) -> Story:
    """Tell a step on one axis."""
    axis = next(name for name in ("progress", "acceptance") if name in changes)
    states = WORDS[axis]
    old, new = (states(code) for code in changes[axis])
    label = Axis(axis)
    zh = f"{label.zh}：由“{old.zh}”改为“{new.zh}”"
    en = f"{label.en} moved from {old.en} to {new.en}"
    zh, en = with_evidence(zh, en, len(changes.get("evidence", ([], []))[1]))
    if changes.get("superseded_by", (None, None))[1]:
        zh += f"，由 {changes['superseded_by'][1]} 取代"
        en += f", by {changes['superseded_by'][1]}"
    if "review_on" in changes and changes["review_on"][1]:
        zh += f"，{changes['review_on'][1]} 再议"
        en += f", to be looked at again on {changes['review_on'][1]}"
    return zh, en


def told_report(changes: Changes) -> Story:
    """Tell a progress report."""
    percent = changes["percent"][1]
    evidence = len(changes["evidence"][1])
    zh, en = "报告进展", "reported on its progress"
    if percent is not None:
        zh, en = f"{zh}：完成 {percent}%", f"{en}: {percent}% done"
    return with_evidence(zh, en, evidence)


def with_evidence(zh: str, en: str, number: int) -> Story:
    """Return a sentence that also tells how many pieces of evidence there are."""
    if number == 0:
        return zh, en
    return f"{zh}，附证明材料 {number} 份", f"{en}, with {number} piece(s) of evidence"


def told_look_back(changes: Changes) -> Story:
    """Tell that someone looked back, and it still stands."""
    zh, en = "回头看：仍已落实", "looked back at: it still stands"
    evidence = len(changes["evidence"][1])
    return with_evidence(zh, en, evidence)


def told_tags(changes: Changes) -> Story:
    """Tell which tags were added and which taken away."""
    before, after = (set(slugs) for slugs in changes["tags"])
    parts = [
        (zh, en, "、".join(sorted(slugs)), ", ".join(sorted(slugs)))
        for zh, en, slugs in (
            ("加标签", "tagged", after - before),
            ("去标签", "untagged", before - after),
        )
        if slugs
    ]
    return (
        "；".join(f"{zh} {names}" for zh, _, names, _ in parts),
        "; ".join(f"{en} {names}" for _, en, _, names in parts),
    )


def told_change(changes: Changes) -> Story:
    """Tell any other change, field by field."""
    if not changes:
        return "按原文更正引文或附属记录", "corrected after the source text"
    known = [(FIELDS.get(name, (name, name)), name, pair) for name, pair in changes.items()]
    zh = "；".join(
        f"{label[0]}由“{word(name, old, 0)}”改为“{word(name, new, 0)}”"
        for label, name, (old, new) in known
    )
    en = "; ".join(
        f"{label[1]} changed from {word(name, old, 1)} to {word(name, new, 1)}"
        for label, name, (old, new) in known
    )
    return zh, en


def word(field: str, value: Any, language: int) -> str:
    """Return how a sentence names *value*."""
    if value is None or value == []:
        return ("无", "nothing")[language]
    if field in WORDS:
        known = WORDS[field](value)
        return (known.zh, known.en)[language]
    if isinstance(value, list):
        return ("、", ", ")[language].join(map(str, value))
    return str(value)


TELLERS = {
    "adopted": told_adoption,
    "created": told_creation,
    "progress_changed": told_move,
    "acceptance_changed": told_move,
    "reported": told_report,
    "looked_back": told_look_back,
    "tagged": told_tags,
}
