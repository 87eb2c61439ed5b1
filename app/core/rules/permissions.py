"""Who may do what: roles and what each grants, and which permissions are bound to an office."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.core.codes import (
    ActorKind,
    ApprovalKind,
    LabelledEnum,
    LeadStatus,
    OfficeRole,
    Role,
    Scope,
)


class Permission(LabelledEnum):
    """What an actor may be allowed to do, as record:action."""

    REPORT = "recommendation:report", "报告和推进承办的建议", "report on and move what you handle"
    DECIDE = "recommendation:decide", "表态、申报落实或结束建议", "decide on, claim or end it"
    VERIFY = "recommendation:verify", "核验落实情况", "verify what was implemented"
    REOPEN = "recommendation:reopen", "重新开启已结束的建议", "reopen what was ended"
    TAG = "recommendation:tag", "加减标签", "tag recommendations"
    TAKE_ON = "recommendation:take_on", "为本单位承办建议", "take on for your own office"
    ASSIGN = "recommendation:assign", "指定承办单位", "assign any office"
    DISPATCH = "assignment:dispatch", "交办、裁定异议和延期", "dispatch, decide on objections"
    PRESS = "assignment:press", "催办", "press an office for an answer"
    FORWARD = "assignment:forward", "把本单位承办的转交下级", "dispatch on what your office has"
    HANDLE = "assignment:handle", "签收和办理交办件", "receive and handle what was dispatched"
    FILE = "proposal:file", "审查立案、并案、撤案和办结", "review, file, merge and close proposals"
    SIGN = "reply:sign", "签发和公开答复", "sign and publish replies"
    WITHHOLD = "record:withhold", "停止公开本单位所写的内容", "withhold what your office wrote"
    RELEASE = "record:release", "停止公开任何内容并恢复公开", "withhold anything, and release it"
    RATE = "reply:rate", "登记满意度评价", "enter how proposers rate replies"
    EDIT = "recommendation:edit", "更正建议", "correct recommendations"
    EDIT_PROPOSAL = "proposal:edit", "更正提案", "correct proposals"
    MANAGE_TAGS = "tag:manage", "管理标签", "manage tags"
    MANAGE_SESSIONS = "session:manage", "登记和更正会议", "enter and correct sessions"
    MANAGE_ORGANIZATIONS = (
        "organization:manage",
        "登记和更正机构",
        "enter and correct organizations",
    )
    EDIT_PERSON = "person:edit", "登记和更正代表委员", "enter, correct and merge proposers"
    ERASE = "person:erase", "删除代表委员的个人信息", "erase a proposer's personal data"
    IMPORT = "register:import", "批量导入", "import in bulk"
    MANAGE_PRINCIPALS = "principal:manage", "管理账户", "manage accounts"
    MANAGE_KEYS = "key:manage", "管理密钥", "manage keys"
    SEE_HANDLED = "record:see_handled", "查看本单位承办的内部记录", "see what your office handles"
    SEE_INTERNAL = "record:see_internal", "查看内部记录", "see internal records"
    SEE_RESTRICTED = "record:see_restricted", "查看限制记录", "see restricted records"
    SEE_CONTACTS = "person:see_contacts", "查看联系方式", "see how proposers are reached"
    SEE_PRINCIPALS = "principal:see", "查看账户和密钥", "see accounts and keys"
    SEE_APPROVALS = "approval:see", "查看全部审批", "see all requests for approval"
    READ_AUDIT = "audit:read", "查阅审计记录", "read the audit"
    SEE_CHECKPOINTS = "audit:see_checkpoints", "查看审计检查点", "see checkpoints of the audit"


P = Permission

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset({P.SEE_HANDLED}),
    Role.OFFICE_EDITOR: frozenset(
        {P.REPORT, P.DECIDE, P.TAG, P.TAKE_ON, P.HANDLE, P.WITHHOLD, P.SEE_HANDLED}
    ),
    Role.OFFICE_HEAD: frozenset(
        {
            P.REPORT,
            P.DECIDE,
            P.TAG,
            P.TAKE_ON,
            P.HANDLE,
            P.FORWARD,
            P.SIGN,
            P.WITHHOLD,
            P.SEE_HANDLED,
        }
    ),
    Role.REGISTRAR: frozenset(
        {
            P.EDIT,
            P.EDIT_PROPOSAL,
            P.ASSIGN,
            P.DISPATCH,
            P.FILE,
            P.WITHHOLD,
            P.RELEASE,
            P.RATE,
            P.TAG,
            P.MANAGE_TAGS,
            P.MANAGE_SESSIONS,
            P.MANAGE_ORGANIZATIONS,
            P.EDIT_PERSON,
            P.ERASE,
            P.IMPORT,
            P.SEE_INTERNAL,
            P.SEE_RESTRICTED,
            P.SEE_CONTACTS,
        }
    ),
    Role.DISPATCHER: frozenset(
        {P.ASSIGN, P.DISPATCH, P.PRESS, P.WITHHOLD, P.SEE_INTERNAL, P.SEE_CONTACTS}
    ),
    Role.SUPERVISOR: frozenset({P.VERIFY, P.REOPEN, P.PRESS, P.TAG, P.WITHHOLD, P.SEE_INTERNAL}),
    Role.AUDITOR: frozenset(
        {
            P.SEE_INTERNAL,
            P.SEE_RESTRICTED,
            P.SEE_CONTACTS,
            P.SEE_PRINCIPALS,
            P.SEE_APPROVALS,
            P.READ_AUDIT,
            P.SEE_CHECKPOINTS,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {P.MANAGE_PRINCIPALS, P.MANAGE_KEYS, P.SEE_PRINCIPALS, P.SEE_CHECKPOINTS}
    ),
    Role.SYSTEM_ADMIN: frozenset({P.SEE_CHECKPOINTS}),
}

ALONE = frozenset({Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN})
"""Roles that go with no other but reader: those who watch or administer do not handle."""

ADMIN_ROLES = ALONE
"""Roles of which whoever asks for one must say why."""

OF_AN_OFFICE = frozenset({Role.OFFICE_EDITOR, Role.OFFICE_HEAD})
"""Roles that mean nothing without an office."""

BY_OFFICE: dict[Permission, frozenset[OfficeRole]] = {
    P.REPORT: frozenset(OfficeRole),
    P.DECIDE: frozenset({OfficeRole.LEAD, OfficeRole.SEPARATE}),
}
"""Permissions that hold only where the actor's office has one of these parts."""

READING = frozenset(
    {
        P.SEE_HANDLED,
        P.SEE_INTERNAL,
        P.SEE_RESTRICTED,
        P.SEE_CONTACTS,
        P.SEE_PRINCIPALS,
        P.SEE_APPROVALS,
        P.READ_AUDIT,
        P.SEE_CHECKPOINTS,
    }
)
ADMINISTERING = frozenset({P.MANAGE_PRINCIPALS, P.MANAGE_KEYS})

WRITTEN = frozenset({P.SEE_HANDLED, P.SEE_INTERNAL})
"""What a key that writes reads as well: what it may write itself, its own drafts say. Neither
what is restricted nor how people are reached nor the audit."""

SCOPES: dict[Scope, frozenset[Permission]] = {
    Scope.READ: READING,
    Scope.WRITE: (frozenset(Permission) - READING - ADMINISTERING) | WRITTEN,
    Scope.ADMINISTER: ADMINISTERING,
}
"""The permissions that a key of each scope can carry."""

APPROVERS: dict[ApprovalKind, frozenset[Permission]] = {
    ApprovalKind.REOPEN: frozenset({P.REOPEN}),
    ApprovalKind.IMPORT: frozenset({P.IMPORT}),
    ApprovalKind.ERASE_PERSON: frozenset({P.ERASE, P.MANAGE_PRINCIPALS}),
    ApprovalKind.ERASE_PRINCIPAL: frozenset({P.MANAGE_PRINCIPALS}),
    ApprovalKind.ERASE_TEXT: frozenset({P.ERASE, P.MANAGE_PRINCIPALS}),
    ApprovalKind.CREATE_PRINCIPALS: frozenset({P.MANAGE_PRINCIPALS}),
    ApprovalKind.GRANT_ADMIN: frozenset({P.MANAGE_PRINCIPALS}),
    ApprovalKind.WRITE_KEY: frozenset({P.MANAGE_KEYS}),
    ApprovalKind.REFORM: frozenset({P.MANAGE_ORGANIZATIONS, P.MANAGE_PRINCIPALS}),
}
"""Whoever holds one of these may decide on what another has asked."""


@dataclass(frozen=True)
class Actor:
    """Whoever acts: name and office as they are at this moment, and the request it came in.

    *scopes* None means that nothing narrows what the roles grant. *name_seal* stands for the
    name of a principal in events; *approval_id* is set while an approved request is carried out.
    """

    kind: ActorKind
    name: str
    principal_id: int | None = None
    office_id: int | None = None
    office_name: str | None = None
    roles: frozenset[str] = frozenset()
    key_prefix: str | None = None
    request_id: str | None = None
    scopes: frozenset[str] | None = None
    key_id: int | None = None
    name_seal: str | None = None
    approval_id: int | None = None
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        """Add up what the roles grant, within the scopes."""
        granted = frozenset().union(*(GRANTS[Role(role)] for role in self.roles))
        if self.scopes is not None:
            granted &= frozenset().union(*(SCOPES[Scope(scope)] for scope in self.scopes))
        object.__setattr__(self, "permissions", granted)

    @property
    def only_reads(self) -> bool:
        """Return whether the key that was brought can be used for reading alone."""
        return self.scopes is not None and self.scopes <= {Scope.READ}

    def may(self, permission: Permission) -> bool:
        """Return whether one of the actor's roles grants *permission*."""
        return permission in self.permissions


ASKERS: dict[ApprovalKind, Permission] = {
    ApprovalKind.REOPEN: P.REOPEN,
    ApprovalKind.IMPORT: P.IMPORT,
    ApprovalKind.ERASE_PERSON: P.ERASE,
    ApprovalKind.ERASE_PRINCIPAL: P.MANAGE_PRINCIPALS,
    ApprovalKind.ERASE_TEXT: P.ERASE,
    ApprovalKind.CREATE_PRINCIPALS: P.MANAGE_PRINCIPALS,
    ApprovalKind.GRANT_ADMIN: P.MANAGE_PRINCIPALS,
    ApprovalKind.WRITE_KEY: P.MANAGE_KEYS,
    ApprovalKind.REFORM: P.MANAGE_ORGANIZATIONS,
}
"""What whoever asks must be allowed, then and still when it is approved."""

ANONYMOUS = Actor(ActorKind.ANONYMOUS, "")


HELD = frozenset({LeadStatus.GIVEN, LeadStatus.TAKEN_ON})
"""How a lead office stands that has the recommendation, and is not only suggested."""


def part_of(
    actor: Actor,
    lead_office_id: int | None,
    lead_status: str | None,
    parts: Mapping[int, OfficeRole],
) -> OfficeRole | None:
    """Return the part that the actor's office has in a recommendation, or None.

    *parts* are those of the offices beside the lead. An office that is only suggested has none
    until it takes the recommendation on.
    """
    if actor.office_id is None:
        return None
    if actor.office_id == lead_office_id and lead_status in HELD:
        return OfficeRole.LEAD
    return parts.get(actor.office_id)


def may_untag(actor: Actor, part: OfficeRole | None, added_by: int | None) -> bool:
    """Return whether *actor*, who may tag, may take a tag off a recommendation.

    *part* is what the actor's office has in the recommendation, *added_by* the office that added
    the tag (None: none did, it came with the import). Registrars may take off any.
    """
    if actor.may(P.MANAGE_TAGS) or part is not None:
        return True
    return actor.office_id is not None and actor.office_id == added_by


def conflicting(roles: Collection[str]) -> frozenset[str]:
    """Return those of *roles* that do not go with the others."""
    alone = ALONE & frozenset(roles)
    others = frozenset(roles) - {Role.READER}
    return frozenset(alone) if alone and len(others) > 1 else frozenset()
