"""Codes of recommendations and of the steps on their axes."""

from app.core.codes.labelled import LabelledEnum


class Stance(LabelledEnum):
    """Whether a recommendation asks something of others or announces the speaker's own plan."""

    ASKS = "asks", "建议他人", "asks of others"
    COMMITS = "commits", "自身计划", "commits to its own plan"


class Specificity(LabelledEnum):
    """Whether an end of a recommendation could ever be proven; figures count concrete ones."""

    CONCRETE = "concrete", "具体", "concrete"
    DIRECTIONAL = "directional", "方向性", "directional"


class Acceptance(LabelledEnum):
    """What the office says it will do with a recommendation."""

    UNDECIDED = "undecided", "未表态", "undecided"
    ACCEPTED = "accepted", "采纳", "accepted"
    PARTLY_ACCEPTED = "partly_accepted", "部分采纳", "partly accepted"
    NOT_ACCEPTED = "not_accepted", "不采纳", "not accepted"
    REFERRED_UP = "referred_up", "报上级", "referred to a higher level"


class Progress(LabelledEnum):
    """What has happened to a recommendation in fact."""

    NOT_STARTED = "not_started", "未开始", "not started"
    PLANNED = "planned", "已计划", "planned"
    IN_PROGRESS = "in_progress", "推进中", "in progress"
    IMPLEMENTED = "implemented", "已落实（待核验）", "implemented (to be verified)"
    VERIFIED = "verified", "已核验", "verified"
    STALLED = "stalled", "停滞", "stalled"
    DEFERRED = "deferred", "暂缓", "deferred"
    NOT_PURSUED = "not_pursued", "不再推进", "not pursued"
    SUPERSEDED = "superseded", "已被取代", "superseded"


class Axis(LabelledEnum):
    """The axes on which a recommendation moves; neither ever stands for the other."""

    PROGRESS = "progress", "落实进展", "progress"
    ACCEPTANCE = "acceptance", "采纳情况", "acceptance"


class LeadStatus(LabelledEnum):
    """How the lead office came by the recommendation, or why there is none."""

    SUGGESTED = "suggested", "编者建议", "suggested by an editor"
    GIVEN = "given", "已交办", "given"
    TAKEN_ON = "taken_on", "已承办", "taken on"
    SEPARATE = "separate", "分别办理", "handled by several offices, each for itself"
    SOUGHT = "sought", "待改办", "another office is looked for"


class OfficeRole(LabelledEnum):
    """The part an office has in a recommendation."""

    LEAD = "lead", "主办", "lead"
    SEPARATE = "separate", "分办", "separate"
    JOINT = "joint", "会办", "joint"
    BELOW = "below", "下级承办", "dispatched on by an office above"


class LineageKind(LabelledEnum):
    """How a recommendation relates to an earlier one."""

    REPEATS = "repeats", "重提", "repeats"
    CONTINUES = "continues", "延续", "continues"
    MERGED_INTO = "merged_into", "并入", "merged into"
    SUPERSEDES = "supersedes", "取代", "supersedes"


class Need(LabelledEnum):
    """What a step demands before it may be taken."""

    NOTE = "note", "说明", "a note"
    REASON = "reason", "理由", "a reason"
    EVIDENCE = "evidence", "证明材料", "evidence"
    REVIEW_ON = "review_on", "再议日期", "the date to look again"
    SUPERSEDED_BY = "superseded_by", "取代它的建议", "the recommendation that supersedes it"
    DOCUMENT_NO = "document_no", "文号", "document number"
    SIGNED_BY = "signed_by", "签发人", "signer"
    REASON_CODE = "reason_code", "不予立案的情形", "for which reason it is not filed"
    PROMISED_ON = "promised_on", "新的承诺日期", "the day promised now"
    INTO = "into", "并入的提案", "the proposal it is merged into"
    OTHER_OFFICE = (
        "other_office",
        "由申报单位以外的人员办理",
        "someone outside the office that claimed it",
    )
