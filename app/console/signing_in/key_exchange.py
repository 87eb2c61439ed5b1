"""Exchanging the two halves of a code for a key, for those who come for the first time or again."""

from flask import Response

from app.console.calls import Refusal, Sending, refusal_of, send
from app.console.forms import Form
from app.console.pages import Pages, page
from app.console.signing_in.beginning import begun, holder_of
from app.console.signing_in.connections import is_private
from app.console.signing_in.pages import guest_form, with_guest
from app.console.signing_in.visitors import form_token, guest_token
from app.http.problems import Refused

blueprint = Pages("key_exchange", __name__, always_open=True)

HERE = "/sign-in/exchange"
HALVES = ("halves.0", "halves.1")


@blueprint.get(HERE)
def exchange_page() -> Response:
    """Show the form for the two halves of a code."""
    return exchange_form(Form())


@blueprint.post(HERE)
def exchange_code() -> Response:
    """Exchange two halves for a key, show it this once, and sign its holder in with it."""
    try:
        form = guest_form()
    except Refused as error:
        return exchange_form(Form(refusal=refusal_of(error)))
    halves = [(form.text(name) or "").strip() for name in HALVES]
    try:
        answer = send("exchangeKey", {}, Sending({"halves": halves}))
    except Refusal as refusal:
        return exchange_form(Form(refusal=refusal))
    secret = answer.content["secret"]
    response = page("signing_in/new_secret.html", secret=secret, onward="/", is_new_key=True)
    return begun(response, *holder_of(secret))


def exchange_form(form: Form) -> Response:
    """Return the page with the form; what was typed of a secret is not shown again."""
    status = form.refusal.status if form.refusal else 200
    token = form_token(guest_token(), HERE)
    response = page(
        "signing_in/exchange.html", status=status, form=form, token=token, is_private=is_private()
    )
    return with_guest(response)
