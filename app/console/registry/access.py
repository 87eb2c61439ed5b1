"""Who may open a page of the registry: whoever may call the operation that it is about."""

from app.accounts.rules.operation_access import ACCESS
from app.console.signing_in.visitors import visitor
from app.core.errors import KeyRequired
from app.core.services.authorization import lacking


def may_call(*operations: str) -> bool:
    """Return whether whoever is signed in may call one of *operations* at all."""
    actor, needed = visitor().actor, [ACCESS[name].permissions for name in operations]
    return any(not own or any(actor.may(one) for one in own) for own in needed)


def check_may_call(*operations: str) -> None:
    """Raise KeyRequired where nobody is signed in, PermissionDenied where they may call none."""
    if not visitor().is_signed_in:
        raise KeyRequired
    if not may_call(*operations):
        raise lacking(*{one: None for name in operations for one in ACCESS[name].permissions})
