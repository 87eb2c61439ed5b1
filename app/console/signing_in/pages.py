"""Signing in by a key or as a part of the demonstration, and signing out."""

from flask import Response, redirect, request

from app.console.calls import Refusal, refusal_of
from app.console.cookies import give_cookie, take_cookie
from app.console.forms import TOKEN, Form, check_origin, check_token, fields_sent, submitted
from app.console.pages import CACHING, Pages, done, page, say
from app.console.signing_in import demonstration, services
from app.console.signing_in.beginning import begun, holder_of
from app.console.signing_in.connections import check_connection, is_private, own_address
from app.console.signing_in.identity_provider import identity_provider
from app.console.signing_in.visitors import (
    COOKIE,
    GUEST,
    form_token,
    guest_token,
    visitor,
)
from app.core.clock import utcnow
from app.core.errors import DomainError, KeyRequired
from app.core.schemas.messages import say as both
from app.http.problems import Refused, in_language
from app.http.requests import database

blueprint = Pages("signing_in", __name__, always_open=True)

HERE, DESK = "/sign-in", "/desk"
WRONG_KEY = both(
    "密钥不对、已到期或已停用。请核对后重新输入；仍不能登录请找管理员。",
    "The key is wrong, has ended or was revoked. Check it and type it again, or ask the"
    " administrator.",
)


@blueprint.get(HERE)
def sign_in_page() -> Response:
    """Show the ways of signing in, which lead on to the page that was asked for, or the desk."""
    return sign_in_form(own_address(request.args.get("next") or DESK))


@blueprint.post(HERE)
def sign_in() -> Response:
    """Sign whoever holds the key in; show the form again where it is none."""
    back = "/"
    try:
        form = guest_form()
        back = own_address(form.text("next"))
        person, secret = holder_of(form.text("key") or "")
    except KeyRequired as error:
        return sign_in_form(back, wrong_key(error))
    except (DomainError, Refused) as error:
        return sign_in_form(back, refusal_of(error))
    return signed_in_to(back, person, secret)


@blueprint.post("/sign-in/demonstration")
def sign_in_to_demonstration() -> Response:
    """Sign a visitor of a demonstration in with the part that they chose."""
    form = guest_form()
    person, secret = holder_of(demonstration.key_of(form.text("part") or ""))
    return signed_in_to(own_address(form.text("next")), person, secret)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session, or all of this person where they ask for that."""
    form, known, now = submitted(), visitor(), utcnow()
    person = known.actor.principal_id
    if form.is_chosen("everywhere") and person is not None:
        database().count(lambda session: services.end_sign_ins(session, person, now))
    else:
        database().count(lambda session: services.end_sign_in(session, known.sign_in_id, now))
    response = done("/", str(parting(known.key_ends_at is None)))
    for cookie in (COOKIE, GUEST):
        take_cookie(response, cookie)
    return response


def parting(by_provider: bool) -> object:
    """Return what is said to who signed out; the provider may still know who sits there."""
    if by_provider:
        return say(
            "已退出登录。统一身份认证可能仍在登录状态，公用电脑上请也在那里退出。",
            "You are signed out here. The identity provider may still know you: sign out there too"
            " on a computer that others use.",
        )
    return say("已退出登录。", "You are signed out.")


def signed_in_to(back: str, person: int, secret: int) -> Response:
    """Begin a session by a key, and lead on to *back*."""
    response: Response = redirect(back, 303)  # type: ignore[assignment]
    response.headers.update(CACHING)
    return begun(response, person, secret)


def wrong_key(error: KeyRequired) -> Refusal:
    """Return the refusal of a key, said at its field in words for people."""
    known, sentence = refusal_of(error), in_language(WRONG_KEY)
    errors = [{"field": "key", "message": sentence}]
    return Refusal(known.status, {**known.document, "detail": sentence, "errors": errors})


def not_signed_in(refusal: Refusal) -> Refusal:
    """Return *refusal* under the title that nobody is signed in, whatever its type."""
    title = say("没有登录", "You are not signed in")
    return Refusal(refusal.status, {**refusal.document, "title": title}, refusal.headers)


def sign_in_form(back: str, refusal: Refusal | None = None) -> Response:
    """Return the page with the ways of signing in, and what was refused; it leads on to *back*."""
    response = page(
        "signing_in/sign_in.html",
        status=refusal.status if refusal else 200,
        form=Form(refusal=not_signed_in(refusal) if refusal else None),
        back=back,
        is_private=is_private(),
        has_provider=identity_provider().is_known,
        parts=demonstration.parts(),
        guest=lambda address: form_token(guest_token(), address),
    )
    return with_guest(response)


def with_guest(response: Response) -> Response:
    """Give the browser the token that its forms repeat."""
    if is_private() and request.cookies.get(GUEST) != guest_token():
        give_cookie(response, GUEST, guest_token())
    return response


def guest_form() -> Form:
    """Return the form that came in from a page of ours, whoever sits there.

    Raises Refused (403) where a secret could be read on the way, and for a form of another site.
    """
    check_connection()
    check_origin()
    values = fields_sent()
    given = request.cookies.get(GUEST, "")
    check_token(values.get(TOKEN, ""), form_token(given, request.path) if given else "-")
    return Form(values)
