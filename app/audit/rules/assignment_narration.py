"""What happened to what an office was given to handle, as sentences in zh and en."""

from functools import partial

from app.audit.rules.sentences import (
    About,
    Changes,
    Story,
    Teller,
    and_then,
    because,
    due_moved,
    joined_names,
    labels,
    new,
    on_day,
    value_of,
)
from app.core.codes import (
    AssignmentRole,
    ExtensionState,
    ReminderPoint,
    TaskKind,
)


def narrate_dispatch(changes: Changes, about: About) -> Story:
    """Tell to which office it was dispatched, in which part, and when."""
    (zh, en), role = about.office, labels(AssignmentRole, about.role)
    part = role[1] if about.role == AssignmentRole.FOR_INFORMATION else f"as {role[1]}"
    if about.above is None:
        story = f"交办给{zh}（{role[0]}）", f"dispatched to {en} {part}"
    else:
        above = about.above
        story = (
            f"{above[0]}转交给{zh}（{role[0]}）",
            f"dispatched on by {above[1]} to {en} {part}",
        )
    zh, en = story
    day = new(changes, "dispatched_on")
    if day:
        zh, en = f"{zh}，交办日 {day}", f"{en} on {day}"
    if about.only:
        zh, en = f"{zh}，限建议 {about.only}", f"{en}, for recommendation {about.only} alone"
    if new(changes, "in_recess"):
        zh, en = f"{zh}，闭会期间", f"{en}, between sessions"
    return because((zh, en), about.note)


def narrate_step(zh: str, en: str, day: str | None, changes: Changes, about: About) -> Story:
    """Tell a step of an office: *zh* and *en* have a place for its name, *day* names a column."""
    story = zh.format(about.office[0]), en.format(about.office[1])
    part = on_day(DAYS[day], new(changes, day)) if day else None
    suggested = new(changes, "suggested_office")
    wished = None
    if suggested:
        wished = f"建议改交{suggested[0]}", f"who suggests {suggested[1]}"
    return because(and_then(story, part, wished), about.note)


DAYS = {"received_on": ("签收日", "on"), "ended_on": ("日期", "on")}

STEPS: dict[str, Teller] = {
    "received": partial(narrate_step, "{}签收", "received by {}", "received_on"),
    "in_progress": partial(narrate_step, "{}开始办理", "{} began its work", None),
    "objection_pending": partial(narrate_step, "{}提出异议", "{} objected", None),
    "upheld": partial(
        narrate_step, "维持交办，仍由{}办理", "the dispatch was upheld: {} keeps it", None
    ),
    "returned": partial(narrate_step, "同意{}退回", "given back by {}", "ended_on"),
    "withdrawn": partial(
        narrate_step, "撤回对{}的交办", "the dispatch to {} was withdrawn", "ended_on"
    ),
}
"""State that an office's part comes to → what tells the step."""


def narrate_redispatch(changes: Changes, about: About) -> Story:
    """Tell who was given it in the place of the office."""
    zh, en = value_of("office", new(changes, "redispatched"))
    return f"由{about.office[0]}改交{zh}", f"given to {en} in the place of {about.office[1]}"


# -- days ----------------------------------------------------------------------------------------


def narrate_extension(changes: Changes, about: About) -> Story:
    """Tell that more time was asked for, noted, granted or refused."""
    (zh, en), until = about.office, new(changes, "until")
    asked = f"{zh}申请延期至 {until}", f"{en} asked for more time, until {until}"
    state = new(changes, "extension")
    stories = {
        ExtensionState.ASKED: asked,
        ExtensionState.NOTED: (f"{zh}延期至 {until}，已备案", f"{en} noted more time: {until}"),
        ExtensionState.GRANTED: (f"同意{zh}延期至 {until}", f"{en} was granted time until {until}"),
        ExtensionState.REFUSED: (f"未同意{zh}延期至 {until}", f"{en} was refused time to {until}"),
    }
    return because(and_then(stories.get(state, asked), due_moved(changes)), about.note)


def narrate_pause(changes: Changes, about: About) -> Story:
    """Tell on which days its clock stood still."""
    first, last = new(changes, "first"), new(changes, "last")
    story = (
        f"{about.office[0]}的期限中止 {first} 至 {last}",
        f"the clock of {about.office[1]} stood still from {first} to {last}",
    )
    return because(and_then(story, due_moved(changes)), about.note)


def narrate_recomputation(changes: Changes, about: About) -> Story:
    """Tell that another calendar moved a due date, or made it certain."""
    zh, en = labels(TaskKind, new(changes, "task"))
    story = f"按日历重新计算“{zh}”的期限", f"the limit to {en} was worked out by another calendar"
    certain = (
        ("期限已确定", "its day is certain")
        if new(changes, "is_provisional") is False
        else (
            "期限待定",
            "its day is provisional",
        )
    )
    return and_then(story, due_moved(changes) or certain)


def narrate_dating(changes: Changes, about: About) -> Story:
    """Tell that an upgrade gave what is asked of an office its days."""
    days = new(changes, "days") or []
    named = [(labels(TaskKind, kind), day) for kind, day in days]
    zh, en = joined_names([(f"{label[0]} {day}", f"{label[1]} {day}") for label, day in named])
    return f"升级时补定期限：{zh}", f"given its days at an upgrade: {en}"


def narrate_reminder(changes: Changes, about: About) -> Story:
    """Tell what was brought to mind."""
    zh, en = labels(TaskKind, new(changes, "task"))
    points = joined_names([labels(ReminderPoint, point) for point in new(changes, "points") or []])
    day = on_day(("到期日", "due on"), new(changes, "due_on"))
    return and_then((f"提醒“{zh}”：{points[0]}", f"reminder to {en}: {points[1]}"), day)


def narrate_dropped(changes: Changes, about: About) -> Story:
    """Tell what is waited for no more."""
    zh, en = joined_names([labels(TaskKind, kind) for kind in new(changes, "dropped") or []])
    return f"不再等待{about.office[0]}：{zh}", f"no longer waited for, of {about.office[1]}: {en}"


def narrate_feedback_closed(changes: Changes, about: About) -> Story:
    """Tell that forms of the proposers are waited for no more."""
    return "反馈期已满", "the time for feedback ended"


def narrate_objection_closed(changes: Changes, about: About) -> Story:
    """Tell that the time to object is over."""
    return "异议期已满", "the time to object ended"


def narrate_press(changes: Changes, about: About) -> Story:
    """Tell who was pressed for an answer, and by when it is to come."""
    story = f"催办{about.office[0]}", f"{about.office[1]} was pressed for an answer"
    by = on_day(("答复期限", "to answer by"), new(changes, "answer_by"))
    return because(and_then(story, by), about.note)


def narrate_explanation(changes: Changes, about: About) -> Story:
    """Tell why an office is late, and by when it will be done."""
    story = f"{about.office[0]}说明逾期原因", f"{about.office[1]} explained why it is late"
    by = on_day(("预计完成", "to be done by"), new(changes, "done_by"))
    return because(and_then(story, by), about.note)


ASSIGNMENT_TELLERS: dict[str, Teller] = {
    "assignment.created": narrate_dispatch,
    **{f"assignment.{state}": teller for state, teller in STEPS.items()},
    "assignment.redispatched": narrate_redispatch,
    "assignment.extension_asked": narrate_extension,
    "assignment.extension_granted": narrate_extension,
    "assignment.extension_refused": narrate_extension,
    "assignment.paused": narrate_pause,
    "assignment.dated": narrate_dating,
    "assignment.recomputed": narrate_recomputation,
    "assignment.reminded": narrate_reminder,
    "assignment.no_longer_waited_for": narrate_dropped,
    "assignment.feedback_closed": narrate_feedback_closed,
    "assignment.objection_closed": narrate_objection_closed,
    "assignment.pressed": narrate_press,
    "assignment.explained": narrate_explanation,
}
