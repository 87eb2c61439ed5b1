"""What became of the answers of offices, as sentences in zh and en."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from app.audit.rules.sentences import (
    About,
    AnswerName,
    Changes,
    Name,
    Point,
    Story,
    Teller,
    and_then,
    because,
    labels,
    new,
    on_day,
)
from app.core.codes import (
    AssessmentDecision,
    AssignmentRole,
    AssignmentState,
    Channel,
    ReplyOutcome,
    Satisfaction,
)


def piece(about: About) -> Name:
    """Return what the office writes: a reply, or an opinion for the one that leads."""
    joint = about.role == AssignmentRole.JOINT
    return ("会办意见", "joint opinion") if joint else ("答复", "reply")


def version(changes: Changes) -> Name:
    """Return which version it is about; nothing where the reader does not know."""
    number = new(changes, "reply")
    return (f"第 {number} 稿", f" (version {number})") if number else ("", "")


def narrate_draft(changes: Changes, about: About) -> Story:
    """Tell what an office drafted, and what that says of each recommendation."""
    what, which = piece(about), version(changes)
    story = (
        f"{about.office[0]}拟出{what[0]}{which[0]}",
        f"{about.office[1]} drafted a {what[1]}{which[1]}",
    )
    outcomes = new(changes, "outcomes") or {}
    return with_points(story, [Point(name, outcome) for name, outcome in outcomes.items()])


def narrate_sent(changes: Changes, about: About) -> Story:
    """Tell that an office answered: under which number, and what, where the reader may know."""
    what, answer = piece(about), about.answer or AnswerName()
    zh, en = f"{about.office[0]}{what[0]}已发出", f"{about.office[1]} sent its {what[1]}"
    if answer.document_no:
        zh, en = f"{zh}（文号 {answer.document_no}）", f"{en} (no. {answer.document_no})"
    return with_points((zh, en), answer.points)


def with_points(story: Story, points: Sequence[Point]) -> Story:
    """Return *story* with what is said of the one recommendation, or of how many what is said."""
    if not points:
        return story
    if len(points) == 1:
        zh, en = of_one(points[0])
    else:
        numbers = Counter(outcome_of(point.outcome) for point in points)
        zh = "、".join(f"{label[0]} {number} 条" for label, number in numbers.items())
        en = ", ".join(f"{number} {label[1]}" for label, number in numbers.items())
    return f"{story[0]}：{zh}", f"{story[1]}: {en}"


def outcome_of(code: str) -> Name:
    """Return the words for an outcome; the letter of a place stands for itself."""
    if code in set(ReplyOutcome):
        return labels(ReplyOutcome, code)
    return f"标签 {code}", f"label {code}"


def of_one(point: Point) -> Story:
    """Return what is said of one recommendation, and what is promised about it."""
    label = outcome_of(point.outcome)
    zh, en = f"建议 {point.reference} {label[0]}", f"recommendation {point.reference} {label[1]}"
    if point.promise:
        zh, en = f"{zh}，承诺：{point.promise}", f"{en}, promised: {point.promise}"
    if point.promise and point.promised_on:
        zh, en = f"{zh}（{point.promised_on} 前）", f"{en} (by {point.promised_on})"
    return zh, en


def narrate_version(zh: str, en: str, changes: Changes, about: About) -> Story:
    """Tell a step of a version: *zh* and *en* have places for office, piece and version."""
    what, which = piece(about), version(changes)
    story = (
        zh.format(about.office[0], what[0], which[0]),
        en.format(about.office[1], what[1], which[1]),
    )
    return because(story, about.note)


def narrate_signature(changes: Changes, about: About) -> Story:
    """Tell whether a joint office agrees to a version of a reply."""
    name = new(changes, "reply")
    agrees = ("同意", "agrees") if new(changes, "agrees") else ("不同意", "does not agree")
    story = (
        f"{about.office[0]}会签{agrees[0]}（{name}）",
        f"{about.office[1]} {agrees[1]} to {name}",
    )
    return because(story, about.note)


def narrate_signature_asked(changes: Changes, about: About) -> Story:
    """Tell that what a joint office is to countersign changed with the reply it has a part in."""
    name = new(changes, "countersign")
    return (
        f"{about.office[0]}的会签事项随 {name} 的答复更新",
        f"what {about.office[1]} is to countersign changed with the reply of {name}",
    )


def narrate_contact(changes: Changes, about: About) -> Story:
    """Tell that an office was in contact with the proposers."""
    zh, en = labels(Channel, new(changes, "channel"))
    story = (
        f"{about.office[0]}与代表委员沟通（{zh}）",
        f"{about.office[1]} was in contact with the proposers ({en})",
    )
    return and_then(story, on_day(("日期", "on"), new(changes, "on")))


def narrate_rating(changes: Changes, about: About) -> Story:
    """Tell how a proposer rates a version, and what follows."""
    which = version(changes)
    attitude, result = (labels(Satisfaction, new(changes, n)) for n in ("attitude", "result"))
    zh = f"代表委员评价{about.office[0]}答复{which[0]}：办理态度{attitude[0]}，办理结果{result[0]}"
    en = (
        f"a proposer rated the reply of {about.office[1]}{which[1]}: attitude {attitude[1]},"
        f" result {result[1]}"
    )
    again = new(changes, "state") == AssignmentState.IN_PROGRESS
    more = ("重新办理", "to be handled again") if again else None
    said = (f"意见：{about.note}", f"comment: {about.note}") if about.note else None
    return and_then((zh, en), more, said)


def narrate_assessment(changes: Changes, about: About) -> Story:
    """Tell what an assessment led to."""
    zh, en = labels(AssessmentDecision, new(changes, "decision"))
    return because((f"评估结论：{zh}", f"assessed: {en}"), about.note)


def corrected(teller: Teller, changes: Changes, about: About) -> Story:
    """Tell what *teller* does of a further version, and of which entry it is."""
    entry, (zh, en) = new(changes, "corrects"), teller(changes, about)
    return f"更正历史第 {entry} 号：{zh}", f"corrected entry {entry}: {en}"


REPLY_TELLERS: dict[str, Teller] = {
    "assignment.contacted": narrate_contact,
    "assignment.contact_corrected": partial(corrected, narrate_contact),
    "assignment.rating_corrected": partial(corrected, narrate_rating),
    "assignment.reply_drafted": narrate_draft,
    "assignment.reply_checked": partial(
        narrate_version, "核对{0}的{1}{2}", "the {1} of {0} was checked{2}"
    ),
    "assignment.reply_returned": partial(
        narrate_version, "退回{0}的{1}{2}，另行拟稿", "the {1} of {0} was returned{2}"
    ),
    "assignment.reply_sent": narrate_sent,
    "assignment.reply_published": partial(
        narrate_version, "{0}的{1}{2}已公开", "the {1} of {0} was published{2}"
    ),
    "assignment.reply_withheld": partial(
        narrate_version, "{0}的{1}{2}不予公开", "the {1} of {0} is not published{2}"
    ),
    "assignment.countersigned": narrate_signature,
    "assignment.countersignature_asked": narrate_signature_asked,
    "assignment.rated": narrate_rating,
    "assignment.assessed": narrate_assessment,
}
