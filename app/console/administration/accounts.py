"""Accounts: who may come in, with which roles, for which office."""

from flask import Response, request

from app.console.administration.overview import needed, permissions
from app.console.administration.pasting import filled
from app.console.administration.shown_once import shown_halves
from app.console.calls import ask
from app.console.forms import NO_FORM, Form, is_number
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import renumbered, shown_again
from app.core.codes import Role, Scope
from app.core.rules.permissions import Permission
from app.core.types import Values

blueprint = Pages("console_accounts", __name__)

ADDRESS = "/administration/accounts"
ROWS, MOST_ROWS = 5, 100
"""So many accounts can be entered in one form: as it opens, and at most."""


@blueprint.get(ADDRESS)
def account_list() -> Response:
    """Show the accounts, as the filters of the address say."""
    signed_in()
    query = {name: request.args.get(name) or None for name in ("role", "kind", "cursor")}
    return page(
        "administration/accounts.html",
        accounts=ask("listPrincipals", None, **query, with_total=True),
        roles=list(Role),
        query=query,
        may_ask="principal:manage" in permissions(),
    )


@blueprint.get(f"{ADDRESS}/new")
def new_account_page() -> Response:
    """Show the form for one account."""
    return account_form(NO_FORM)


@blueprint.get(f"{ADDRESS}/several")
def new_accounts_page() -> Response:
    """Show the form for several accounts."""
    return accounts_form(NO_FORM)


def account_form(form: Form) -> Response:
    """Return the page with the form for one account, as it was typed."""
    return shown_form(form, "administration/new_account.html")


def accounts_form(form: Form) -> Response:
    """Return the page with the form for several accounts, as it was typed."""
    wanted = request.args.get("rows", "")
    count = min(int(wanted), MOST_ROWS) if is_number(wanted) else ROWS
    typed = [row.row + 1 for row in form.rows("accounts") if row.row < MOST_ROWS]
    return shown_form(form, "administration/new_accounts.html", count=max([count, 1, *typed]))


def shown_form(form: Form, template: str, count: int = 1) -> Response:
    """Return a page with a form for accounts, for whoever may see accounts at all."""
    needed(Permission.MANAGE_PRINCIPALS)
    return page(template, form=form, roles=list(Role), scopes=list(Scope), count=count)


def account_of(form: Form) -> Values:
    """Return one account as it was typed, with the key it is to have."""
    fields = ("kind", "name", "office", "subject")
    account: Values = {name: own for name in fields if (own := form.text(name)) is not None}
    account["roles"] = form.texts("roles")
    scopes = form.texts("key.scopes")
    if scopes:
        account["key"] = key_of(form, "key.")
    return account


def key_of(form: Form, start: str = "") -> Values:
    """Return the key that was typed into the fields whose names begin with *start*."""
    networks = (form.text(f"{start}networks") or "").split()
    wanted = {
        "scopes": form.texts(f"{start}scopes"),
        "networks": networks or None,
        "days": form.number(f"{start}days"),
        "rate_multiple": form.number(f"{start}rate_multiple"),
    }
    return {name: own for name, own in wanted.items() if own is not None}


@blueprint.post(f"{ADDRESS}/new")
@shown_again(account_form)
def ask_for_account(form: Form) -> Response:
    """Ask for the account that was typed, which another must approve; raise Refusal."""
    answered = form.send("createPrincipal", {}, {**account_of(form), "reason": form.text("reason")})
    return asked(answered.content)


@blueprint.post(f"{ADDRESS}/several")
@shown_again(accounts_form)
def ask_for_accounts(form: Form) -> Response:
    """Ask for the accounts of all rows that have a name: one approval makes them all.

    By another button nothing is asked, and the lines that were pasted are put into the rows.
    """
    if form.text("do") == "fill":
        return accounts_form(filled(form, MOST_ROWS))
    rows = [row for row in form.rows("accounts") if row.text("name")]
    body = {"accounts": [account_of(row) for row in rows], "reason": form.text("reason")}
    with renumbered("accounts", [row.row for row in rows]):
        return asked(form.send("createPrincipals", {}, body).content)


def asked(approval: Values) -> Response:
    """Return what comes of a request: the halves of new keys, once, or the way to the request."""
    if approval["halves"]:
        return shown_halves(approval)
    notice = say("申请已提交，须由另一名安全管理员批准。", "Asked for; another must approve it.")
    return done(f"/administration/approvals/{approval['id']}", str(notice))
