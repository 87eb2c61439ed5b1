"""What happened to a proposal in the procedure, as sentences in zh and en."""

from functools import partial

from app.audit.rules.assignment_narration import narrate_recomputation, narrate_reminder
from app.audit.rules.sentences import (
    NOTHING,
    About,
    Changes,
    Story,
    Teller,
    and_then,
    because,
    changed,
    due_moved,
    labels,
    new,
    old,
    on_day,
    saying,
    value_of,
)
from app.core.codes import HandlingState, MarkKind, NotFiledReason


def narrate_entry(changes: Changes, about: About) -> Story:
    """Tell that a proposal was drafted, or came in with a source text."""
    if "handling_state" not in changes:
        return "按原文登记入库", "entered from the source text"
    former = new(changes, "replaces")
    replaced = (f"取代 {former}", f"in the place of {former}") if former else None
    return and_then(("录入草稿", "entered as a draft"), replaced)


def narrate_state(zh: str, en: str, changes: Changes, about: About) -> Story:
    """Tell that a proposal came as far as *zh* and *en* say, and what came with it."""
    left = new(changes, "proposers_left_out")
    names = value_of("proposers", left)
    unsigned = (f"未联名：{names[0]}", f"without {names[1]}, who did not sign") if left else None
    case_no = on_day(("案号", "case number"), new(changes, "case_no"))
    return because(and_then((zh, en), case_no, unsigned), about.note)


def narrate_refusal(changes: Changes, about: About) -> Story:
    """Tell for which reason a proposal is not filed."""
    zh, en = labels(NotFiledReason, new(changes, "not_filed_reason"))
    return saying_more(("不予立案", "not filed"), (zh, en), about.note)


def saying_more(story: Story, label: Story, note: str | None) -> Story:
    """Return *story* with a label behind a colon, and the reason where the reader may know it."""
    return because((f"{story[0]}：{label[0]}", f"{story[1]}: {label[1]}"), note)


def narrate_review(changes: Changes, about: About) -> Story:
    """Tell that a review began, or began again for what had been merged."""
    former = old(changes, "merged_into")
    if "merged_into" not in changes:
        return because(("开始审查", "its review began"), about.note)
    zh, en = value_of("merged_into", former) if former else ("原并案", "the other case")
    return because(
        (f"不再并入{zh}，重新审查", f"no longer part of {en}: reviewed again"), about.note
    )


def narrate_merger(changes: Changes, about: About) -> Story:
    """Tell into which proposal it was merged, where the reader may know."""
    into = new(changes, "merged_into")
    story = (f"并入提案 {into}", f"merged into {into}") if into else ("并案办理", "merged")
    return because(story, about.note)


def narrate_correction(changes: Changes, about: About) -> Story:
    """Tell what was corrected, field by field."""
    return because(changed(changes), about.note)


def narrate_categories(changes: Changes, about: About) -> Story:
    """Tell into which categories it was put, and out of which, and why."""
    before, after = (side(changes, "categories") or [] for side in (old, new))
    into = [one for one in after if one not in before]
    out = [one for one in before if one not in after]
    parts = [
        (f"{label[0]}：{names[0]}", f"{label[1]}: {names[1]}")
        for label, names in (
            (("归类", "put into the categories"), value_of("categories", into)),
            (("不再归入", "no longer in the categories"), value_of("categories", out)),
        )
        if names != NOTHING
    ]
    first, *others = parts or [changed(changes)]
    return because(and_then(first, *others), about.note)


def narrate_mark(changes: Changes, about: About) -> Story:
    """Tell by whom it was marked, and with what."""
    zh, en = labels(MarkKind, new(changes, "mark"))
    by_zh, by_en = value_of("given_by", new(changes, "given_by"))
    return saying((f"由{by_zh}评为“{zh}”", f"marked {en} by {by_en}"), about.note)


def narrate_mark_taken_back(changes: Changes, about: About) -> Story:
    """Tell which mark was taken back, and why."""
    zh, en = labels(MarkKind, old(changes, "mark"))
    return because((f"撤销“{zh}”", f"no longer marked {en}"), about.note)


def narrate_addition(changes: Changes, about: About) -> Story:
    """Tell which recommendations were added after it was entered, and why."""
    names = value_of("recommendations", new(changes, "recommendations"))
    return because((f"增加建议：{names[0]}", f"recommendations added: {names[1]}"), about.note)


def narrate_clock(changes: Changes, about: About) -> Story:
    """Tell that it is to be dispatched as early as another that was merged into it."""
    other = new(changes, "clock_of")
    story = (
        (f"按并入的 {other} 的期限交办", f"to be dispatched as early as {other}, merged into it")
        if other
        else ("按并入提案的期限交办", "to be dispatched as early as one merged into it")
    )
    return and_then(story, due_moved(changes))


def narrate_gap(changes: Changes, about: About) -> Story:
    """Tell which recommendations nobody was given, or no reply answers."""
    names = value_of("unanswered", new(changes, "unanswered"))
    return f"尚未交办或答复的建议：{names[0]}", f"not given or not answered: {names[1]}"


def narrate_no_gap(changes: Changes, about: About) -> Story:
    """Tell that every recommendation is given now."""
    return "全部建议均已交办", "every recommendation is given to an office"


def narrate_signature(changes: Changes, about: About) -> Story:
    """Tell whether a joint proposer signs, and by what paper."""
    who = new(changes, "cosigner")
    agrees = new(changes, "agrees")
    story = (
        (f"{who}同意联名", f"{who} signs")
        if agrees
        else (
            f"{who}不同意联名",
            f"{who} does not sign",
        )
    )
    return saying(story, about.note)


S = HandlingState
STATES: dict[HandlingState, Story] = {
    S.SUBMITTED: ("提交", "submitted"),
    S.RETURNED_FOR_EDIT: ("退回修改", "returned for edit"),
    S.FILED: ("立案", "filed"),
    S.TRANSFERRED: ("转送其他渠道处理", "transferred to another channel"),
    S.WITHDRAWN: ("撤案", "withdrawn"),
    S.DISPATCHED: ("提案已交办", "the proposal was dispatched"),
    S.IN_PROGRESS: ("提案进入办理", "the proposal is being handled"),
    S.REPLIED: ("承办单位均已答复", "every office has replied"),
    S.REPROCESSING: ("提案重新办理", "the proposal is handled again"),
    S.EVALUATED: ("评价完毕", "evaluated"),
    S.CLOSED: ("办结", "closed"),
    S.ARCHIVED: ("归档", "archived"),
}

PROPOSAL_TELLERS: dict[str, Teller] = {
    "proposal.added_to": narrate_addition,
    "proposal.created": narrate_entry,
    "proposal.edited": narrate_correction,
    "proposal.cosigned": narrate_signature,
    "proposal.categorised": narrate_categories,
    "proposal.marked": narrate_mark,
    "proposal.mark_ended": narrate_mark_taken_back,
    "proposal.under_review": narrate_review,
    "proposal.not_filed": narrate_refusal,
    "proposal.merged": narrate_merger,
    "proposal.clock_taken_over": narrate_clock,
    "proposal.left_out": narrate_gap,
    "proposal.all_given": narrate_no_gap,
    "proposal.recomputed": narrate_recomputation,
    "proposal.reminded": narrate_reminder,
    **{f"proposal.{state}": partial(narrate_state, *story) for state, story in STATES.items()},
}
