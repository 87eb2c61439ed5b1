"""Forms that come in: checked to be our own, read field by field, shown again when refused."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict

from app.console.calls import Answered, Refusal, Sending, send
from app.console.signing_in.connections import own_address, place_to_return
from app.console.signing_in.visitors import visitor
from app.console.unsent import keeping
from app.core.errors import KeyRequired
from app.core.schemas.fields import LINES, first_hidden
from app.core.schemas.messages import say
from app.core.types import Given, Values
from app.http.problems import Refused

TOKEN, ONCE, VERSION = "form_token", "once", "version"
"""The fields of every form: that it is ours, under which name it is done once, what was seen."""

BACK, KEPT = "back", "kept"
"""The page on which a form stands, and whether what is typed into it is kept until it is sent."""

CLEAN = "clean"
"""The box that takes out of a form what nobody sees and no field takes, as Word leaves it."""

BREAKS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
"""What programs for writing end a line with, beside what a text has."""


@dataclass
class Form:
    """What somebody typed, and what was refused of it; an empty one was not sent yet.

    *address* is where it is sent to, *part* what begins the marks of its fields on a page with
    several forms, *row* which row of another form it is. What was kept because it was not sent
    is there again, and *kept_at* says since when.
    """

    values: MultiDict[str, str] = field(default_factory=MultiDict)
    refusal: Refusal | None = None
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)
    address: str = ""
    part: str = ""
    row: int = 0
    kept_at: datetime | None = None

    def text(self, name: str) -> str | None:
        """Return what was typed into *name*; None for nothing."""
        typed = self.values.get(name, "").replace("\r\n", "\n")
        return typed if typed.strip() else None

    def texts(self, name: str) -> list[str]:
        """Return all that was typed or chosen under *name*, without what is empty."""
        return [own for own in self.values.getlist(name) if own.strip()]

    def number(self, name: str) -> int | str | None:
        """Return the number typed into *name*; what is none as it is, so that it is refused."""
        typed = self.text(name)
        if typed is None:
            return None
        return int(typed) if is_number(typed.strip()) else typed

    def is_chosen(self, name: str) -> bool:
        """Return whether the box *name* is ticked."""
        return name in self.values

    def rows(self, name: str) -> Iterator["Form"]:
        """Yield what was typed into ``name.0.…``, ``name.1.…`` and so on, each by itself."""
        first = f"{name}."
        named = [key.removeprefix(first) for key in self.values if key.startswith(first)]
        starts = {key.partition(".")[0] for key in named}
        for number in sorted((one for one in starts if is_number(one)), key=int):
            start = f"{name}.{number}."
            own = [
                (key.removeprefix(start), one)
                for key, one in self.values.items(multi=True)
                if key.startswith(start)
            ]
            yield Form(MultiDict(own), row=int(number))

    def at(self, address: str, part: str = "") -> "Form":
        """Return the form of a page that is sent to *address*, as whoever looks at it left it.

        That is this one where it was sent there and refused, else what they typed and never
        sent, else an empty one.
        """
        if self.address == address:
            return replace(self, part=part)
        return replace(unsent(address), part=part)

    def seen(self, version: int) -> int:
        """Return the version that the sender saw; *version*, which is now, once they are told."""
        return version if self.version is None or self.is_stale else self.version

    @property
    def is_stale(self) -> bool:
        """Return whether it was refused because the record had changed meanwhile."""
        return self.refusal is not None and self.refusal.status == 412

    @property
    def has_hidden(self) -> bool:
        """Return whether it was refused and holds signs that nobody sees, see `cleaned`."""
        typed = self.values.items(multi=True) if self.refusal else ()
        return any(own != cleaned(own) for _, own in typed)

    @property
    def back(self) -> str:
        """Return the address of the page on which the form stands."""
        known = self.values.get(BACK) or request.form.get(BACK)
        return own_address(known or place_to_return())

    @property
    def version(self) -> int | None:
        """Return the version of the record that the sender saw."""
        typed = self.values.get(VERSION, "")
        return int(typed) if is_number(typed) else None

    @property
    def once(self) -> str | None:
        """Return the name under which this form is done once."""
        return self.text(ONCE)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        return self.refusal.errors() if self.refusal else {}

    @property
    def problem(self) -> Given | None:
        """Return the problem document of what was refused."""
        return self.refusal.document if self.refusal else None

    def send(self, operation: str, path: Given, body: Values | None = None) -> Answered:
        """Carry *operation* out with *body*, without its empty fields, once; raise Refusal.

        It is refused where the record is no longer in the version that the sender saw.
        """
        named = {name: own for name, own in (body or {}).items() if own is not None}
        return send(operation, path, Sending(named, version=self.version, once=self.once))


NO_FORM = Form()

LONGEST_NUMBER = 18
MOST_FIELDS = 5000
"""More fields than any form of ours has, a monthly round of a hundred cases included."""

URLENCODED = "application/x-www-form-urlencoded"


def is_number(typed: str) -> bool:
    """Return whether *typed* is a whole number that a record can hold."""
    return typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER


def fields_sent() -> MultiDict[str, str]:
    """Return the fields that came in; raise Refused (413) for more than any form has.

    They are counted before they are taken apart: a megabyte of empty ones would cost a hundred.
    """
    request.max_form_parts = MOST_FIELDS
    if request.mimetype == URLENCODED:
        content, most = request.get_data(), request.max_form_memory_size or 0
        if len(content) > most or content.count(b"&") >= MOST_FIELDS:
            raise Refused(413, say("一次提交的内容太多。", "That is too much for one form."))
    return request.form


def submitted() -> Form:
    """Return the form that came in, of whoever is signed in.

    Raises KeyRequired where nobody is, Refused (403) for a form that is not of this site.
    """
    check_origin()
    known = visitor()
    if not known.is_signed_in:
        raise KeyRequired
    check_token(fields_sent().get(TOKEN, ""), known.form_token(request.path))
    return typed()


def typed() -> Form:
    """Return what came in with the request, by whomever it was sent.

    What nobody sees is taken out of it where they ticked the box for that, and never else.
    """
    values = fields_sent()
    if CLEAN in values:
        values = MultiDict((name, cleaned(own)) for name, own in values.items(multi=True))
    return Form(values, files=MultiDict(request.files), address=request.path)


def cleaned(text: str) -> str:
    """Return *text* without the signs that no field takes; what ends a line there ends it."""
    lines = text.replace("\r\n", "\n").translate(BREAKS)
    allowed = LINES if "\n" in lines else ""
    return "".join(c for c in lines if c in allowed or first_hidden(c, "") is None)


def unsent(address: str) -> Form:
    """Return what whoever looks at the page typed into the form at *address* and never sent."""
    principal = visitor().actor.principal_id
    known = None if principal is None else keeping.kept_form(principal, address)
    if known is None:
        return Form(address=address)
    content, since = known
    pairs = [(name, one) for name, own in content.items() for one in own]
    return Form(MultiDict(pairs), address=address, kept_at=since)


# -- whose form it is ---------------------------------------------------------------------------


def check_token(given: str, wanted: str) -> None:
    """Raise Refused (403) where the token of a form is not the one it was given out with."""
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise foreign()


def check_origin() -> None:
    """Raise Refused (403) for a form that another site sent."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(origin)
    except ValueError:  # brackets that are no address
        raise foreign() from None
    if (parts.scheme, parts.netloc) != (request.scheme, request.host):
        raise foreign()


def foreign() -> Refused:
    """Return the refusal of a form that is not of this site, or of another sign-in."""
    return Refused(
        403,
        say(
            "表单不是由本站当前登录发出的，没有执行。请返回，重新打开页面后再提交。",
            "The form did not come from this site and sign-in; nothing was done."
            " Go back, open the page again and send it anew.",
        ),
        kind="permission-denied",
    )
