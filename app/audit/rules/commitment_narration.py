"""What became of what an office promised, as sentences in zh and en."""

from functools import partial

from app.audit.rules.assignment_narration import narrate_recomputation, narrate_reminder
from app.audit.rules.sentences import (
    About,
    Changes,
    Story,
    Teller,
    and_then,
    because,
    evidence_in,
    labels,
    new,
    on_day,
    saying,
    with_evidence,
)
from app.core.codes import Satisfaction


def narrate_promise(changes: Changes, about: About) -> Story:
    """Tell what was promised, and until when."""
    text, day = new(changes, "text"), new(changes, "promised_on")
    zh, en = f"{about.office[0]}承诺：{text}", f"{about.office[1]} promised: {text}"
    return (f"{zh}（{day} 前）", f"{en} (by {day})") if day else (zh, en)


def narrate_state(zh: str, en: str, changes: Changes, about: About) -> Story:
    """Tell what a promise came to: *zh* and *en* have a place for the office."""
    story = with_evidence(
        (zh.format(about.office[0]), en.format(about.office[1])), evidence_in(changes)
    )
    promised = on_day(("承诺日期", "promised for"), new(changes, "promised_on"))
    reply = new(changes, "reply")
    where = (f"见答复 {reply}", f"in the reply {reply}") if reply else None
    return because(and_then(story, promised, where), about.note)


def narrate_remark(zh: str, en: str, changes: Changes, about: About) -> Story:
    """Tell what was said of a promise."""
    story = zh.format(about.office[0]), en.format(about.office[1])
    rating = new(changes, "rating")
    if rating is not None:
        label = labels(Satisfaction, rating)
        story = f"{story[0]}“{label[0]}”", f"{story[1]} {label[1]}"
    return saying(story, about.note)


def narrate_milestone(changes: Changes, about: About) -> Story:
    """Tell a step on the way that an office means to take."""
    number = new(changes, "milestone")
    story = saying((f"增设节点 {number}", f"milestone {number} was added"), about.note)
    return and_then(story, on_day(("期限", "due on"), new(changes, "due_on")))


def narrate_milestone_reached(changes: Changes, about: About) -> Story:
    """Tell that a step on the way was taken."""
    number = new(changes, "milestone")
    story = f"节点 {number} 已完成", f"milestone {number} was reached"
    return and_then(story, on_day(("日期", "on"), new(changes, "done_on")))


def narrate_raised_again(changes: Changes, about: About) -> Story:
    """Tell that another proposal asks for the like while it is still promised."""
    other = new(changes, "raised_in")
    if other is None:
        return "同一主题再次提出", "the like was raised again"
    return f"同一主题在提案 {other} 中再次提出", f"the like was raised again in {other}"


PROMISE_TELLERS: dict[str, Teller] = {
    "commitment.created": narrate_promise,
    "commitment.open": partial(narrate_state, "{}继续履行承诺", "the promise of {} is open again"),
    "commitment.missed": partial(
        narrate_state, "{}的承诺逾期未兑现", "the promise of {} was missed"
    ),
    "commitment.kept": partial(narrate_state, "{}兑现承诺", "{} kept its promise"),
    "commitment.withdrawn": partial(
        narrate_state, "{}的承诺已撤回", "the promise of {} was withdrawn"
    ),
    "commitment.replaced": partial(
        narrate_state, "{}的承诺由新的承诺取代", "a later promise of {} took its place"
    ),
    "commitment.explanation": partial(narrate_remark, "{}说明承诺", "{} explained its promise"),
    "commitment.confirmation": partial(
        narrate_remark, "{}年度确认承诺", "{} confirmed its promise for another year"
    ),
    "commitment.rating": partial(
        narrate_remark, "代表委员评价{}的承诺", "a proposer rated the promise of {}:"
    ),
    "commitment.look_back": partial(
        narrate_remark, "回头看{}的承诺", "the promise of {} was looked back at"
    ),
    "commitment.milestone_added": narrate_milestone,
    "commitment.milestone_reached": narrate_milestone_reached,
    "commitment.raised_again": narrate_raised_again,
    "commitment.recomputed": narrate_recomputation,
    "commitment.reminded": narrate_reminder,
}
