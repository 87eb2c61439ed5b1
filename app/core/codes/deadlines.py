"""Codes of rules, limits and clocks."""

from app.core.codes.labelled import LabelledEnum


class Clock(LabelledEnum):
    """Which day of an office comes next."""

    RECEIPT = "receipt", "签收", "receipt"
    REPLY = "reply", "答复", "reply"
    REHANDLING = "rehandling", "重新办理", "handling again"
    JOINT_OPINION = "joint_opinion", "会办意见", "joint opinion"
    OWN_DAY = "own_day", "单位自定期限", "the day that the office named itself"
    PROMISE = "promise", "承诺", "promise"
    MILESTONE = "milestone", "节点", "milestone"


class Unit(LabelledEnum):
    """In what a limit is counted."""

    DAYS = "days", "自然日", "days"
    WORKING_DAYS = "working_days", "工作日", "working days"
    MONTHS = "months", "月", "months"
    FIXED = "fixed", "固定日期", "a fixed date"


class CountFrom(LabelledEnum):
    """The day from which a limit is counted; that day itself is not."""

    SUBMISSION = "submission", "提交", "submission"
    DISPATCH = "dispatch", "交办", "dispatch"
    RECEIPT = "receipt", "签收", "receipt"
    RETURN = "return", "退回", "return"
    REPLY = "reply", "答复", "reply"
    EVALUATION = "evaluation", "评价", "evaluation"
    START = "start", "起算", "the start"


class LimitKind(LabelledEnum):
    """What a limit of a rule profile is for."""

    DISPATCH = "dispatch", "交办", "dispatch after intake"
    RECEIPT = "receipt", "签收", "receipt"
    OBJECTION = "objection", "提出异议", "objection"
    REDISPATCH = "redispatch", "改办", "dispatch to another office"
    CO_OPINION = "co_opinion", "会办意见", "joint opinion"
    CO_OPINION_AGAIN = "co_opinion_again", "会办意见补正", "joint opinion, done again"
    REPLY = "reply", "答复", "reply"
    REPLY_IN_RECESS = "reply_in_recess", "闭会期间答复", "reply between sessions"
    LONGEST_REPLY = "longest_reply", "答复最长期限", "reply at the latest, once extended"
    LONGEST_EXTENSION = "longest_extension", "延期最长期限", "longest extension"
    FEEDBACK = "feedback", "反馈意见", "feedback"
    REHANDLING = "rehandling", "重新办理", "handling again"
    PUBLICATION = "publication", "公开", "publication"
    REPORT = "report", "进展报告", "progress report"


class ExtensionMode(LabelledEnum):
    """How an extension comes about."""

    AUTOMATIC = "automatic", "难办件按规定适用", "by the rule itself, for hard cases"
    NOTICE = "notice", "向代表委员说明", "by explaining it to the proposer"
    CONSENT = "consent", "须经同意", "with consent"


class DeadlineStep(LabelledEnum):
    """One line of how a due date came about."""

    AWAITED = "awaited", "待签收", "not received yet"
    RULE = "rule", "期限", "the limit"
    START = "start", "起算", "the start"
    SKIPPED = "skipped", "不计", "a day that is not counted"
    MADE_UP = "made_up", "调休上班", "a weekend day that is worked"
    MONTH_END = "month_end", "月末", "the end of a shorter month"
    ROLLED = "rolled", "顺延", "moved to the next working day"
    PAUSED = "paused", "中止", "stood still"
    EXTENDED = "extended", "延期", "extended"
    PAPER = "paper", "日历依据", "the paper of a calendar"
    PROVISIONAL = "provisional", "日历待定", "a year that is not loaded"
    DUE = "due", "到期", "due"
