"""Which desk whoever looks works at: that of supervisors or of dispatchers, who alone watch."""

from app.console.calls import ask
from app.console.pages import signed_in
from app.console.signing_in.visitors import visitor
from app.core.codes import Desk, Role
from app.core.types import Values

VERIFYING = frozenset({Role.SUPERVISOR, Role.AUDITOR})
"""Who has the desk of supervisors; everyone else asks for that of dispatchers."""


def watched(limit: int = 1, **filters: object) -> Values:
    """Return a page of the desk of whoever watches, with what is late by office.

    Raises KeyRequired where nobody is signed in, Refusal (403) for whoever has no such desk: to
    them no page of this part is shown.
    """
    signed_in()
    return ask("getMyWorklist", None, desk=own_desk(), limit=limit, **filters)


def own_desk() -> Desk:
    """Return the desk from which whoever looks would watch."""
    verifies = VERIFYING & visitor().actor.roles
    return Desk.SUPERVISORS if verifies else Desk.DISPATCHERS


def may(permission: str) -> bool:
    """Return whether whoever looks has the *permission*, as `getMe` names it."""
    return permission in ask("getMe")["permissions"]
