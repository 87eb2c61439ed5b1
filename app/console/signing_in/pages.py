"""Signing in by a key, and signing out."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Response, redirect, request

from app.accounts.queries.principals import holder
from app.accounts.rules.keys import secret_hash
from app.console.calls import Refusal
from app.console.forms import Form, check_origin, own_address, submitted
from app.console.pages import Pages, done, page, say
from app.console.signing_in import services
from app.console.signing_in.visitors import COOKIE, visitor
from app.core.clock import utcnow
from app.core.errors import DomainError
from app.core.schemas.messages import say as both
from app.http.problems import Refused, content_of
from app.http.requests import database
from app.http.security.authentication import by_key, failed

blueprint = Pages("signing_in", __name__)


@blueprint.get("/sign-in")
def sign_in_page() -> Response:
    """Show the form for signing in."""
    return shown_form()


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Sign whoever holds the key in; show the form again where it is none."""
    check_origin()
    check_connection()
    form = Form(request.form)
    token, now = services.new_token(), utcnow()
    try:
        person, secret = holder_of(form.text("key") or "")
    except DomainError as error:
        document = content_of(error)
        return shown_form(Form(form.values, Refusal(int(document["status"]), document)))
    database().count(lambda session: services.begin_sign_in(session, person, secret, token, now))
    response = redirect(own_address(form.text("next")), 303)
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Strict")
    return response  # type: ignore[return-value]


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session, or all of this person where they ask for that."""
    form, known, now = submitted(), visitor(), utcnow()
    person = known.actor.principal_id
    if form.is_chosen("everywhere") and person is not None:
        database().count(lambda session: services.end_sign_ins(session, person, now))
    else:
        database().count(lambda session: services.end_sign_in(session, known.sign_in_id, now))
    response = done("/", str(say("已退出登录。", "You are signed out.")))
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict")
    return response


def shown_form(form: Form | None = None) -> Response:
    """Return the page with the form, and what was refused of it."""
    status = form.refusal.status if form and form.refusal else 200
    back = own_address(request.values.get("next"))
    return page("signing_in/sign_in.html", status=status, form=form or Form(), back=back)


def holder_of(secret: str) -> tuple[int, int]:
    """Return who holds the key *secret*, and which secret it is; raise as `by_key` does."""
    actor = by_key(secret.strip())
    mark = secret_hash(secret.strip())
    row = database().read(lambda session: holder(session, mark, utcnow()))
    if row is None or actor.principal_id is None:
        raise failed("unknown, expired or revoked key", None)
    return actor.principal_id, row.secret_id


def check_connection() -> None:
    """Raise Refused (403) where a secret would go over the network for everyone to read."""
    name = urlsplit(f"//{request.host}").hostname or ""
    if request.is_secure or name == "localhost" or is_loopback(name):
        return
    raise Refused(
        403,
        both(
            "此连接没有加密（http），密钥会被同一网络上的人看到。请用 https 地址打开本站后再登录；"
            "管理员可查阅 docs/operating.zh-CN.md。",
            "This connection is not encrypted (http): others on the network could read the key."
            " Open the site by its https address; administrators see docs/operating.md.",
        ),
        kind="permission-denied",
    )


def is_loopback(name: str) -> bool:
    """Return whether *name* is an address of this very machine."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
