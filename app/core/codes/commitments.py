"""Codes of what was promised."""

from app.core.codes.labelled import LabelledEnum


class PromiseStrength(LabelledEnum):
    """How firmly something was promised."""

    DATED = "dated", "有期限", "with a date"
    UNDATED = "undated", "未定期限", "without a date"
    CONDITIONAL = "conditional", "附条件", "on a condition"


class CommitmentState(LabelledEnum):
    """How far a promise is."""

    OPEN = "open", "履行中", "open"
    MISSED = "missed", "逾期未兑现", "missed"
    KEPT = "kept", "已兑现", "kept"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    REPLACED = "replaced", "已有新承诺", "replaced by a later promise"


class RemarkKind(LabelledEnum):
    """What is said of a promise."""

    EXPLANATION = "explanation", "说明", "an explanation"
    CONFIRMATION = "confirmation", "年度确认", "a yearly confirmation"
    RATING = "rating", "代表委员评价", "a proposer's rating"
    LOOK_BACK = "look_back", "回头看结果", "what a look back found"
