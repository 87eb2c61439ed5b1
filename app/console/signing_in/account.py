"""The own account: who I am here, until when my key is good, and in which browsers I am."""

from flask import Response

from app.console.calls import Answered, Refusal, ask
from app.console.forms import Form, submitted
from app.console.language import LANGUAGES
from app.console.pages import Pages, done, page, say, signed_in
from app.console.signing_in import queries, services
from app.console.signing_in.visitors import visitor
from app.core.clock import utcnow
from app.core.rules.permissions import Permission
from app.core.types import Given, Values
from app.http.requests import database

blueprint = Pages("account", __name__, always_open=True)


@blueprint.get("/account")
def account_page() -> Response:
    """Show the own account."""
    signed_in()
    return shown_account()


@blueprint.post("/account/secret")
def change_secret() -> Response:
    """Take another secret of the own key, show it this once, and go on with it in this browser."""
    form, known = submitted(), visitor()
    try:
        answer = form.send("issueSecret", {"key_id": known.actor.key_id or 0}, {})
    except Refusal as refusal:
        return shown_account(refusal)
    newest = newest_secret(answer)
    database().count(lambda session: services.go_on_with(session, known.sign_in_id, newest))
    secret = answer.content["secret"]
    return page("signing_in/new_secret.html", secret=secret, onward="/account", is_new_key=False)


@blueprint.post("/account/secret/end")
def end_secret() -> Response:
    """End the secret of the own key that this browser did not sign in with."""
    form, known = submitted(), visitor()
    path = {"key_id": known.actor.key_id or 0, "secret_id": form.number("secret") or 0}
    if path["secret_id"] == known.secret_id:  # it would end this very session
        return done("/account", str(say("这是您正在使用的口令，没有停用。", "It is in use here.")))
    try:
        form.send("revokeSecret", path, {})
    except Refusal as refusal:
        return shown_account(refusal)
    return done("/account", str(say("旧口令已停用。", "The former secret has ended.")))


@blueprint.post("/account/sign-ins/<id:sign_in_id>/end")
def end_elsewhere(sign_in_id: int) -> Response:
    """Sign the own account out in one other browser."""
    submitted()
    person, now = visitor().actor.principal_id, utcnow()
    database().count(lambda session: services.end_sign_in(session, sign_in_id, now, person))
    return done("/account", str(say("那个浏览器已退出登录。", "That browser is signed out.")))


@blueprint.post("/account/sign-ins/end")
def end_all_others() -> Response:
    """Sign the own account out in every other browser."""
    submitted()
    known, now = visitor(), utcnow()
    person = known.actor.principal_id or 0
    here = known.sign_in_id
    database().count(lambda session: services.end_sign_ins(session, person, now, but=here))
    return done("/account", str(say("其他浏览器都已退出登录。", "The others are signed out.")))


def shown_account(refusal: Refusal | None = None) -> Response:
    """Return the page of the own account, and what was refused."""
    me, known, now = ask("getMe"), visitor(), utcnow()
    rows = database().read(lambda session: queries.open_sign_ins(session, me["id"], now))
    return page(
        "signing_in/account.html",
        status=refusal.status if refusal else 200,
        form=Form(refusal=refusal),
        me=me,
        permissions=[say(one.zh, one.en) for one in map(Permission, me["permissions"])],
        secrets=live_secrets(me["key"]),
        others=[row for row in rows if row.id != known.sign_in_id],
        own=next((row for row in rows if row.id == known.sign_in_id), None),
        languages=LANGUAGES,
    )


def live_secrets(key: Given | None) -> list[Values]:
    """Return the secrets of a *key* that are good, oldest first."""
    return [one for one in (key or {}).get("secrets", ()) if one["revoked_at"] is None]


def newest_secret(answer: Answered) -> int:
    """Return the number of the secret that was just issued."""
    return max(int(one["id"]) for one in answer.content["secrets"])
