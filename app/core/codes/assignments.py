"""Codes of assignments."""

from app.core.codes.labelled import LabelledEnum


class AssignmentRole(LabelledEnum):
    """The part an office has in handling a proposal."""

    LEAD = "lead", "主办", "lead"
    SEPARATE = "separate", "分办", "separate"
    JOINT = "joint", "会办", "joint"
    SOLE = "sole", "独办", "sole"
    FOR_INFORMATION = "for_information", "参阅", "for information"


class AssignmentState(LabelledEnum):
    """How far an office is with what was dispatched to it."""

    PENDING = "pending", "待签收", "to be received"
    RECEIVED = "received", "已签收", "received"
    IN_PROGRESS = "in_progress", "办理中", "in progress"
    OBJECTION_PENDING = "objection_pending", "异议待定", "objection to be decided"
    UPHELD = "upheld", "维持交办", "dispatch upheld"
    RETURNED = "returned", "已退回", "returned"
    ANSWERED = "answered", "已答复", "answered"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class ExtensionState(LabelledEnum):
    """How far a request for more time is."""

    ASKED = "asked", "待审批", "to be decided"
    GRANTED = "granted", "已同意", "granted"
    NOTED = "noted", "已备案", "noted"
    REFUSED = "refused", "未同意", "refused"
    DROPPED = "dropped", "不再需要", "no longer needed"
