"""Those who propose: entered, corrected, and erased on request; what is personal is kept sealed."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.services.approved import unchanged
from app.accounts.services.principals import forget_answers
from app.audit.services.recorder import created, record_event
from app.audit.services.sealed_values import erase, seal, sealed
from app.core.canonical_json import as_json, canonical_json
from app.core.clock import utcnow
from app.core.errors import AlreadyExists, InvalidChange, NotNow, Sentence
from app.core.rules.folding import folded
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, NewChanges
from app.models import Approval, Person, SealedValue
from app.register.people.queries.persons import contact_of, group_of, stands_for
from app.register.people.rules import SEALED, are_told_apart, index_of

NEW = 0
"""Whom a seal is of until the record has its number."""

COLUMNS = ("name", "terms")
"""What of a person may be corrected and is told with its values; the slug never changes."""


def add_person(session: Session, actor: Actor, values: Given, body: int) -> Person:
    """Add someone who may propose, a member of the *body*.

    *values*: slug, name, capacity, ``terms``, any of SEALED, a ``note``, and ``is_namesake`` for
    another of the same name. Raises PermissionDenied, AlreadyExists for a slug or a member number
    in use, or a person of the same name whom nothing tells apart.
    """
    require(actor, Permission.EDIT_PERSON)
    if session.scalar(select(Person.id).where(Person.slug == values["slug"])) is not None:
        raise AlreadyExists(what="person", what_zh="人员", value=values["slug"])
    first = {name: values[name] for name in ("slug", "name", "capacity")}
    first |= {"terms": values["terms"]} if values.get("terms") else {}
    made, known = Person(**first, body_id=body), after({}, values)
    check_person(session, made, known, values)
    changes: NewChanges = {name: (None, as_json(getattr(made, name))) for name in first}
    changes |= keep(session, made, known) if known else {}
    created(session, actor, made, changes, values.get("note"))
    own = update(SealedValue).where(SealedValue.seal == made.contact_seal)
    session.execute(own.values(subject_id=made.id))
    return made


def edit_person(session: Session, actor: Actor, person: Person, values: Given) -> None:
    """Correct COLUMNS and SEALED of *person*; *values* may hold a ``note`` and ``is_namesake``.

    The name of before stays in the history, and in what was proposed under it. Raises
    PermissionDenied, NotNow for one that was merged, AlreadyExists as add_person() does. Nothing
    happens when nothing differs.
    """
    require(actor, Permission.EDIT_PERSON)
    check_stands(session, person)
    before = contact_of(session, person.contact_seal)
    known = after(before, values)
    wanted = {name: values[name] or None for name in COLUMNS if name in values}
    wanted = {name: value for name, value in wanted.items() if value != getattr(person, name)}
    if known == before and not wanted:
        return
    names = {"name": wanted.get("name", person.name)}
    check_person(session, Person(id=person.id, body_id=person.body_id, **names), known, values)
    changes: NewChanges = {
        name: (as_json(getattr(person, name)), as_json(value)) for name, value in wanted.items()
    }
    changes |= keep(session, person, known) if known != before else {}
    for name, value in wanted.items():
        setattr(person, name, value)
    record_event(session, actor, person, "person.edited", changes, note=values.get("note"))
    session.flush()


def after(before: Mapping[str, str], values: Given) -> dict[str, str]:
    """Return what is known of a person once it was *before* and *values* are set; null: nothing."""
    known = {**before, **{name: values[name] for name in SEALED if name in values}}
    return {name: value for name, value in known.items() if value is not None}


def keep(session: Session, person: Person, known: Mapping[str, str]) -> NewChanges:
    """Seal what is *known* of *person*, with its index, and return what an event tells of it."""
    old = person.contact_seal
    text = canonical_json(known)
    mark = seal(session, "person", person.id or NEW, text).seal if known else None
    session.flush()
    person.contact_seal = mark
    for name, value in index_of(known, person.merged_into_id is not None).items():
        setattr(person, name, value)
    return {"contact": (sealed(old), sealed(mark))}


# -- what must not be twice ----------------------------------------------------------------------


def check_stands(session: Session, person: Person) -> None:
    """Raise NotNow when *person* was merged into another, which is named."""
    other = stands_for(session, person)
    if other is not person:
        state = (f"已并入 {other.slug}", f"merged into {other.slug}")
        raise NotNow.of(("这一人员", "the person"), state, ("更正或再并入", "correct or merge it"))


def check_person(session: Session, wanted: Person, known: Mapping[str, str], values: Given) -> None:
    """Raise AlreadyExists where a *wanted* person would be another one; it is named.

    *known* is what will be known of them. ``is_namesake`` among *values* says that it is another
    of the same name. Names and numbers are one whatever their width, case and blanks.
    """
    number = known.get("member_number")
    if number is not None:
        same = select(Person.slug).where(
            Person.body_id == wanted.body_id,
            Person.member_key == folded(number),
            Person.id != (wanted.id or 0),
        )
        with session.no_autoflush:
            other = session.scalar(same)
        if other is not None:
            value = f"{number} ({other})"
            raise AlreadyExists(what="person with the number", what_zh="编号的人员", value=value)
    if "name" in values and not values.get("is_namesake"):
        check_namesakes(session, wanted, known)


def check_namesakes(session: Session, wanted: Person, known: Mapping[str, str]) -> None:
    """Raise AlreadyExists for a person called as the *wanted* one whom nothing tells apart."""
    for other in namesakes(session, wanted):
        if not are_told_apart(known, contact_of(session, other.contact_seal)):
            raise AlreadyExists(
                what="person of this name (send is_namesake where it is another one):",
                what_zh="姓名的人员（确系同名的另一人，请填 is_namesake）",
                value=f"{wanted.name} ({other.slug})",
            )


def namesakes(session: Session, wanted: Person) -> Iterator[Person]:
    """Yield who stands in the body of *wanted* under the same name."""
    rows = select(Person).where(
        Person.body_id == wanted.body_id,
        Person.merged_into_id.is_(None),
        Person.id != (wanted.id or 0),
    )
    with session.no_autoflush:
        known = session.scalars(rows.order_by(Person.id)).all()
    yield from (one for one in known if folded(one.name) == folded(wanted.name))


# -- entered twice -------------------------------------------------------------------------------


def merge_person(session: Session, actor: Actor, person: Person, into: Person, reason: str) -> None:
    """Let *person*, who was entered twice, be *into*: what either proposed is that one's.

    No row of what they proposed is rewritten. What is known of *person* alone is known of *into*
    from now on; who was merged into *person* before is merged into that one. Raises
    PermissionDenied, NotNow for one that was merged, InvalidChange for another that cannot be.
    """
    require(actor, Permission.EDIT_PERSON)
    check_stands(session, person)
    wrong = why_not_into(session, person, into)
    if wrong:
        raise InvalidChange(fields={"into": wrong})
    own = contact_of(session, person.contact_seal)
    for one in (*group_of(session, person)[1:], person):
        former = None if one is person else person.slug
        one.merged_into_id, one.member_key = into.id, None
        change = {"merged_into": (former, into.slug)}
        record_event(session, actor, one, "person.merged", change, note=reason)
        session.flush()
    before = contact_of(session, into.contact_seal)
    known = {**own, **before}
    changes: NewChanges = {"joined": (None, person.slug)}
    changes |= keep(session, into, known) if known != before else {}
    record_event(session, actor, into, "person.joined", changes, note=reason)
    session.flush()


def why_not_into(session: Session, person: Person, into: Person) -> Sentence | None:
    """Return why *person* cannot be merged into *into*, or None."""
    if into.id == person.id:
        return ("不能并入自身", "nobody is merged into themselves")
    if into.body_id != person.body_id:
        return (
            "不是同一机构的人员：在两个机构任职的人，每个机构各有一条记录",
            "sits in another body: whoever sits in two has a record in each",
        )
    other = stands_for(session, into)
    if other is not into:
        return (
            f"它已并入 {other.slug}，请并入该人",
            f"was merged into {other.slug}: name that one",
        )
    return None


# -- erased --------------------------------------------------------------------------------------


def erase_person(session: Session, actor: Actor, person: Person, note: str | None) -> None:
    """Take away what is personal of *person*, now and in the past; what was printed stays.

    That of whoever was merged with them goes too. The events stay, and the chain stays whole: they
    hold only seals. Raises PermissionDenied.
    """
    require(actor, Permission.ERASE)
    for one in group_of(session, stands_for(session, person)):
        erase_record(session, actor, one, note)


def erase_record(session: Session, actor: Actor, person: Person, note: str | None) -> None:
    """Take away what is personal of one record of a person, kept answers too."""
    at = utcnow()
    forget_answers(session, person.slug)
    number = erase(session, "person", person.id, at)
    session.flush()
    old, person.contact_seal, person.erased_at = person.contact_seal, None, at
    for name, value in index_of({}, is_merged=False).items():
        setattr(person, name, value)
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
