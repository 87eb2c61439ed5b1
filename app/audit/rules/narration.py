"""What an event says, as a sentence in zh and en, for people who read a history.

The table of every operation and who tells it; those about recommendations stand here.
"""

from app.audit.rules.assignment_narration import ASSIGNMENT_TELLERS
from app.audit.rules.commitment_narration import PROMISE_TELLERS
from app.audit.rules.proposal_narration import PROPOSAL_TELLERS
from app.audit.rules.reform_narration import PASSING_TELLERS
from app.audit.rules.reply_narration import REPLY_TELLERS
from app.audit.rules.sentences import (
    About,
    Changes,
    Story,
    Teller,
    and_then,
    because,
    by_paper,
    changed,
    evidence_in,
    labels,
    new,
    old,
    on_day,
    value_of,
    with_evidence,
)
from app.audit.rules.withholding_narration import WITHHOLDING_TELLERS
from app.core.codes import Acceptance, Axis, HandlingState, Progress

NOBODY = About()


def narrate(operation: str, changes: Changes, about: About = NOBODY) -> Story:
    """Return the sentence of an event, without its actor and its time.

    *changes* name offices and tags; what else the sentence names stands in *about*. What was
    entered afterwards ends with its day and the paper it rests on. An operation of another release
    is told field by field.
    """
    teller = TELLERS.get(operation, narrate_change)
    return by_paper(teller(changes, about), changes)


def narrate_creation(changes: Changes, about: About) -> Story:
    """Tell that a recommendation came in."""
    return "按原文登记入库", "entered from the source text"


def narrate_move(changes: Changes, about: About) -> Story:
    """Tell a step on one axis."""
    axis = next(name for name in ("progress", "acceptance") if name in changes)
    states = {"progress": Progress, "acceptance": Acceptance}[axis]
    before, after = (labels(states, code) for code in changes[axis])
    label = Axis(axis)
    story = (
        f"{label.zh}：由“{before[0]}”改为“{after[0]}”",
        f"{label.en} moved from {before[1]} to {after[1]}",
    )
    zh, en = with_evidence(story, evidence_in(changes))
    successor, review_on = new(changes, "superseded_by"), new(changes, "review_on")
    if successor:
        zh, en = f"{zh}，由 {successor} 取代", f"{en}, by {successor}"
    if review_on:
        zh, en = f"{zh}，{review_on} 再议", f"{en}, to be looked at again on {review_on}"
    return zh, en


def narrate_report(changes: Changes, about: About) -> Story:
    """Tell a progress report."""
    percent = new(changes, "percent")
    story = "报告进展", "reported on its progress"
    if percent is not None:
        story = f"{story[0]}：完成 {percent}%", f"{story[1]}: {percent}% done"
    return with_evidence(story, evidence_in(changes))


def narrate_corrected_report(changes: Changes, about: About) -> Story:
    """Tell a further version of a report, and of which entry it is."""
    zh, en = narrate_report(changes, about)
    entry = new(changes, "corrects")
    zh = zh.replace("报告进展", f"更正进展报告（历史第 {entry} 号）")
    en = en.replace("reported on its progress", f"corrected its report (entry {entry})")
    return zh, en


def narrate_look_back(changes: Changes, about: About) -> Story:
    """Tell that someone looked back, and it still stands."""
    return with_evidence(
        ("回头看：仍已落实", "looked back at: it still stands"), evidence_in(changes)
    )


def narrate_tags(changes: Changes, about: About) -> Story:
    """Tell which tags were added and which taken away."""
    before, after = changes["tags"]
    parts = [
        (label, value_of("tags", tags))
        for label, tags in (
            (("加标签", "tagged"), [tag for tag in after if tag not in before]),
            (("去标签", "untagged"), [tag for tag in before if tag not in after]),
        )
        if tags
    ]
    return (
        "；".join(f"{label[0]} {names[0]}" for label, names in parts),
        "; ".join(f"{label[1]} {names[1]}" for label, names in parts),
    )


def narrate_change(changes: Changes, about: About) -> Story:
    """Tell any other change, field by field."""
    return changed(changes)


PARTS = {
    "joint_offices": ("会办", "joint"),
    "separate_offices": ("分别办理", "each for itself"),
    "below_offices": ("下级承办", "below"),
}
"""Lists of offices → what they do, in a sentence that says who has a recommendation."""


def narrate_given(changes: Changes, about: About) -> Story:
    """Tell in short who has a recommendation now: the event of the assignment tells the rest."""
    parts = []
    if "lead_office" in changes or "lead_status" in changes:
        parts.append(lead_part(changes))
    for field, (zh, en) in PARTS.items():
        if field in changes:
            names = value_of(field, new(changes, field))
            parts.append((f"{zh}：{names[0]}", f"{en}: {names[1]}"))
    day = on_day(("办理期限", "due on"), new(changes, "due_on"))
    first, *others = [*parts, *([day] if day else [])] or [changed(changes)]
    return and_then(first, *others)


def lead_part(changes: Changes) -> Story:
    """Return the part of a sentence that says who leads, and how it came by it."""
    status, office = new(changes, "lead_status"), new(changes, "lead_office")
    how = value_of("lead_status", status)
    if "lead_office" not in changes:
        return f"主办状态：{how[0]}", f"lead: {how[1]}"
    if office is None:
        return (
            (f"主办：无（{how[0]}）", f"lead: nobody ({how[1]})")
            if status
            else (
                "主办：无",
                "lead: nobody",
            )
        )
    return (
        f"主办：{office[0]}" + (f"（{how[0]}）" if status else ""),
        f"lead: {office[1]}" + (f" ({how[1]})" if status else ""),
    )


def narrate_end(changes: Changes, about: About) -> Story:
    """Tell that a recommendation ended with its proposal, or alone and why."""
    zh, en = labels(HandlingState, new(changes, "ended_as"))
    if new(changes, "ended_alone"):
        return because((f"单独终止（{zh}）", f"ended alone ({en})"), about.note)
    return f"随提案终止（{zh}）", f"ended with its proposal ({en})"


def narrate_restoration(changes: Changes, about: About) -> Story:
    """Tell that a recommendation is followed again: as its proposal is, or alone and why."""
    if old(changes, "ended_alone"):
        return because(("恢复办理", "restored"), about.note)
    return "随提案恢复", "restored with its proposal"


def narrate_adoption(changes: Changes, about: About) -> Story:
    """Tell that a record of the first release was taken into the audit."""
    return "升级时登记全部内容", "recorded in full at an upgrade"


def narrate_erasure(changes: Changes, about: About) -> Story:
    """Tell that texts were erased, and not which."""
    number = len(new(changes, "texts") or [])
    return f"经两人批准，删除文字 {number} 处", f"erased {number} texts, as two persons agreed"


RECOMMENDATION_TELLERS: dict[str, Teller] = {
    "recommendation.acceptance_changed": narrate_move,
    "recommendation.assigned": narrate_change,
    "recommendation.created": narrate_creation,
    "recommendation.edited": narrate_change,
    "recommendation.ended": narrate_end,
    "recommendation.given": narrate_given,
    "recommendation.looked_back": narrate_look_back,
    "recommendation.progress_changed": narrate_move,
    "recommendation.related": narrate_change,
    "recommendation.report_corrected": narrate_corrected_report,
    "recommendation.reported": narrate_report,
    "recommendation.restored": narrate_restoration,
    "recommendation.tagged": narrate_tags,
}

KINDS = ("recommendation", "proposal", "assignment", "commitment", "withholding")
"""Records whose events make up a history."""

TELLERS: dict[str, Teller] = {
    **RECOMMENDATION_TELLERS,
    **PROPOSAL_TELLERS,
    **ASSIGNMENT_TELLERS,
    **REPLY_TELLERS,
    **PROMISE_TELLERS,
    **PASSING_TELLERS,
    **WITHHOLDING_TELLERS,
    **{f"{kind}.adopted": narrate_adoption for kind in KINDS},
    **{f"{kind}.text_erased": narrate_erasure for kind in KINDS},
}
"""Operation → what tells it."""
