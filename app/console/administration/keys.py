"""Keys: found, and each with its secrets, of which one or all are ended."""

from datetime import timedelta

from flask import Response, request

from app.console.administration.accounts import ADDRESS as ACCOUNTS
from app.console.administration.overview import permissions
from app.console.calls import ask
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.console.signing_in.visitors import visitor
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.types import Values

blueprint = Pages("console_keys", __name__)

PLACE = f"{ACCOUNTS}/<int:account>/keys/<int:key>"
SOON = timedelta(days=30)
"""Keys that end so soon are to be replaced in time."""

WHOLE, ONE = "whole", "secret-"
"""What the buttons say: the end of the key, or of its secret of a number."""


@blueprint.get("/administration/keys")
def key_list() -> Response:
    """Show the keys of all accounts, the next to end first."""
    signed_in()
    which = request.args.get("which", "live")
    query = {
        "live": None if which == "all" else which != "ended",
        "ends_before": (utcnow() + SOON).isoformat() if which == "soon" else None,
        "cursor": request.args.get("cursor"),
    }
    keys = ask("findKeys", None, **query, with_total=True)
    return page("administration/keys.html", keys=keys, which=which)


@blueprint.get(PLACE)
def key_page(account: int, key: int) -> Response:
    """Show one key with its secrets, and what may be done about them."""
    return shown_key(NO_FORM, account, key)


def shown_key(form: Form, account: int, key: int) -> Response:
    """Return the page of one key, with the *form* as it was typed."""
    signed_in()
    found, actor = key_of(account, key), visitor().actor
    is_holder = key == actor.key_id or (actor.key_id is None and account == actor.principal_id)
    return page(
        "administration/key.html",
        form=form,
        key=found,
        account=account_named(account),
        address=f"{ACCOUNTS}/{account}/keys/{key}",
        is_holder=is_holder,
        may_end=is_holder or "key:manage" in permissions(),
        live=[one for one in found["secrets"] if one["revoked_at"] is None],
    )


def account_named(account: int) -> Values:
    """Return whose key it is: one's own account, or one that administrators may see."""
    if account == visitor().actor.principal_id:
        return ask("getMe")
    return ask("getPrincipal", {"principal_id": account})


def key_of(account: int, key: int) -> Values:
    """Return one key of an account; raise NotFound."""
    cursor: str | None = None
    while True:
        shown = ask("listKeys", {"principal_id": account}, cursor=cursor, limit=200)
        for one in shown["items"]:
            if one["id"] == key:
                found: Values = one
                return found
        cursor = shown["next"]
        if cursor is None:
            raise NotFound


@blueprint.post(PLACE)
@shown_again(shown_key)
def end_key(form: Form, account: int, key: int) -> Response:
    """End the key, or one of its secrets, as the button says.

    Raises Refusal, and NotFound for what no button says.
    """
    path, note = {"key_id": key}, {"note": form.text("note")}
    act = form.text("act") or ""
    if act == WHOLE:
        form.send("revokeKey", path, note)
        notice = say("密钥已作废，立即失效。", "The key has ended; it lets nobody in any more.")
    elif act.startswith(ONE) and act.removeprefix(ONE).isdigit():
        number = int(act.removeprefix(ONE))
        form.send("revokeSecret", {**path, "secret_id": number}, note)
        notice = say("这份密文已作废，立即失效。", "The secret has ended.")
    else:
        raise NotFound
    return done(f"{ACCOUNTS}/{account}/keys/{key}", str(notice))
