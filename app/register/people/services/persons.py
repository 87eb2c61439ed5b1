"""How proposers are reached: kept sealed, corrected by registrars, erased on request."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services.approved import unchanged
from app.audit.services.recorder import created, record_event
from app.audit.services.sealed_values import erase, seal, sealed
from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.core.errors import AlreadyExists
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given
from app.models import Approval, Person
from app.register.people.queries.persons import contact_of


def add_person(session: Session, actor: Actor, values: Given, body: int) -> Person:
    """Add someone who may propose, a member of the *body*; *values*: slug, name and capacity.

    Raises PermissionDenied, AlreadyExists for a slug in use.
    """
    require(actor, Permission.EDIT_PERSON)
    if session.scalar(select(Person.id).where(Person.slug == values["slug"])) is not None:
        raise AlreadyExists(what="person", what_zh="人员", value=values["slug"])
    names = ("slug", "name", "capacity")
    made = Person(**{name: str(values[name]) for name in names}, body_id=body)
    changes = {name: (None, getattr(made, name)) for name in names}
    created(session, actor, made, changes)
    return made


def edit_person(session: Session, actor: Actor, person: Person, values: Given) -> None:
    """Change ``phone``, ``email`` or ``address`` of *person*; *values* may hold a ``note``.

    Raises PermissionDenied. Nothing happens when nothing differs.
    """
    require(actor, Permission.EDIT_PERSON)
    before = contact_of(session, person.contact_seal)
    after = before | {name: value for name, value in values.items() if name != "note"}
    after = {name: value for name, value in after.items() if value is not None}
    if after == before:
        return
    old = person.contact_seal
    mark = seal(session, "person", person.id, canonical_json(after)).seal if after else None
    session.flush()
    person.contact_seal = mark
    record_event(
        session,
        actor,
        person,
        "person.edited",
        {"contact": (sealed(old), sealed(mark))},
        note=values.get("note"),
    )
    session.flush()


def erase_person(session: Session, actor: Actor, person: Person, note: str | None) -> None:
    """Take away how *person* is reached, now and in the past; what was printed stays.

    The events of it stay, and the chain stays whole: they hold only seals. Raises
    PermissionDenied.
    """
    require(actor, Permission.ERASE)
    at = utcnow()
    number = erase(session, "person", person.id, at)
    session.flush()
    old, person.contact_seal, person.erased_at = person.contact_seal, None, at
    record_event(
        session,
        actor,
        person,
        "person.erased",
        {"contact": (sealed(old), None), "values": (number, 0)},
        note=note,
        at=at,
    )
    session.flush()


def erase_approved_person(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Erase a proposer's personal data."""
    record = unchanged(session.get_one(Person, approval.record_id), approval)
    erase_person(session, actor, record, approval.reason)
    return []
