"""One proposer, and how they are reached as far as the actor may know."""

import json

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.queries.visibility import view_of, visible, visible_handled
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import KEPT_BACK, View, later
from app.core.rules.permissions import Actor, Permission
from app.core.types import Conditions, Given, Values
from app.models import Person, Proposal, Proposer, SealedValue
from app.register.searching.queries.finding import by_words

HANDLING_OFFICES = ("phone", "email", "unit")
"""What the offices that handle a person's proposals may know; the rest is for the register."""

REGISTER = (*HANDLING_OFFICES, "address", "member_number")
"""What the register may know besides what everybody sees."""


def contact_of(session: Session, seal: str | None) -> dict[str, str]:
    """Return the phone, email and address that *seal* stands for, as far as there are any."""
    if seal is None:
        return {}
    text = session.scalar(sa.select(SealedValue.value).where(SealedValue.seal == seal))
    known: dict[str, str] = json.loads(text) if text else {}
    return known


ONE = aliased(Person)
STANDING = sa.func.coalesce(Person.merged_into_id, Person.id)
"""The number of the person as who a record stands: its own, unless it was merged."""


def theirs() -> sa.Select:
    """Return the SELECT of the proposals behind which a person stands, entered twice or not."""
    proposed = sa.select(Proposal.id).join(Proposer, Proposer.proposal_id == Proposal.id)
    same = sa.or_(ONE.id == STANDING, ONE.merged_into_id == STANDING)
    by_them = proposed.join(ONE, ONE.id == Proposer.person_id).where(same)
    return by_them.where(Proposer.withdrawn_at.is_(None))


def seen_persons(statement: sa.Select, actor: Actor) -> sa.Select:
    """Leave in *statement* only persons behind whom *actor* sees a proposal.

    Who stands behind none yet is for the staff.
    """
    behind: sa.ColumnElement[bool] = sa.exists(visible(theirs(), actor, Proposal).correlate(Person))
    if actor.may(Permission.SEE_INTERNAL):
        behind = sa.or_(behind, ~sa.exists(theirs().correlate(Person)))
    return statement.where(behind)


def record(session: Session, actor: Actor, person: str) -> Person | None:
    """Return the record with the slug *person*, for a change, when *actor* may see it."""
    return session.scalar(seen_persons(sa.select(Person).where(Person.slug == person), actor))


def one(session: Session, actor: Actor, person: str) -> View | None:
    """Return the person with the slug *person*, with what *actor* may know of them, or None."""
    P = Person
    columns = (*later(P, "created_at", "member_key"), MERGED_INTO, VERSION)
    statement = seen_persons(sa.select(*columns).where(P.slug == person), actor)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    known = contact_of(session, row.contact_seal) if row.contact_seal else {}
    allowed = shown_to(session, actor, row.id) if known else ()
    contact: Values = dict.fromkeys(REGISTER)
    contact |= {name: known.get(name) for name in allowed}
    return View.of(row, **contact)


def shown_to(session: Session, actor: Actor, person_id: int) -> tuple[str, ...]:
    """Return which fields of a person's contact data *actor* may know."""
    if actor.may(Permission.SEE_CONTACTS):
        return REGISTER
    if not view_of(actor).own:
        return ()
    handled = visible_handled(visible(theirs(), actor, Proposal), actor)
    statement = sa.select(Person.id).where(Person.id == person_id)
    if session.scalar(statement.where(sa.exists(handled.correlate(Person)))) is None:
        return ()
    return HANDLING_OFFICES


def behind(rows: sa.Select) -> sa.Select:
    """Return the SELECT of the persons behind the proposals *rows*, each as who they stand."""
    as_whom = sa.func.coalesce(ONE.merged_into_id, ONE.id)
    own = sa.select(as_whom).join(Proposer, Proposer.person_id == ONE.id)
    return own.where(Proposer.proposal_id.in_(rows), Proposer.withdrawn_at.is_(None))


MERGED_INTO = (
    sa.select(ONE.slug)
    .where(ONE.id == Person.merged_into_id)
    .correlate(Person)
    .scalar_subquery()
    .label("merged_into")
)
"""The slug of the person that one was merged into: whoever sees the one sees the other."""

ORDERS = by_change(Person)
CONDITIONS: Conditions = {
    "body_id": among(Person.body_id),
    "capacity": among(Person.capacity),
    "updated_since": lambda value: Person.updated_at >= value,
    "q": by_words("person", Person.id),
    "asking": lambda rows: Person.id.in_(behind(rows)),
}
"""Filter → the condition on a person, given its value."""


def persons(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the persons that *filters* name: *actor* sees a proposal of theirs."""
    columns = later(Person, "contact_seal", "member_key", *KEPT_BACK)
    statement = sa.select(*columns, MERGED_INTO, VERSION)
    return seen_persons(statement, actor).where(*asked(CONDITIONS, filters))


def person_ids(session: Session, actor: Actor, slug: str) -> list[int]:
    """Return the ids of the person *slug*, under each that was merged; none: *actor* sees none."""
    known = record(session, actor, slug)
    return (
        [] if known is None else [one.id for one in group_of(session, stands_for(session, known))]
    )


def stands_for(session: Session, person: Person) -> Person:
    """Return the record as which *person* stands: itself, unless it was merged into another."""
    into = person.merged_into_id
    return person if into is None else session.get_one(Person, into)


def group_of(session: Session, person: Person) -> list[Person]:
    """Return *person*, and after it those that were merged into it."""
    merged = sa.select(Person).where(Person.merged_into_id == person.id).order_by(Person.id)
    return [person, *session.scalars(merged)]


def called(session: Session, actor: Actor, name: str) -> str | None:
    """Return the slug of a person with this *name* whom *actor* may see, or None."""
    own = sa.select(Person.slug).where(Person.name == name, Person.merged_into_id.is_(None))
    return session.scalar(seen_persons(own.order_by(Person.id).limit(1), actor))


def person_named(session: Session, slug: str) -> Person | None:
    """Return the person *slug*, whether they proposed anything or not."""
    return session.scalar(sa.select(Person).where(Person.slug == slug))
