"""In which body, capacity and term a person sits, beside what they propose and at which session."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.core.codes import Capacity, ProposalKind, SessionKind
from app.core.errors import Sentence
from app.models import Organization, Person, Sitting

PROPOSED_BY: Mapping[ProposalKind, Capacity] = {
    ProposalKind.CPPCC_PROPOSAL: Capacity.CPPCC_MEMBER,
    ProposalKind.NPC_BILL: Capacity.NPC_DEPUTY,
    ProposalKind.NPC_SUGGESTION: Capacity.NPC_DEPUTY,
}
"""Kind → the capacity in which it is proposed; the others are open to both."""


def why_a_stranger(
    session: Session, person: Person, kind: ProposalKind, sitting: Sitting
) -> Sentence | None:
    """Return why it must be asked whether *person* proposes a *kind* at *sitting*; None: they may.

    What the register does not know, such as the terms of most, asks nothing.
    """
    capacity, needed = Capacity(person.capacity), PROPOSED_BY.get(kind)
    if needed is not None and capacity is not needed:
        return (
            f"{person.slug} 是{capacity.zh}，而{kind.zh}由{needed.zh}提出",
            f"{person.slug} is a {capacity.en}; a {kind.en} is made by a {needed.en}",
        )
    if not sits_there(session, person, sitting):
        own = session.get_one(Organization, person.body_id)
        return (
            f"{person.slug} 属{own.name_zh}，不属本次会议的机构",
            f"{person.slug} sits in {own.slug}, not in the body of this session",
        )
    if person.terms and sitting.term is not None and sitting.term not in person.terms:
        known = ", ".join(map(str, person.terms))
        return (
            f"{person.slug} 登记的届次是 {known}，会议是第 {sitting.term} 届",
            f"{person.slug} sits in term {known}; this session is of term {sitting.term}",
        )
    return None


def sits_there(session: Session, person: Person, sitting: Sitting) -> bool:
    """Return whether *person* sits in the body of *sitting*; two sessions are of both bodies."""
    if person.body_id == sitting.body_id:
        return True
    if sitting.kind != SessionKind.TWO_SESSIONS:
        return False
    bodies = (person.body_id, sitting.body_id)
    own, other = (session.get_one(Organization, number) for number in bodies)
    return own.region_code == other.region_code
