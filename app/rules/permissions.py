"""Who may do what: roles and what each grants, and which permissions are bound to an office."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.rules.vocabularies import ActorKind, LeadStatus, Role, Vocabulary


class Permission(Vocabulary):
    """What an actor may be allowed to do, as record:action."""

    REPORT = "recommendation:report", "报告和推进承办的建议", "report on and move what you handle"
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
        {Permission.REPORT, Permission.TAG, Permission.TAKE_ON, Permission.SEE_INTERNAL}
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

BY_HANDLING_OFFICE = frozenset({Permission.REPORT})
"""Permissions that hold only for recommendations which the actor's office handles."""


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


def handles(
    actor: Actor,
    lead_office_id: int | None,
    lead_status: str | None,
    joint_office_ids: Collection[int],
) -> bool:
    """Return whether the actor's office leads a recommendation or works on it jointly.

    An office that is only suggested does not handle it until it takes it on.
    """
    if actor.office_id is None:
        return False
    leads = actor.office_id == lead_office_id and lead_status == LeadStatus.TAKEN_ON
    return leads or actor.office_id in joint_office_ids
