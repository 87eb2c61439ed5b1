"""What is shown a single time: halves of exchange codes. No page shows them again."""

from flask import Response

from app.console.pages import page
from app.core.types import Given


def shown_halves(approval: Given) -> Response:
    """Return the page with the halves of the codes that this answer, and no other, holds."""
    return page("administration/halves.html", approval=approval, names=names_in(approval))


def names_in(approval: Given) -> list[str]:
    """Return the names of the accounts that a request is about, in its order."""
    accounts = approval["payload"].get("accounts", ())
    return [one.get("name", "") for one in accounts] or [approval["record_reference"]]
