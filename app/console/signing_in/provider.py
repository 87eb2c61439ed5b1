"""Signing in by the identity provider: the way there, and the way back."""

import hmac

from flask import Response, current_app, redirect, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from app.accounts.queries.principals import known_as
from app.console.calls import refusal_of
from app.console.cookies import LAX, give_cookie, take_cookie
from app.console.pages import Pages, onward
from app.console.signing_in.beginning import begun
from app.console.signing_in.connections import check_connection, own_address
from app.console.signing_in.identity_provider import (
    CodeRefused,
    IdentityProvider,
    ProviderAway,
    identity_provider,
)
from app.console.signing_in.pages import sign_in_form
from app.console.signing_in.visitors import visitor
from app.console.signing_in.ways import COOKIE, LASTS, Way, new_way, opened_way, sealed
from app.core.errors import DomainError, KeyRequired, NotReady, SignInsExhausted
from app.core.schemas.messages import say
from app.http.problems import Refused
from app.http.requests import database
from app.http.security.authentication import failed, take
from app.http.security.oidc import Tokens

blueprint = Pages("provider", __name__, always_open=True)

RETURN = "/sign-in/return"


class NotSignedIn(Exception):
    """Why nobody is signed in: in words for the security log, and for whoever sits there."""

    def __init__(self, what: str, status: int, zh: str, en: str) -> None:
        super().__init__(what)
        self.what = what
        kind = {401: "key-required", 503: "not-ready"}.get(status, "permission-denied")
        self.shown = Refused(status, say(zh, en), kind=kind)


@blueprint.get("/sign-in/provider")
def way_to_provider() -> Response:
    """Lead to the identity provider, which leads back."""
    provider = known_provider()
    try:
        check_connection()
        way = new_way(own_address(request.args.get("next")), visitor().sign_in_id)
        there = provider.way_there(way, place_of_return())
    except ProviderAway as error:
        return not_signed_in(away(error))
    except Refused as error:
        return sign_in_form("/", refusal_of(error))
    response: Response = redirect(there, 303)  # type: ignore[assignment]
    give_cookie(response, COOKIE, sealed(way, secret()), int(LASTS.total_seconds()), LAX)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get(RETURN)
def way_back() -> Response:
    """Sign in whom the identity provider names, and go on from a page of ours.

    The cookie of the session is for our own site alone: a browser that comes from another would
    not send it with what a redirect asks for.
    """
    provider = known_provider()
    try:
        check_connection()
        way = way_begun()
        person = person_named(provider, way)
        response = begun(onward(way.back), person, None, way.before)
    except NotSignedIn as error:
        response = not_signed_in(error)
    except (DomainError, Refused) as error:
        response = sign_in_form("/", refusal_of(error))
    take_cookie(response, COOKIE, LAX)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address has the code in it
    return response


def known_provider() -> IdentityProvider:
    """Return the provider; raise NotFound where there is none, MethodNotAllowed for no reader."""
    found = identity_provider()
    if not found.is_known:
        raise NotFound
    if request.method != "GET":  # a program that looks ahead at links must not use the code up
        raise MethodNotAllowed(["GET"])
    return found


def tokens() -> Tokens:
    """Return what checks the tokens of the provider."""
    found: Tokens = current_app.extensions["tokens"]
    return found


def place_of_return() -> str:
    """Return the address to which the provider leads back; it must be known to it."""
    return f"{request.scheme}://{request.host}{RETURN}"


def secret() -> bytes:
    """Return what the cookie of the way is sealed with; raise NotReady without the audit's key."""
    signer = database().signer
    if signer is None:
        raise NotReady
    found: bytes = signer.secret
    return found


def way_begun() -> Way:
    """Return the way on which this browser set out; raise NotSignedIn where it is another.

    Whoever answers must be the provider that was asked (RFC 9207).
    """
    way = opened_way(request.cookies.get(COOKIE, ""), secret())
    given = request.args.get("state", "")
    is_ours = way is not None and hmac.compare_digest(given.encode(), way.state.encode())
    if way is None or not is_ours or len(request.args.getlist("state")) != 1:
        raise NotSignedIn(
            "a return from the identity provider that was not begun here",
            403,
            "登录没有完成：它不是在这个浏览器里开始的，或已超过十分钟。请重新登录。",
            "You are not signed in: this was not begun in this browser, or over ten minutes ago."
            " Sign in anew.",
        )
    issuer = request.args.get("iss")
    if issuer is not None and issuer != identity_provider().settings.oidc_issuer:
        raise refused_code("an answer of another issuer")
    return way


def person_named(provider: IdentityProvider, way: Way) -> int:
    """Return the account of whom the provider names; raise NotSignedIn."""
    if "error" in request.args:
        raise NotSignedIn(
            "the identity provider signed nobody in",
            403,
            "统一身份认证没有完成登录（可能已取消）。请重新登录。",
            "The identity provider signed nobody in; perhaps it was broken off. Sign in anew.",
        )
    try:
        token = provider.id_token(request.args.get("code", ""), way, place_of_return())
        subject = tokens().identity(token, way.nonce)
    except CodeRefused:
        raise refused_code("a code that the identity provider refuses") from None
    except KeyRequired:
        raise refused_code("an ID token that is not good") from None
    except NotReady:
        raise away("its keys cannot be read") from None
    except ProviderAway as error:
        raise away(error) from None
    return account_of(subject)


def account_of(subject: str) -> int:
    """Return the account of *subject*; raise NotSignedIn where there is none, TooManyRequests."""
    row = database().read(lambda session: known_as(session, subject))
    if row is None:
        name = subject.partition("|")[2]
        raise NotSignedIn(
            "a person without an account",
            403,
            f"统一身份认证认识您（{name}），但登记簿里没有您的账户，或账户已停用。请找安全管理员。",
            f"The identity provider knows you ({name}), but you have no account here, or it is"
            " disabled. Ask the security administrator.",
        )
    take(f"principal:{row.id}", 1)
    return int(row.id)


def refused_code(what: str) -> NotSignedIn:
    """Return that what the provider answered is not good; only the log says what of it."""
    return NotSignedIn(
        what,
        403,
        "登录没有完成：统一身份认证的答复无效或已用过。请重新登录。",
        "You are not signed in: what the identity provider answered is not good, or was used. Sign"
        " in anew.",
    )


def away(reason: object) -> NotSignedIn:
    """Return that the provider cannot be used now, and for the log why."""
    return NotSignedIn(
        f"the identity provider cannot be used: {reason}",
        503,
        "统一身份认证暂时不能使用。请稍后再试，或用密钥登录。",
        "The identity provider cannot be used at the moment. Try again later, or use a key.",
    )


def not_signed_in(error: NotSignedIn) -> Response:
    """Note a failed attempt in the security log and among the counts; show why on a page."""
    shown: Exception = error.shown
    try:
        failed(error.what, None)
    except SignInsExhausted as exhausted:
        shown = exhausted
    return sign_in_form("/", refusal_of(shown))
