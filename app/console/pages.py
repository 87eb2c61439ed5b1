"""What every page of the console passes: language, visitor, the page around it, its errors."""

import secrets
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from flask import Blueprint, Flask, Response, redirect, render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from app.console.calls import Refusal
from app.console.forms import NO_FORM, Form
from app.console.labels import all_of, label, office_name
from app.console.language import LANGUAGES, choose_language, remember_language
from app.console.signing_in.visitors import visitor, welcome
from app.core.errors import KeyRequired
from app.core.types import Values
from app.http.problems import content_of, http_problem, language
from app.http.requests import prefers_page, settings
from app.http.responses import PREFIX

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CACHING = {"Cache-Control": "private, no-store", "Vary": "Cookie, Accept-Language"}
HERE = Path(__file__).parent
NOTICE = "notice"
"""The cookie with what was done by the form before this page; shown once."""


class Pages(Blueprint):
    """Pages of one part of the console."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.before_request(choose_language)
        self.before_request(welcome)
        self.after_request(remember_language)
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
    for part in parts:
        app.register_blueprint(part)


# -- the page ------------------------------------------------------------------------------------


def page(template: str, *, status: int = 200, form: Form = NO_FORM, **values: object) -> Response:
    """Return the page made of *template*; a *form* that was refused is shown as it was typed."""
    shown = {"visitor": visitor(), "form": form, "notice": unquote(request.cookies.get(NOTICE, ""))}
    content = render_template(template, **{**shown, **values})
    response = Response(content, status, mimetype="text/html")
    response.headers.update(CACHING)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"  # without it a form has no Origin
    response.headers["Content-Language"] = LANGUAGES[language()]
    if NOTICE in request.cookies:
        response.delete_cookie(NOTICE)
    return response


def done(address: str, notice: str) -> Response:
    """Return the way on to the page at *address*, which says *notice* once."""
    response = redirect(address, 303)
    response.headers.update(CACHING)
    response.set_cookie(
        NOTICE,
        quote(notice),
        max_age=60,
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )
    return response  # type: ignore[return-value]


def error_page(error: Exception) -> Response:
    """Return the page for what was refused, or the way to sign in where that is what it needs."""
    if isinstance(error, Refusal):
        status, document = error.status, error.document
    else:
        document = content_of(error)
        status = int(document["status"])
    if status == 401 and not visitor().is_signed_in:
        return sign_in_first()
    return page("error.html", status=status, problem=document)


def no_such_page(error: NotFound) -> Response:
    """Return a page to a browser that asks for an address which is none, else the problem."""
    if request.path.startswith("/api/") or not prefers_page():
        return http_problem(error)
    choose_language()
    welcome()
    return page("error.html", status=404, problem=content_of(error))


def sign_in_first() -> Response:
    """Return the way to the page for signing in, which leads back here."""
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(f"/sign-in?{urlencode({'next': back})}", 303)  # type: ignore[return-value]


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
    return f"{request.path}?{urlencode(kept, doseq=True)}" if kept else request.path


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
