"""Who may do what: roles and what each grants, and which permissions are bound to an office."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.rules.vocabularies import ActorKind, LeadStatus, OfficeRole, Role, Vocabulary


class Permission(Vocabulary):
    """What an actor may be allowed to do, as record:action."""

    REPORT = "recommendation:report", "报告和推进承办的建议", "report on and move what you handle"
    DECIDE = "recommendation:decide", "表态、申报落实或结束建议", "decide on, claim or end it"
    VERIFY = "recommendation:verify", "核验落实情况", "verify what was implemented"
    REOPEN = "recommendation:reopen", "重新开启已结束的建议", "reopen what was ended"
    TAG = "recommendation:tag", "加减标签", "tag recommendations"
    TAKE_ON = "recommendation:take_on", "为本单位承办建议", "take on for your own office"
    ASSIGN = "recommendation:assign", "指定承办单位", "assign any office"
    EDIT = "recommendation:edit", "更正建议", "correct recommendations"
    EDIT_PROPOSAL = "proposal:edit", "更正提案", "correct proposals"
    MANAGE_TAGS = "tag:manage", "管理标签", "manage tags"
    SEE_INTERNAL = "record:see_internal", "查看内部记录", "see internal records"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset({Permission.SEE_INTERNAL}),
    Role.OFFICE_EDITOR: frozenset(
        {
            Permission.REPORT,
            Permission.DECIDE,
            Permission.TAG,
            Permission.TAKE_ON,
            Permission.SEE_INTERNAL,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {Permission.VERIFY, Permission.REOPEN, Permission.TAG, Permission.SEE_INTERNAL}
    ),
    Role.REGISTRAR: frozenset(
        {
            Permission.EDIT,
            Permission.EDIT_PROPOSAL,
            Permission.ASSIGN,
            Permission.TAG,
            Permission.MANAGE_TAGS,
            Permission.SEE_INTERNAL,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset({Permission.SEE_INTERNAL}),
}

BY_OFFICE: dict[Permission, frozenset[OfficeRole]] = {
    Permission.REPORT: frozenset({OfficeRole.LEAD, OfficeRole.JOINT}),
    Permission.DECIDE: frozenset({OfficeRole.LEAD}),
}
"""Permissions that hold only where the actor's office has one of these parts."""


@dataclass(frozen=True)
class Actor:
    """Whoever acts: name and office as they are at this moment, and the request it came in."""

    kind: ActorKind
    name: str
    principal_id: int | None = None
    office_id: int | None = None
    office_name: str | None = None
    roles: frozenset[str] = frozenset()
    key_prefix: str | None = None
    request_id: str | None = None
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        """Add up what the roles grant."""
        granted = [GRANTS[Role(role)] for role in self.roles]
        object.__setattr__(self, "permissions", frozenset().union(*granted))

    def may(self, permission: Permission) -> bool:
        """Return whether one of the actor's roles grants *permission*."""
        return permission in self.permissions


ANONYMOUS = Actor(ActorKind.ANONYMOUS, "")


def part_of(
    actor: Actor,
    lead_office_id: int | None,
    lead_status: str | None,
    joint_office_ids: Collection[int],
) -> OfficeRole | None:
    """Return the part that the actor's office has in a recommendation, or None.

    An office that is only suggested has none until it takes the recommendation on.
    """
    if actor.office_id is None:
        return None
    if actor.office_id == lead_office_id and lead_status == LeadStatus.TAKEN_ON:
        return OfficeRole.LEAD
    return OfficeRole.JOINT if actor.office_id in joint_office_ids else None
