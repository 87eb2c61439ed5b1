"""Pages with one form for one operation, each described by a table of its fields.

The form is named as the contract names the fields. What is refused is shown again as it was typed,
beside the record as it is now.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flask import Response, request

from app.console.calls import Answered, Refusal, Sending, send
from app.console.choices import Choices, sent_for
from app.console.forms import NO_FORM, Form
from app.console.pages import done, page, say
from app.console.registry.access import check_may_call
from app.console.sending import forget_typed, keep_typed, shown_or_told, submitted_or_kept
from app.console.signing_in.visitors import visitor
from app.console.told import ToldLine
from app.core.errors import Sentence
from app.core.types import Given, Values

NOTHING: Sentence = ("", "")
WHETHER: Given = {"true": True, "false": False}


@dataclass(frozen=True)
class Blank:
    """One input of a form: its *name* in the body, its *title*, its *kind* and what it offers.

    Kinds: ``line``, ``text``, ``date``, ``number``, ``lines`` (one value a line), ``numbers``,
    ``choice``, ``named`` (typed by name, sent by slug), ``many`` (boxes), ``box``, ``whether`` (a
    choice of ``true`` and ``false``), ``which`` (a choice of numbers). *goes_always*: it is sent
    though the record has it.
    """

    name: str
    title: Sentence
    kind: str = "line"
    hint: Sentence = NOTHING
    offers: Callable[[], Choices] | None = None
    required: bool = False
    goes_always: bool = False

    def choices(self) -> Choices:
        """Return what can be chosen."""
        return self.offers() if self.offers else []

    def typed(self, form: Form) -> object:
        """Return what was given, as the body has it; None for nothing."""
        if self.kind == "box":
            return form.is_chosen(self.name)
        if self.kind in ("number", "which"):
            return form.number(self.name)
        if self.kind == "many":
            return form.texts(self.name)
        given = form.text(self.name)
        if self.kind == "lines":
            return lines_of(given)
        if self.kind == "numbers":
            return [
                int(one) if one.isascii() and one.isdigit() else one for one in typed_parts(given)
            ]
        if self.kind == "whether":
            return WHETHER.get(given or "", given)
        return sent_for(given, self.choices()) if self.kind == "named" else given


def lines_of(given: str | None) -> list[str]:
    """Return the lines of what was typed, without blanks around them and without empty ones."""
    return [one.strip() for one in (given or "").split("\n") if one.strip()]


def typed_parts(given: str | None) -> list[str]:
    """Return what was typed with commas, blanks or lines between."""
    return [one for one in re.split(r"[\s,，、;；]+", given or "") if one]


@dataclass(frozen=True)
class Act:
    """A form for one *operation*: what it is called, what its button says, what it asks."""

    operation: str
    title: Sentence
    button: Sentence
    entries: tuple[Blank, ...]
    notice: Sentence
    hint: Sentence = NOTHING
    is_grave: bool = False


@dataclass(frozen=True)
class ActSubject:
    """What an act is about: where its page is, its path and *version*, and what it holds now.

    *values* are those that the form starts with, as bodies have them; *facts* are shown beside.
    Of a request *lines* tell what it holds; None for whatever is none.
    *only_changes*: what is as it was is not sent, and what was emptied is sent as null.
    """

    name: str
    address: str
    path: Given = field(default_factory=dict)
    version: int | None = None
    values: Given = field(default_factory=dict)
    facts: tuple[tuple[Sentence, object], ...] = ()
    fixed: Given = field(default_factory=dict)
    only_changes: bool = False
    lines: list[ToldLine] | None = None
    is_pending: bool = False


def act_page(act: Act, subject: ActSubject, form: Form = NO_FORM) -> Response:
    """Return the page with the form of *act*; raise where the visitor may not call it."""
    check_may_call(act.operation)
    return page(
        "registry/act.html",
        status=form.refusal.status if form.refusal else 200,
        form=form.at(request.path),
        act=act,
        subject=subject,
        shown=[(one, one.choices(), shown_value(one, subject)) for one in act.entries],
    )


def shown_value(entry: Blank, subject: ActSubject) -> object:
    """Return what the input of *entry* starts with."""
    own = subject.values.get(entry.name)
    if entry.kind == "lines":
        return "\n".join(own or [])
    if entry.kind == "numbers":
        return "、".join(str(one) for one in own or [])
    return dict(entry.choices()).get(own or "", own) if entry.kind == "named" else own


def carry_out(
    act: Act,
    load: Callable[[], ActSubject],
    onward: Callable[[Answered], str] | None = None,
    notice: Callable[[Answered], str] | None = None,
) -> Response:
    """Do what the form that came in says, and lead to the page of what it is about, or *onward*.

    That says what *act* says once it is done, or *notice*.
    """
    form = submitted_or_kept()
    check_may_call(act.operation)
    subject = load()
    return attempt(
        form,
        lambda: send_form(form, act.operation, subject.path, sent_body(act, subject, form)),
        lambda made: done(
            onward(made) if onward else subject.address,
            notice(made) if notice else str(say(*act.notice)),
        ),
        lambda refused: act_page(act, load(), refused),
    )


def send_form(form: Form, operation: str, path: Given, body: object) -> Answered:
    """Carry *operation* out with *body* as it is, nulls and all, once; raise Refusal."""
    return send(operation, path, Sending(body, version=form.version, once=form.once))


def attempt(
    form: Form,
    step: Callable[[], Answered],
    onward: Callable[[Answered], Response],
    again: Callable[[Form], Response],
) -> Response:
    """Take *step*: then go *onward*; where it is refused, show the form *again* as it was typed.

    What was typed is kept until it was sent, also where the session has ended meanwhile.
    """
    try:
        answer = step()
    except Refusal as refusal:
        keep_typed(visitor().actor.principal_id)
        if refusal.status == 401:
            raise
        return shown_or_told(again, replace(form, refusal=refusal))
    forget_typed()
    return onward(answer)


def sent_body(act: Act, subject: ActSubject, form: Form) -> Values:
    """Return the body of *act* that *form* says, without what is left empty."""
    body: Values = dict(subject.fixed)
    for entry in act.entries:
        given = entry.typed(form)
        if subject.only_changes and not entry.goes_always:
            if not is_same(given, subject.values.get(entry.name)):
                body[entry.name] = given
        elif given not in (None, []) and (given is not False or entry.kind == "whether"):
            body[entry.name] = given
    return body


def is_same(given: object, held: object) -> bool:
    """Return whether what was given is what the record holds; nothing is nothing in every form."""
    return (given or None) == (held or None)
