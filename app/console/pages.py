"""What every page of the console passes: language, visitor, the page around it, its errors."""

import secrets
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from flask import Blueprint, Flask, Response, g, redirect, render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from app.console.calls import Refusal, refusal_of
from app.console.cookies import give_cookie, take_cookie
from app.console.forms import NO_FORM, Form, typed
from app.console.labels import all_of, label, office_name
from app.console.language import LANGUAGES, choose_language, remember_language
from app.console.signing_in.visitors import visitor, welcome
from app.core.errors import DomainError, KeyRequired
from app.core.types import Values
from app.http.problems import Refused, http_problem, language
from app.http.requests import prefers_page, settings
from app.http.responses import PREFIX

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CACHING = {"Cache-Control": "private, no-store", "Vary": "Cookie, Accept-Language"}
HERE = Path(__file__).parent
NOTICE = "__Host-notice"
"""The cookie with what was done by the form before this page; shown once.

Its name lets no other host, and nobody on the way, put words of theirs on a page of ours.
"""
GUARDS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SMALL_FORM = 16 * 1024
"""As much as somebody may send who is not signed in: a key, or the halves of a code."""

WRITTEN_OUT = 4
"""A form is so many times as long as the JSON that is made of it, at most about: its signs are
written with percent."""

STILL_THERE = (
    "登录已经结束，您写的内容已保存。登录后会在原处再次出现。",
    "Your session has ended. What you wrote is kept; sign in, and it is there again.",
)


class Pages(Blueprint):
    """Pages of one part of the console.

    Where reading is not public they are for who is signed in, but for those that are *always_open*.
    """

    def __init__(self, name: str, import_name: str, *, always_open: bool = False) -> None:
        super().__init__(name, import_name)
        self.before_request(choose_language)
        self.before_request(welcome)
        self.before_request(limit_form)
        if not always_open:
            self.before_request(check_reader)
        self.after_request(remember_language)
        self.after_request(guard)
        self.register_error_handler(Exception, error_page)


def add_pages(app: Flask, *parts: Pages) -> None:
    """Add the pages of *parts* to *app*."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        say=say,
        label=label,
        all_of=all_of,
        name_of=office_name,
        address_with=address_with,
        lang=language,
        once=once,
    )
    app.jinja_env.filters.update(day=day, moment=moment, here=here)
    app.jinja_loader.searchpath.append(str(HERE / "templates"))  # type: ignore[union-attr]
    app.register_error_handler(NotFound, no_such_page)
    app.register_error_handler(MethodNotAllowed, no_such_page)
    for part in parts:
        app.register_blueprint(part)


# -- what every page passes ------------------------------------------------------------------------


def limit_form() -> None:
    """Bound what may come in: little from who is not signed in, else what the contract takes."""
    known, most = visitor(), SMALL_FORM
    if known.is_signed_in or known.ended_for is not None:
        most = WRITTEN_OUT * settings().max_body_bytes
    request.max_form_memory_size = most
    files = settings().max_file_bytes if known.is_signed_in else 0
    request.max_content_length = most + files + 1  # so that what was cut off there is seen


def check_reader() -> None:
    """Raise KeyRequired where reading is not public and nobody is signed in."""
    if not settings().public_reading:
        signed_in()


def guard(response: Response) -> Response:
    """Keep what a page answers out of every cache, and other sites away from it."""
    request.max_content_length = None  # what is still to come after a refusal is read on
    for name, own in {**CACHING, **GUARDS}.items():
        response.headers.setdefault(name, own)
    return response


# -- the page ------------------------------------------------------------------------------------


def page(
    template: str, *, status: int | None = None, form: Form = NO_FORM, **values: object
) -> Response:
    """Return the page made of *template*; a *form* that was refused is shown as it was typed.

    It has the *status*, else that of the refusal.
    """
    status = status or (form.refusal.status if form.refusal else 200)
    shown = {"visitor": visitor(), "form": form, "notice": unquote(request.cookies.get(NOTICE, ""))}
    content = render_template(template, **{**shown, **values})
    response = Response(content, status, mimetype="text/html")
    response.headers.update({**CACHING, **GUARDS})
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"  # without it a form has no Origin
    response.headers["Content-Language"] = LANGUAGES[language()]
    if NOTICE in request.cookies:
        take_cookie(response, NOTICE)
    if form.refusal:
        response.headers.update(form.refusal.headers)
    return response


def done(address: str, notice: str) -> Response:
    """Return the way on to the page at *address*, which says *notice* once."""
    response = redirect(address, 303)
    response.headers.update(CACHING)
    give_cookie(response, NOTICE, quote(notice), 60)
    return response  # type: ignore[return-value]


def error_page(error: Exception) -> Response:
    """Return the page for what was refused, or the way to sign in where that is what it needs."""
    refusal = refusal_of(error)
    if refusal.status == 401 and not visitor().is_signed_in:
        return sign_in_first()
    return refused_page(refusal)


def refused_page(refusal: Refusal) -> Response:
    """Return the page that says what was refused."""
    response = page("error.html", status=refusal.status, problem=refusal.document)
    response.headers.update(refusal.headers)
    return response


def no_such_page(error: HTTPException) -> Response:
    """Return a page to a browser that asks for an address which is none, else the problem."""
    if request.path.startswith("/api/") or not prefers_page():
        return http_problem(error)
    choose_language()
    try:
        welcome()
    except DomainError as refused:  # too many requests
        return error_page(refused)
    return error_page(error)


def sign_in_first() -> Response:
    """Return the way to the page for signing in, which leads back to the page one comes from.

    A browser sends no cookie where another site leads here, as the link in a letter does: it comes
    here once more from a page of ours, and then says who is signed in.
    """
    if request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return onward(request.full_path.rstrip("?"))
    try:
        address = f"/sign-in?{urlencode({'next': typed().back})}"
    except (HTTPException, Refused) as error:  # a form that is too large to be looked into
        return refused_page(refusal_of(error))
    if g.get("is_kept"):
        return done(address, str(say(*STILL_THERE)))
    return redirect(address, 303)  # type: ignore[return-value]


def onward(address: str) -> Response:
    """Return a page of ours that goes on to *address*, with the cookies that are for us alone."""
    response = page("signing_in/onward.html", onward=address)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def signed_in() -> None:
    """Raise KeyRequired where nobody is signed in."""
    if not visitor().is_signed_in:
        raise KeyRequired


# -- what templates are given --------------------------------------------------------------------


def say(zh: object, en: object) -> object:
    """Return the half that is of the reader's language."""
    return zh if language() == "zh" else en


def address_with(**query: object) -> str:
    """Return the address of this page with *query* in place of what it asks; None takes away."""
    now: Values = dict(request.args.lists())
    now |= query
    kept = {name: own for name, own in now.items() if own is not None}
    own_path = quote(f"/{request.path.lstrip('/')}")  # with two slashes it would be another host
    return f"{own_path}?{urlencode(kept, doseq=True)}" if kept else own_path


def here(address: str) -> str:
    """Return the page that shows what stands at an *address* of the contract."""
    return address.removeprefix(PREFIX)


def day(value: date | str | None) -> str:
    """Return a day as people write it: 2026年3月5日, or 5 March 2026; nothing for None."""
    if value is None:
        return ""
    own = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{own.year}年{own.month}月{own.day}日" if language() == "zh" else f"{own:%-d %B %Y}"


def moment(value: str | None) -> Markup | str:
    """Return a moment as people write it, in the zone of the register; nothing for None."""
    if value is None:
        return ""
    own = datetime.fromisoformat(value).astimezone(settings().zone)
    return Markup('<time datetime="{}">{} {:%H:%M}</time>').format(value, day(own.date()), own)


def once() -> str:
    """Return a name under which a form is carried out once, however often it is sent."""
    return secrets.token_hex(16)
