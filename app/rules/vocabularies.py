"""The closed vocabularies: each word with its zh and en label; published under /vocabularies."""

from enum import StrEnum
from typing import Self


class Vocabulary(StrEnum):
    """A closed list of codes; each member carries its labels."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """Make a member whose value is *code*."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    @property
    def labels(self) -> tuple[str, str]:
        """The label in Chinese, and in English."""
        return self.zh, self.en


class DocumentKind(Vocabulary):
    """What sort of source a document is."""

    NEWSPAPER_PAGE = "newspaper_page", "报纸版面", "newspaper page"
    FILED_TEXT = "filed_text", "立案文本", "filed text"


class Level(Vocabulary):
    """The level of government a document speaks to."""

    CITY = "city", "市级", "city"
    PROVINCIAL = "provincial", "省级", "provincial"
    NATIONAL = "national", "国家级", "national"


class Confidence(Vocabulary):
    """How sure a correction is."""

    CERTAIN = "certain", "确定", "certain"
    LIKELY = "likely", "很可能", "likely"
    POSSIBLE = "possible", "可能", "possible"


class StretchReason(Vocabulary):
    """Why a stretch of a document belongs to no proposal."""

    MASTHEAD = "masthead", "报头", "masthead"
    HEADLINE = "headline", "版面标题", "headline of the page"
    SECTION_HEADING = "section_heading", "栏目标题", "section heading"
    LEAD_IN = "lead_in", "编者引言", "editorial lead-in"
    BYLINE = "byline", "记者署名", "byline"
    CAPTION = "caption", "图片说明", "caption"
    ADVERTISEMENT = "advertisement", "广告", "advertisement"
    REPEAT = "repeat", "重复印刷", "printed again"


class SessionKind(Vocabulary):
    """What sort of sitting a session is."""

    TWO_SESSIONS = "two_sessions", "两会", "two sessions"
    PLENARY = "plenary", "全体会议", "plenary session"
    STANDING_COMMITTEE = "standing_committee", "常委会会议", "standing-committee meeting"


class OrganizationKind(Vocabulary):
    """What sort of body an organization is."""

    DELIBERATIVE_BODY = "deliberative_body", "人大、政协", "deliberative body"
    COMMITTEE = "committee", "专门委员会", "committee"
    PARTY = "party", "民主党派", "party"
    FEDERATION = "federation", "工商联、人民团体", "federation"
    GOVERNMENT = "government", "人民政府", "government"
    DEPARTMENT = "department", "政府部门", "department"
    DEVELOPMENT_ZONE = "development_zone", "开发区", "development zone"
    DISTRICT = "district", "县（市、区）", "district"


class Capacity(Vocabulary):
    """In which capacity a person speaks."""

    NPC_DEPUTY = "npc_deputy", "人大代表", "deputy of a people's congress"
    CPPCC_MEMBER = "cppcc_member", "政协委员", "member of the CPPCC"


class ProposalKind(Vocabulary):
    """What a proposal is in the procedure of its body."""

    CPPCC_PROPOSAL = "cppcc_proposal", "政协提案", "CPPCC proposal"
    NPC_SUGGESTION = "npc_suggestion", "代表建议", "deputy's suggestion"
    NPC_BILL = "npc_bill", "议案", "bill"
    PLENARY_SPEECH = "plenary_speech", "大会发言", "plenary speech"
    THEMATIC_SPEECH = "thematic_speech", "专题议政发言", "thematic speech"
    PUBLIC_OPINION = "public_opinion", "社情民意", "public opinion"


class SourceKind(Vocabulary):
    """Where a proposal's words come from."""

    FILED_CASE = "filed_case", "立案提案", "filed case"
    PRESS_REPORT = "press_report", "新闻报道", "press report"
    STANDING_COMMITTEE_SPEECH = (
        "standing_committee_speech",
        "常委会专题发言",
        "speech at a standing committee",
    )


class ProposerRole(Vocabulary):
    """The part a proposer has in a proposal."""

    LEAD = "lead", "第一提案人", "lead proposer"
    COSIGNER = "cosigner", "联名人", "cosigner"
    SECONDER = "seconder", "附议人", "seconder"


class HandlingState(Vocabulary):
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
    REPROCESSING = "reprocessing", "重新办理", "handled again"
    EVALUATED = "evaluated", "已评价", "evaluated"
    CLOSED = "closed", "已办结", "closed"
    ARCHIVED = "archived", "已归档", "archived"


class NotFiledReason(Vocabulary):
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


class Publication(Vocabulary):
    """Who may see a proposal and its recommendations.

    Internal ones are for the offices that handle them and for the staff of the register,
    restricted ones for registrars and auditors alone.
    """

    PUBLISHED = "published", "公开", "published"
    INTERNAL = "internal", "内部", "internal"
    RESTRICTED = "restricted", "限制", "restricted"


class Stance(Vocabulary):
    """Whether a recommendation asks something of others or announces the speaker's own plan."""

    ASKS = "asks", "建议他人", "asks of others"
    COMMITS = "commits", "自身计划", "commits to its own plan"


class Acceptance(Vocabulary):
    """What the office says it will do with a recommendation."""

    UNDECIDED = "undecided", "未表态", "undecided"
    ACCEPTED = "accepted", "采纳", "accepted"
    PARTLY_ACCEPTED = "partly_accepted", "部分采纳", "partly accepted"
    NOT_ACCEPTED = "not_accepted", "不采纳", "not accepted"
    REFERRED_UP = "referred_up", "报上级", "referred to a higher level"


class Progress(Vocabulary):
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


class Axis(Vocabulary):
    """The axes on which a recommendation moves; neither ever stands for the other."""

    PROGRESS = "progress", "落实进展", "progress"
    ACCEPTANCE = "acceptance", "采纳情况", "acceptance"


class LeadStatus(Vocabulary):
    """How the lead office came by the recommendation, or why there is none."""

    SUGGESTED = "suggested", "编者建议", "suggested by an editor"
    GIVEN = "given", "已交办", "given"
    TAKEN_ON = "taken_on", "已承办", "taken on"
    SEPARATE = "separate", "分别办理", "handled by several offices, each for itself"
    SOUGHT = "sought", "待改办", "another office is looked for"


class OfficeRole(Vocabulary):
    """The part an office has in a recommendation."""

    LEAD = "lead", "主办", "lead"
    SEPARATE = "separate", "分办", "separate"
    JOINT = "joint", "会办", "joint"
    BELOW = "below", "下级承办", "dispatched on by an office above"


class Clock(Vocabulary):
    """Which day of an office comes next."""

    RECEIPT = "receipt", "签收", "receipt"
    REPLY = "reply", "答复", "reply"
    REHANDLING = "rehandling", "重新办理", "handling again"
    JOINT_OPINION = "joint_opinion", "会办意见", "joint opinion"
    OWN_DAY = "own_day", "单位自定期限", "the day that the office named itself"
    PROMISE = "promise", "承诺", "promise"
    MILESTONE = "milestone", "节点", "milestone"


class LineageKind(Vocabulary):
    """How a recommendation relates to an earlier one."""

    REPEATS = "repeats", "重提", "repeats"
    CONTINUES = "continues", "延续", "continues"
    MERGED_INTO = "merged_into", "并入", "merged into"
    SUPERSEDES = "supersedes", "取代", "supersedes"


class Need(Vocabulary):
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


class Role(Vocabulary):
    """What a principal is for; see GRANTS for what each may do."""

    READER = "reader", "查阅人员", "reader"
    OFFICE_EDITOR = "office_editor", "承办单位经办人", "office editor"
    OFFICE_HEAD = "office_head", "承办单位负责人", "head of an office"
    REGISTRAR = "registrar", "登记管理员", "registrar"
    DISPATCHER = "dispatcher", "交办人员", "dispatcher"
    SUPERVISOR = "supervisor", "督办核验人员", "supervisor"
    AUDITOR = "auditor", "审计人员", "auditor"
    SECURITY_ADMIN = "security_admin", "安全管理员", "security administrator"
    SYSTEM_ADMIN = "system_admin", "系统管理员", "system administrator"


class Scope(Vocabulary):
    """What a key may be used for at most, whatever its holder's roles grant."""

    READ = "read", "读取", "read"
    WRITE = "write", "办理和更正", "handle and correct"
    ADMINISTER = "administer", "管理账户和密钥", "administer accounts and keys"


class ApprovalKind(Vocabulary):
    """What is asked by one person and approved by another."""

    REOPEN = "reopen", "更正已结束的建议", "reopen what was ended"
    IMPORT = "import", "批量导入", "bulk import"
    ERASE_PERSON = "erase_person", "删除代表委员的个人信息", "erase a proposer's personal data"
    ERASE_PRINCIPAL = "erase_principal", "删除账户的个人信息", "erase an account's personal data"
    ERASE_TEXT = "erase_text", "删除文字", "erase what was written"
    CREATE_PRINCIPALS = "create_principals", "建立账户", "make accounts"
    GRANT_ADMIN = "grant_admin", "扩大账户权限", "widen what an account may do"
    WRITE_KEY = "write_key", "发放密钥", "issue a key"


class ApprovalState(Vocabulary):
    """How far a request for approval is; *expired* after 72 hours without a decision."""

    PENDING = "pending", "待批准", "pending"
    APPROVED = "approved", "已批准并执行", "approved and carried out"
    REJECTED = "rejected", "未批准", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    EXPIRED = "expired", "已过期", "expired"


class Outcome(Vocabulary):
    """How an attempt ended."""

    DONE = "done", "完成", "done"
    REFUSED = "refused", "被拒绝", "refused"
    FAILED = "failed", "失败", "failed"


class ActorKind(Vocabulary):
    """Who or what acts."""

    ANONYMOUS = "anonymous", "公众", "the public"
    PERSON = "person", "登录人员", "person signed in"
    INTEGRATOR = "integrator", "密钥用户", "holder of a key"
    OPERATOR = "operator", "命令行操作员", "operator at the command line"
    SYSTEM = "system", "系统作业", "system job"


class Unit(Vocabulary):
    """In what a limit is counted."""

    DAYS = "days", "自然日", "days"
    WORKING_DAYS = "working_days", "工作日", "working days"
    MONTHS = "months", "月", "months"
    FIXED = "fixed", "固定日期", "a fixed date"


class CountFrom(Vocabulary):
    """The day from which a limit is counted; that day itself is not."""

    SUBMISSION = "submission", "提交", "submission"
    DISPATCH = "dispatch", "交办", "dispatch"
    RECEIPT = "receipt", "签收", "receipt"
    RETURN = "return", "退回", "return"
    REPLY = "reply", "答复", "reply"
    EVALUATION = "evaluation", "评价", "evaluation"
    START = "start", "起算", "the start"


class LimitKind(Vocabulary):
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


class ExtensionMode(Vocabulary):
    """How an extension comes about."""

    AUTOMATIC = "automatic", "难办件按规定适用", "by the rule itself, for hard cases"
    NOTICE = "notice", "向代表委员说明", "by explaining it to the proposer"
    CONSENT = "consent", "须经同意", "with consent"


class Assessment(Vocabulary):
    """What follows when a proposer is dissatisfied a second time, or before handling again."""

    EXPERTS = "experts", "专家评估", "assessment by experts"
    MEETING = "meeting", "专题会议", "a meeting"
    BEFORE_REHANDLING = "before_rehandling", "评估后重新办理", "assessment before handling again"


class ReplyOutcome(Vocabulary):
    """What a reply says of one recommendation, whatever the letter of the place."""

    RESOLVED = "resolved", "已解决或基本解决", "resolved"
    PARTLY_RESOLVED = "partly_resolved", "部分解决", "partly resolved"
    IN_PROGRESS = "in_progress", "正在解决", "being resolved"
    PLANNED = "planned", "列入计划解决", "planned"
    DEFERRED = "deferred", "因条件限制暂缓", "deferred"
    FOR_REFERENCE = "for_reference", "留作参考", "kept for reference"
    NOT_FEASIBLE = "not_feasible", "不可行", "not feasible"
    REFERRED_UP = "referred_up", "报上级研究", "referred to a higher level"


class DeadlineStep(Vocabulary):
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


class AssignmentRole(Vocabulary):
    """The part an office has in handling a proposal."""

    LEAD = "lead", "主办", "lead"
    SEPARATE = "separate", "分办", "separate"
    JOINT = "joint", "会办", "joint"
    SOLE = "sole", "独办", "sole"
    FOR_INFORMATION = "for_information", "参阅", "for information"


class AssignmentState(Vocabulary):
    """How far an office is with what was dispatched to it."""

    PENDING = "pending", "待签收", "to be received"
    RECEIVED = "received", "已签收", "received"
    IN_PROGRESS = "in_progress", "办理中", "in progress"
    OBJECTION_PENDING = "objection_pending", "异议待定", "objection to be decided"
    UPHELD = "upheld", "维持交办", "dispatch upheld"
    RETURNED = "returned", "已退回", "returned"
    ANSWERED = "answered", "已答复", "answered"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class TaskKind(Vocabulary):
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


class Desk(Vocabulary):
    """Whose desk something lies on."""

    OFFICE = "office", "承办单位", "an office"
    DISPATCHERS = "dispatchers", "交办督查", "dispatchers"
    SUPERVISORS = "supervisors", "督办核验", "supervisors"
    NONE = "none", "不在工作台", "on no desk"


class TaskOutcome(Vocabulary):
    """How something that was waited for ended."""

    DONE = "done", "按时完成", "done in time"
    LATE = "late", "逾期完成", "done late"
    VOID = "void", "不再需要", "no longer waited for"


class Bucket(Vocabulary):
    """How near a due date is."""

    OVERDUE = "overdue", "已逾期", "overdue"
    SOON = "soon", "七日内到期", "due within seven days"
    LATER = "later", "七日后到期", "due later"
    UNDATED = "undated", "无期限", "without a date"


class ExtensionState(Vocabulary):
    """How far a request for more time is."""

    ASKED = "asked", "待审批", "to be decided"
    GRANTED = "granted", "已同意", "granted"
    NOTED = "noted", "已备案", "noted"
    REFUSED = "refused", "未同意", "refused"
    DROPPED = "dropped", "不再需要", "no longer needed"


class ReplyState(Vocabulary):
    """How far a version of a reply, or of a joint opinion, is."""

    DRAFT = "draft", "拟稿", "draft"
    RETURNED = "returned", "退回修改", "returned"
    CHECKED = "checked", "已核对", "checked"
    SENT = "sent", "已发出", "sent"
    PUBLISHED = "published", "已公开", "published"
    WITHHELD = "withheld", "不予公开", "withheld"
    REPLACED = "replaced", "已有新版", "replaced by a later version"


class PromiseStrength(Vocabulary):
    """How firmly something was promised."""

    DATED = "dated", "有期限", "with a date"
    UNDATED = "undated", "未定期限", "without a date"
    CONDITIONAL = "conditional", "附条件", "on a condition"


class Satisfaction(Vocabulary):
    """How a proposer rates the attitude of an office, or the result."""

    SATISFIED = "satisfied", "满意", "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied", "基本满意", "basically satisfied"
    UNDERSTOOD = "understood", "理解", "understood"
    DISSATISFIED = "dissatisfied", "不满意", "dissatisfied"


class CommitmentState(Vocabulary):
    """How far a promise is."""

    OPEN = "open", "履行中", "open"
    MISSED = "missed", "逾期未兑现", "missed"
    KEPT = "kept", "已兑现", "kept"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    REPLACED = "replaced", "已有新承诺", "replaced by a later promise"


class RemarkKind(Vocabulary):
    """What is said of a promise."""

    EXPLANATION = "explanation", "说明", "an explanation"
    CONFIRMATION = "confirmation", "年度确认", "a yearly confirmation"
    RATING = "rating", "代表委员评价", "a proposer's rating"
    LOOK_BACK = "look_back", "回头看结果", "what a look back found"


class Urgency(Vocabulary):
    """How urgent a reminder is."""

    BLUE = "blue", "蓝色提醒", "blue"
    YELLOW = "yellow", "黄色预警", "yellow"
    RED = "red", "红色警告", "red"


class ReminderPoint(Vocabulary):
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


class Channel(Vocabulary):
    """How an office was in contact with a proposer."""

    MEETING = "meeting", "面商座谈", "meeting"
    VISIT = "visit", "走访", "visit"
    PHONE = "phone", "电话", "phone"
    EMAIL = "email", "电子邮件", "email"
    LETTER = "letter", "信函", "letter"
    OTHER = "other", "其他", "other"


class AssessmentDecision(Vocabulary):
    """What an assessment leads to."""

    HANDLE_AGAIN = "handle_again", "重新办理", "handle it again"
    LEAVE = "leave", "维持答复", "leave the reply as it is"


PUBLISHED: dict[str, type[Vocabulary]] = {
    "acceptance": Acceptance,
    "actor_kind": ActorKind,
    "approval_kind": ApprovalKind,
    "approval_state": ApprovalState,
    "assessment": Assessment,
    "assessment_decision": AssessmentDecision,
    "assignment_role": AssignmentRole,
    "assignment_state": AssignmentState,
    "axis": Axis,
    "bucket": Bucket,
    "capacity": Capacity,
    "channel": Channel,
    "clock": Clock,
    "commitment_state": CommitmentState,
    "confidence": Confidence,
    "count_from": CountFrom,
    "deadline_step": DeadlineStep,
    "desk": Desk,
    "document_kind": DocumentKind,
    "extension_mode": ExtensionMode,
    "extension_state": ExtensionState,
    "handling_state": HandlingState,
    "lead_status": LeadStatus,
    "level": Level,
    "limit_kind": LimitKind,
    "lineage_kind": LineageKind,
    "need": Need,
    "not_filed_reason": NotFiledReason,
    "office_role": OfficeRole,
    "organization_kind": OrganizationKind,
    "outcome": Outcome,
    "progress": Progress,
    "promise_strength": PromiseStrength,
    "proposal_kind": ProposalKind,
    "proposer_role": ProposerRole,
    "publication": Publication,
    "remark_kind": RemarkKind,
    "reminder_point": ReminderPoint,
    "reply_outcome": ReplyOutcome,
    "reply_state": ReplyState,
    "role": Role,
    "satisfaction": Satisfaction,
    "scope": Scope,
    "session_kind": SessionKind,
    "source_kind": SourceKind,
    "stance": Stance,
    "stretch_reason": StretchReason,
    "task_kind": TaskKind,
    "task_outcome": TaskOutcome,
    "unit": Unit,
    "urgency": Urgency,
}
