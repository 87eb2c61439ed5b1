"""Whether the register works, what signs it, and where its administrators go from here."""

from datetime import datetime, timedelta

from flask import Response

from app.console.calls import Refusal, ask
from app.console.pages import Pages, page, signed_in
from app.console.signing_in.visitors import visitor
from app.core.clock import utcnow
from app.core.rules.permissions import Permission
from app.core.services.authorization import require
from app.core.types import Given, Values
from app.http.requests import database
from app.register.verification.queries.results import newest_results

blueprint = Pages("overview", __name__)

ADDRESS = "/administration"

VERIFIED_WITHIN = timedelta(days=8)
"""Operations verify weekly; see docs/operating.md, section 5."""


@blueprint.get(ADDRESS)
def overview() -> Response:
    """Show whether the register is ready, what waits for approval, and how it was verified."""
    checkpoints = administered()
    results = database().read(lambda session: newest_results(session, 5))
    return page(
        "administration/overview.html",
        checkpoints=checkpoints,
        fault=fault(),
        waiting=ask("listApprovals", state="pending", limit=20, with_total=True),
        permissions=permissions(),
        results=results,
        is_overdue=is_overdue(results[0].ended_at if results else None),
    )


def administered() -> Values:
    """Return the newest checkpoints, for administrators and auditors alone.

    Raises KeyRequired where nobody is signed in, and Refusal (403) for everybody else.
    """
    signed_in()
    return ask("listCheckpoints", limit=10)


def is_overdue(verified_at: datetime | None) -> bool:
    """Return whether the register should be verified again; None: it never was."""
    return verified_at is None or utcnow() - verified_at > VERIFIED_WITHIN


def fault() -> Given | None:
    """Return the problem that keeps the register from working; None where it is ready."""
    try:
        ask("getReadiness")
    except Refusal as refusal:
        return refusal.document
    return None


def needed(permission: Permission) -> None:
    """Raise KeyRequired, or PermissionDenied for whoever has not the *permission*.

    The operation of a form says it too; so nobody fills in what they cannot send.
    """
    signed_in()
    require(visitor().actor, permission)


def permissions() -> list[str]:
    """Return what whoever looks may do, as `getMe` names it."""
    found: list[str] = ask("getMe")["permissions"]
    return found
