"""Codes of what can be withheld from the public."""

from app.core.codes.labelled import LabelledEnum


class WithheldKind(LabelledEnum):
    """What is withheld from the public; *note*: the words of one entry of a history."""

    REPORT = "report", "进展报告", "progress report"
    FILE = "file", "文件", "file"
    REPLY = "reply", "答复", "reply"
    CONTACT = "contact", "沟通记录", "contact"
    EVALUATION = "evaluation", "满意度评价", "rating"
    REMARK = "remark", "承诺说明", "remark on a promise"
    MILESTONE = "milestone", "承诺节点", "milestone of a promise"
    NOTE = "note", "历史记录中的文字", "words of an entry of the history"
