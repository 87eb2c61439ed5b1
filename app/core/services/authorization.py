"""Checking at the top of a service what its actor may do."""

from app.core.errors import PermissionDenied
from app.core.rules.permissions import Actor, Permission


def require(actor: Actor, permission: Permission) -> None:
    """Raise PermissionDenied when none of the actor's roles grants *permission*."""
    if not actor.may(permission):
        raise lacking(permission)


def lacking(*permissions: Permission) -> PermissionDenied:
    """Return the refusal of who has none of *permissions*, which names them all."""
    zh = "，也不能".join(permission.zh for permission in permissions)
    en = " or ".join(f"{permission.en} ({permission})" for permission in permissions)
    return PermissionDenied(
        reason_zh=f"您的角色不能{zh}", reason_en=f"none of your roles lets you {en}"
    )


def require_one(actor: Actor, permissions: tuple[Permission, ...]) -> list[Permission]:
    """Return those of *permissions* that the actor has; raise PermissionDenied without any."""
    granted = [permission for permission in permissions if actor.may(permission)]
    if not granted:
        raise lacking(*permissions)
    return granted


def require_office(actor: Actor, office_id: int) -> None:
    """Raise PermissionDenied when the actor's office is not the one with *office_id*."""
    if actor.office_id != office_id:
        raise PermissionDenied(
            reason_zh="这是交办给其他单位的", reason_en="this was dispatched to another office"
        )
