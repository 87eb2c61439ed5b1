"""One account: what it may do, its keys, and what can be changed or asked for."""

from flask import Response

from app.console.administration.accounts import ADDRESS, asked, key_of
from app.console.administration.overview import needed, permissions
from app.console.calls import Sending, ask, send
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.core.codes import Role, Scope
from app.core.rules.permissions import Permission
from app.core.types import Values

blueprint = Pages("one_account", __name__)


@blueprint.get(f"{ADDRESS}/<int:number>")
def account_page(number: int) -> Response:
    """Show one account with its keys."""
    account = account_of(number)
    return page(
        "administration/account.html",
        account=account,
        keys=ask("listKeys", {"principal_id": number}, limit=200)["items"],
        permissions=permissions(),
    )


@blueprint.get(f"{ADDRESS}/<int:number>/edit")
def edit_account_page(number: int) -> Response:
    """Show the form for changing an account."""
    return edit_form(NO_FORM, number)


@blueprint.get(f"{ADDRESS}/<int:number>/keys/new")
def new_key_page(number: int) -> Response:
    """Show the form for a key of the account."""
    return key_form(NO_FORM, number)


@blueprint.get(f"{ADDRESS}/<int:number>/erasure")
def erasure_page(number: int) -> Response:
    """Show the form for erasing what is personal of an account."""
    return erasure_form(NO_FORM, number)


def account_of(number: int) -> Values:
    """Return the account *number*; raise Refusal where it is hidden."""
    signed_in()
    return ask("getPrincipal", {"principal_id": number})


def edit_form(form: Form, number: int) -> Response:
    """Return the page for changing an account, with the *form* as it was typed."""
    needed(Permission.MANAGE_PRINCIPALS)
    return shown_account(form, number, "administration/edit_account.html")


def key_form(form: Form, number: int) -> Response:
    """Return the page for asking for a key, with the *form* as it was typed."""
    needed(Permission.MANAGE_KEYS)
    return shown_account(form, number, "administration/new_key.html")


def erasure_form(form: Form, number: int) -> Response:
    """Return the page for erasing an account, with the *form* as it was typed."""
    needed(Permission.MANAGE_PRINCIPALS)
    return shown_account(form, number, "administration/erasure.html")


def shown_account(form: Form, number: int, template: str) -> Response:
    """Return a page about one account, with the *form* as it was typed."""
    account = account_of(number)
    return page(template, form=form, account=account, roles=list(Role), scopes=list(Scope))


@blueprint.post(f"{ADDRESS}/<int:number>/edit")
@shown_again(edit_form)
def edit_account(form: Form, number: int) -> Response:
    """Change what differs from the account as it was shown; raise Refusal."""
    before = ask("getPrincipal", {"principal_id": number})
    sending = Sending(changes_of(before, form), version=form.version)
    answered = send("editPrincipal", {"principal_id": number}, sending)
    if answered.status == 202:
        notice = say(
            "权限会扩大，须由另一名安全管理员批准。", "It gains by this: another must approve it."
        )
        return done(f"/administration/approvals/{answered.content['id']}", str(notice))
    return done(f"{ADDRESS}/{number}", str(say("已修改。", "It was changed.")))


def changes_of(before: Values, form: Form) -> Values:
    """Return the fields of the account that were typed otherwise than they are *before*."""
    office = before["office"]["slug"] if before["office"] else None
    now: Values = {
        "roles": sorted(form.texts("roles")),
        "office": form.text("office"),
        "disabled": form.is_chosen("disabled"),
    }
    was = {
        "roles": sorted(before["roles"]),
        "office": office,
        "disabled": before["disabled_at"] is not None,
    }
    changed = {name: own for name, own in now.items() if own != was[name]}
    note = form.text("note")
    return {**changed, **({"note": note} if note else {})}


@blueprint.post(f"{ADDRESS}/<int:number>/keys/new")
@shown_again(key_form)
def ask_for_key(form: Form, number: int) -> Response:
    """Ask for the key that was typed; raise Refusal."""
    body = {**key_of(form), "reason": form.text("reason")}
    return asked(form.send("createKey", {"principal_id": number}, body).content)


@blueprint.post(f"{ADDRESS}/<int:number>/erasure")
@shown_again(erasure_form)
def ask_for_erasure(form: Form, number: int) -> Response:
    """Ask for the erasure; raise Refusal."""
    body = {"reason": form.text("reason")}
    answered = form.send("erasePrincipal", {"principal_id": number}, body)
    notice = say("申请已提交，须由另一名安全管理员批准。", "Asked for; another must approve it.")
    return done(f"/administration/approvals/{answered.content['id']}", str(notice))
