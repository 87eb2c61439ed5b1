"""Codes of what waits, on which desk, and of reminders."""

from app.core.codes.labelled import LabelledEnum


class TaskKind(LabelledEnum):
    """What is waited for on a desk."""

    REVIEW = "review", "审查立案", "review and file it"
    DISPATCH = "dispatch", "交办", "dispatch it"
    RECEIVE = "receive", "签收", "receive it"
    OBJECTION = "objection", "可提异议", "object, if at all"
    CO_OPINION = "co_opinion", "出具会办意见", "give a joint opinion"
    REPLY = "reply", "答复", "reply"
    IMPLEMENT = "implement", "落实", "carry it out"
    DECIDE_OBJECTION = "decide_objection", "裁定异议", "decide on an objection"
    REDISPATCH = "redispatch", "改办", "dispatch to another office"
    DECIDE_EXTENSION = "decide_extension", "审批延期", "decide on an extension"
    VERIFY = "verify", "核验", "verify it"
    COUNTERSIGN = "countersign", "会签", "countersign a reply"
    CHECK_REPLY = "check_reply", "核对答复", "check a reply"
    FEEDBACK = "feedback", "征询满意度", "ask the proposers how they rate it"
    PUBLISH = "publish", "公开答复", "publish a reply"
    REHANDLE = "rehandle", "重新办理", "handle it again"
    ASSESS = "assess", "评估", "assess how it was handled"
    KEEP_PROMISE = "keep_promise", "兑现承诺", "keep a promise"
    MILESTONE = "milestone", "完成节点", "reach a milestone"
    CONFIRM = "confirm", "年度确认", "confirm a promise for another year"
    LOOK_BACK = "look_back", "回头看", "look back at what was carried out"
    REPORT = "report", "报告进展", "report on its progress"
    ANSWER_PRESS = "answer_press", "答复催办", "answer a supervisor who presses"


class Desk(LabelledEnum):
    """Whose desk something lies on."""

    OFFICE = "office", "承办单位", "an office"
    DISPATCHERS = "dispatchers", "交办督查", "dispatchers"
    SUPERVISORS = "supervisors", "督办核验", "supervisors"
    NONE = "none", "不在工作台", "on no desk"


class TaskOutcome(LabelledEnum):
    """How something that was waited for ended."""

    DONE = "done", "按时完成", "done in time"
    LATE = "late", "逾期完成", "done late"
    VOID = "void", "不再需要", "no longer waited for"


class Bucket(LabelledEnum):
    """How near a due date is."""

    OVERDUE = "overdue", "已逾期", "overdue"
    SOON = "soon", "七日内到期", "due within seven days"
    LATER = "later", "七日后到期", "due later"
    UNDATED = "undated", "无期限", "without a date"


class Urgency(LabelledEnum):
    """How urgent a reminder is."""

    BLUE = "blue", "蓝色提醒", "blue"
    YELLOW = "yellow", "黄色预警", "yellow"
    RED = "red", "红色警告", "red"


class ReminderPoint(LabelledEnum):
    """What a reminder is about."""

    NOT_RECEIVED = "not_received", "交办后未签收", "not received"
    OBJECTION_CLOSING = "objection_closing", "异议期将满", "the time to object ends soon"
    OBJECTION_CLOSED = "objection_closed", "异议期已满", "the time to object ended"
    NO_MEETING = "no_meeting", "尚未面商", "no meeting yet"
    DUE_SOON = "due_soon", "即将到期", "due soon"
    BEHIND = "behind", "进度滞后", "behind"
    OVERDUE = "overdue", "已逾期", "overdue"
    UNDECIDED = "undecided", "请求待裁定", "asked and undecided"
    WINDOW_CLOSING = "window_closing", "反馈期将满", "the time for feedback ends soon"
    WINDOW_CLOSED = "window_closed", "反馈期已满", "the time for feedback ended"
    BEGUN = "begun", "已开始计时", "its clock began"
    NOT_PUBLISHED = "not_published", "答复未公开", "not published"
    MISSED = "missed", "承诺未兑现", "a promise was missed"
    LOOK_BACK = "look_back", "回头看", "to be looked back at"
    RAISED_AGAIN = "raised_again", "同一主题再次提出", "raised again while it is promised"
    NOT_VERIFIED = "not_verified", "申报后未核验", "claimed and not verified yet"
    PRESSED = "pressed", "被催办", "pressed for an answer"
    PASSED_ON = "passed_on", "已交办其他单位", "given to another office"
