"""Who may do what: roles and what each grants, and which permissions are bound to an office."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.rules.vocabularies import ActorKind, Role


class Permission(StrEnum):
    """What an actor may be allowed to do, as record:action."""

    REPORT = "recommendation:report"
    VERIFY = "recommendation:verify"
    REOPEN = "recommendation:reopen"
    TAG = "recommendation:tag"
    TAKE_ON = "recommendation:take_on"
    ASSIGN = "recommendation:assign"
    EDIT = "recommendation:edit"
    EDIT_PROPOSAL = "proposal:edit"
    MANAGE_TAGS = "tag:manage"
    SEE_INTERNAL = "record:see_internal"


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
