"""What registrars say of how recommendations relate to those of other cases."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.codes import LineageKind, Progress
from app.core.errors import InvalidChange
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.models import Lineage, Recommendation
from app.register.recommendations.services.recommendation_relations import (
    begin_relation,
    end_relation,
)


@dataclass(frozen=True)
class Relation:
    """That a recommendation stands in relation to *other*, or does not, and why it is said."""

    kind: LineageKind
    other: Recommendation
    stands: bool
    reason: str


def relate(actor: Actor, record: Recommendation, said: Relation, session: Session) -> None:
    """Let *record* stand in relation to another, or no more, as is *said*.

    Raises PermissionDenied, InvalidChange for a relation to itself, one that stands the other way
    round, one that is not there, or one that a step made.
    """
    require(actor, Permission.EDIT)
    if said.other is record:
        message = ("不能与自身建立关系", "a recommendation has no relation to itself")
        raise InvalidChange(fields={"other": message})
    if said.stands:
        check_direction(session, record, said)
        begin_relation(session, actor, record, said.kind, said.other, said.reason)
        return
    standing = session.get(Lineage, (record.id, said.kind, said.other.id))
    if standing is None or standing.withdrawn_sequence is not None:
        message = ("没有这样的关系", "there is no such relation")
        raise InvalidChange(fields={"other": message})
    check_made_here(said)
    end_relation(session, actor, standing, said.reason)


def check_direction(session: Session, record: Recommendation, said: Relation) -> None:
    """Raise InvalidChange where the other one stands in the same relation to *record*."""
    back = session.get(Lineage, (said.other.id, said.kind, record.id))
    if back is not None and back.withdrawn_sequence is None:
        message = ("已有方向相反的同类关系", "the same relation stands the other way round")
        raise InvalidChange(fields={"other": message})


def check_made_here(said: Relation) -> None:
    """Raise InvalidChange for a succession that a step of the other one made: a step ends it."""
    if said.kind is LineageKind.SUPERSEDES and said.other.progress == Progress.SUPERSEDED:
        message = (
            "对方的进展为“已被取代”，请先改变其进展",
            "its progress is superseded; a step of it ends that",
        )
        raise InvalidChange(fields={"other": message})
