"""Codes of proposals."""

from app.core.codes.labelled import LabelledEnum


class ProposalKind(LabelledEnum):
    """What a proposal is in the procedure of its body."""

    CPPCC_PROPOSAL = "cppcc_proposal", "政协提案", "CPPCC proposal"
    NPC_SUGGESTION = "npc_suggestion", "代表建议", "deputy's suggestion"
    NPC_BILL = "npc_bill", "议案", "bill"
    PLENARY_SPEECH = "plenary_speech", "大会发言", "plenary speech"
    THEMATIC_SPEECH = "thematic_speech", "专题议政发言", "thematic speech"
    PUBLIC_OPINION = "public_opinion", "社情民意", "public opinion"


class SourceKind(LabelledEnum):
    """Where a proposal's words come from."""

    FILED_CASE = "filed_case", "立案提案", "filed case"
    PRESS_REPORT = "press_report", "新闻报道", "press report"
    STANDING_COMMITTEE_SPEECH = (
        "standing_committee_speech",
        "常委会专题发言",
        "speech at a standing committee",
    )


class ProposerRole(LabelledEnum):
    """The part a proposer has in a proposal."""

    LEAD = "lead", "第一提案人", "lead proposer"
    COSIGNER = "cosigner", "联名人", "cosigner"
    SECONDER = "seconder", "附议人", "seconder"


class HandlingState(LabelledEnum):
    """How far the procedure of a proposal is; nothing about what was done."""

    DRAFT = "draft", "草稿", "draft"
    SUBMITTED = "submitted", "已提交", "submitted"
    UNDER_REVIEW = "under_review", "审查中", "under review"
    RETURNED_FOR_EDIT = "returned_for_edit", "退回修改", "returned for edit"
    FILED = "filed", "已立案", "filed"
    NOT_FILED = "not_filed", "不予立案", "not filed"
    MERGED = "merged", "已并案", "merged"
    TRANSFERRED = "transferred", "已转送", "transferred"
    WITHDRAWN = "withdrawn", "已撤案", "withdrawn"
    DISPATCHED = "dispatched", "已交办", "dispatched"
    IN_PROGRESS = "in_progress", "办理中", "in progress"
    REPLIED = "replied", "已答复", "replied"
    REPROCESSING = "reprocessing", "重新办理", "being handled again"
    EVALUATED = "evaluated", "已评价", "evaluated"
    CLOSED = "closed", "已办结", "closed"
    ARCHIVED = "archived", "已归档", "archived"


class NotFiledReason(LabelledEnum):
    """Why a proposal is not filed."""

    SECRETS = "secrets", "涉及国家秘密", "state secrets"
    FORBIDDEN = "forbidden", "国家法律政策明令禁止", "forbidden by the state"
    PARTY_PERSONNEL = (
        "party_personnel",
        "党派组织内部人事",
        "internal personnel of a party",
    )
    IN_LITIGATION = "in_litigation", "进入诉讼仲裁程序", "in litigation or arbitration"
    ACADEMIC = "academic", "学术研讨", "academic discussion"
    PERSONAL = "personal", "为本人或亲属解决个人问题", "a personal matter"
    PROMOTION = "promotion", "宣传推介作品产品", "promotion of a work or product"
    NAMED_ACCUSATION = "named_accusation", "指名举报", "an accusation by name"
    EMPTY = "empty", "内容空泛、没有具体建议", "empty, without a concrete suggestion"
    OUTSIDE_POWERS = "outside_powers", "超出本级职权范围", "outside the powers of this level"
    OTHER = "other", "其他", "other"


class Publication(LabelledEnum):
    """Who may see a proposal and its recommendations.

    Internal ones are for the offices that handle them, watch over them or still owe what they
    promised, and for the staff of the register, restricted ones for registrars and auditors alone.
    """

    PUBLISHED = "published", "公开", "published"
    INTERNAL = "internal", "内部", "internal"
    RESTRICTED = "restricted", "限制", "restricted"


class MarkKind(LabelledEnum):
    """What a body calls a proposal; what is key has its own field, as it is handled otherwise."""

    EXCELLENT = "excellent", "优秀", "excellent"
    WELL_HANDLED = "well_handled", "办理优秀", "well handled"
