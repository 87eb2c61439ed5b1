"""Sending forms: what is refused is shown again as it was typed, and kept until it is sent."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial, wraps

from flask import Response, g, request

from app.console.calls import Refusal
from app.console.forms import (
    BACK,
    CLEAN,
    KEPT,
    ONCE,
    TOKEN,
    VERSION,
    Form,
    check_origin,
    submitted,
    typed,
)
from app.console.pages import page
from app.console.signing_in.visitors import COOKIE, visitor
from app.console.told import named
from app.console.unsent import keeping
from app.core.errors import KeyRequired
from app.http.problems import Refused, content_of

Shown = Callable[..., Response]
"""A page with its forms: it is given the form that was sent, and what its address names."""

TECHNICAL = frozenset({TOKEN, ONCE, VERSION, BACK, KEPT, CLEAN})
"""Fields of every form that nobody types."""

ALERT = b'class="problem" role="alert"'
"""How what was refused begins on every page."""


def shown_again(show: Shown) -> Callable[[Shown], Shown]:
    """Let a view send a form, and *show* the page again with what was typed where it is refused.

    Both are given the form and what the address names. What was typed is kept until it was sent:
    also where the session has ended meanwhile.
    """

    def sending(view: Shown) -> Shown:
        @wraps(view)
        def sent(**path: object) -> Response:
            form = typed()
            try:
                form = submitted_or_kept()
                answer = view(form, **path)
            except Refusal as refusal:
                keep_typed(visitor().actor.principal_id)
                if refusal.status == 401:
                    raise
                return shown_or_told(partial(show, **path), replace(form, refusal=refusal))
            if answer.status_code < 400:
                forget_typed()
            return answer

        return sent

    return sending


def shown_or_told(show: Shown, form: Form) -> Response:
    """Return the page of a refused *form*, or one with what was typed where that has no place more.

    So it is where somebody else has gone on meanwhile: the step is no longer there to be taken.
    """
    with suppress(Refusal):
        answer = show(form)
        if ALERT in answer.get_data():
            return answer
    return page("not_carried_out.html", form=form, typed=typed_lines(form))


def typed_lines(form: Form) -> list[tuple[str, str]]:
    """Return what was typed into a *form*, with the names of its fields."""
    return [
        (named(name.rpartition(".")[2]), one)
        for name, own in form.values.lists()
        if name not in TECHNICAL
        for one in own
        if one.strip()
    ]


def submitted_or_kept() -> Form:
    """Return the form that came in, as `submitted` does; raise Refusal for one of another sign-in.

    What whoever was signed in has typed is kept where their session has ended meanwhile.
    """
    check_origin()
    known = visitor()
    if not known.is_signed_in:
        keep_for_ended()
        raise KeyRequired
    try:
        return submitted()
    except Refused as refused:
        raise Refusal(refused.status, content_of(refused)) from refused


def keep_for_ended() -> bool:
    """Keep what came in of whoever was signed in until now; return whether it is kept."""
    known = replace(visitor(), token=request.cookies.get(COOKIE, ""))
    address = request.args.get("address") or request.path
    given, wanted = request.form.get(TOKEN, ""), known.form_token(address)
    return hmac.compare_digest(given.encode(), wanted.encode()) and keep_typed(
        known.ended_for, address
    )


def keep_typed(principal_id: int | None, address: str | None = None) -> bool:
    """Keep what came in until it is sent, where its form asks for that; return whether it is."""
    if principal_id is None or KEPT not in request.form:
        return False
    g.is_kept = keeping.keep_form(principal_id, address or request.path, dict(request.form.lists()))
    return bool(g.is_kept)


def forget_typed() -> None:
    """Forget what was kept of the form that was sent now."""
    principal = visitor().actor.principal_id
    if principal is not None and KEPT in request.form:
        keeping.forget_form(principal, request.path)


@contextmanager
def renumbered(name: str, numbers: Sequence[int]) -> Iterator[None]:
    """Let what is refused of the list *name* stand at the rows that were sent.

    *numbers* says which row of the form each one of the list was, as empty rows are not sent.
    """
    try:
        yield
    except Refusal as refusal:
        errors = []
        for error in refusal.document.get("errors", ()):
            parts = error["field"].split(".")
            if parts[0] == name and len(parts) > 1 and parts[1].isdigit():
                parts[1] = str(numbers[int(parts[1])])
            errors.append({**error, "field": ".".join(parts)})
        raise Refusal(refusal.status, {**refusal.document, "errors": errors}) from refusal
