"""What a view is given and gives back: the call, and the answer to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import utcnow
from app.core.config import Settings
from app.core.errors import NotFound
from app.core.rules.permissions import Actor
from app.core.types import Given, Values
from app.deadlines.rules.rulebook import RuleBook
from app.http.context import RequestContext, Upload
from app.register.people.queries.reference_data import ReferenceData, ReferenceDataCache


@dataclass
class Call:
    """One call of an operation: its session, its actor, and what the process knows."""

    session: Session
    actor: Actor
    cache: ReferenceDataCache
    settings: Settings
    request: RequestContext

    @property
    def path(self) -> Given:
        """Return the parts of the path, by name."""
        return self.request.path

    @property
    def upload(self) -> Upload:
        """Return the file that came in; there is one where the operation takes one."""
        if self.request.upload is None:
            raise LookupError("this operation takes no file")
        return self.request.upload

    def vocabulary(self, version: int | None = None) -> ReferenceData:
        """Return the vocabulary, at *version* when a row said which."""
        return self.cache.at(self.session, version)

    @cached_property
    def book(self) -> RuleBook:
        """Return what the papers say at this moment, looked up once in a call."""
        return self.cache.fresh(self.session).book

    def today(self) -> date:
        """Return the day it is where due dates are counted."""
        return utcnow().astimezone(self.settings.zone).date()

    def now(self) -> datetime:
        """Return the present moment."""
        return utcnow()


@dataclass
class Answer:
    """What a view gives back when it is more than a body.

    That of one record has its *version*, which with all that is shown makes the entity tag; that of
    a list has the *state* of the register in which its rows were read. A *secret* one is kept
    nowhere. Of the items of a list only *fields* are shown, where any are named. With a *page* the
    answer is that page for people, made of what the JSON would be written of.
    """

    content: Any
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    vocabulary: ReferenceData | None = None
    secret: bool = False
    state: str | None = None
    fields: Sequence[str] = ()
    page: Callable[[Values], str] | None = None


@dataclass
class Asked:
    """What a view gives back when it did nothing yet: someone else must approve it."""

    approval: Any


def found_or_404(record: object) -> Any:
    """Return *record*; raise NotFound when there is none."""
    if record is None:
        raise NotFound
    return record
