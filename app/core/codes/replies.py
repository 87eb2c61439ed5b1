"""Codes of replies and of how they are rated."""

from app.core.codes.labelled import LabelledEnum


class Assessment(LabelledEnum):
    """What follows when a proposer is dissatisfied a second time, or before handling again."""

    EXPERTS = "experts", "专家评估", "assessment by experts"
    MEETING = "meeting", "专题会议", "a meeting"
    BEFORE_REHANDLING = "before_rehandling", "评估后重新办理", "assessment before handling again"


class ReplyOutcome(LabelledEnum):
    """What a reply says of one recommendation, whatever the letter of the place."""

    RESOLVED = "resolved", "已解决或基本解决", "resolved"
    PARTLY_RESOLVED = "partly_resolved", "部分解决", "partly resolved"
    IN_PROGRESS = "in_progress", "正在解决", "being resolved"
    PLANNED = "planned", "列入计划解决", "planned"
    DEFERRED = "deferred", "因条件限制暂缓", "deferred"
    FOR_REFERENCE = "for_reference", "留作参考", "kept for reference"
    NOT_FEASIBLE = "not_feasible", "不可行", "not feasible"
    REFERRED_UP = "referred_up", "报上级研究", "referred to a higher level"


class ReplyState(LabelledEnum):
    """How far a version of a reply, or of a joint opinion, is."""

    DRAFT = "draft", "拟稿", "draft"
    RETURNED = "returned", "退回修改", "returned"
    CHECKED = "checked", "已核对", "checked"
    SENT = "sent", "已发出", "sent"
    PUBLISHED = "published", "已公开", "published"
    WITHHELD = "withheld", "不予公开", "withheld"
    REPLACED = "replaced", "已有新版", "replaced by a later version"


class Satisfaction(LabelledEnum):
    """How a proposer rates the attitude of an office, or the result."""

    SATISFIED = "satisfied", "满意", "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied", "基本满意", "basically satisfied"
    UNDERSTOOD = "understood", "理解", "understood"
    DISSATISFIED = "dissatisfied", "不满意", "dissatisfied"


class Channel(LabelledEnum):
    """How an office was in contact with a proposer."""

    MEETING = "meeting", "面商座谈", "meeting"
    VISIT = "visit", "走访", "visit"
    PHONE = "phone", "电话", "phone"
    EMAIL = "email", "电子邮件", "email"
    LETTER = "letter", "信函", "letter"
    OTHER = "other", "其他", "other"


class AssessmentDecision(LabelledEnum):
    """What an assessment leads to."""

    HANDLE_AGAIN = "handle_again", "重新办理", "handle it again"
    LEAVE = "leave", "维持答复", "leave the reply as it is"
