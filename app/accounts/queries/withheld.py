"""What is withheld, from whom: the same condition for lists, details, histories and files.

The office whose words they are and the staff go on seeing them, and are told that they are
withheld; everyone else sees nothing of them.
"""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import INTERNAL, VIEWER, ActorView, Office, view_of
from app.audit.queries.events import SHOWN_NAME
from app.core.codes import WithheldKind
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.types import Condition, Expression
from app.models import Event, SealedValue, Withholding

W = Withholding.metadata.tables["withholdings"].alias("withheld").c


def of_another(office: Office) -> Condition:
    """Return the condition that the words are not those of *office*."""
    return sa.or_(W.office_id.is_(None), W.office_id != office)


def hiding(view: ActorView, office: Office, *own: Condition) -> list[Condition]:
    """Return the conditions under which no withholding that is *own* hides a row from *view*.

    None for the staff. *office* is the viewer's.
    """
    if INTERNAL in view.whole:
        return []
    of_others = [of_another(office)] if view.own else []
    return [~sa.exists().where(*own, W.released_at.is_(None), *of_others)]


def shown_in(
    view: ActorView, kind: WithheldKind, target: Expression, office: Office = VIEWER
) -> list[Condition]:
    """Return the conditions under which *view* shows what has the number *target*."""
    return hiding(view, office, W.kind == kind, W.target_id == target)


def shown_to(actor: Actor, kind: WithheldKind, target: Expression) -> Condition:
    """Return the condition that what has the number *target* is not withheld from *actor*."""
    return sa.and_(sa.true(), *shown_in(view_of(actor), kind, target, actor.office_id))


def nobody_withholds(kind: WithheldKind, target: Expression) -> Condition:
    """Return the condition that what has the number *target* is public as far as that goes."""
    return ~sa.exists().where(W.kind == kind, W.target_id == target, W.released_at.is_(None))


def hidden_from(
    session: Session, actor: Actor, kind: WithheldKind, ids: Collection[int]
) -> frozenset[int]:
    """Return those of *ids* that are withheld from *actor*."""
    view = view_of(actor)
    if not ids or INTERNAL in view.whole:
        return frozenset()
    rows = sa.select(W.target_id).where(
        W.kind == kind, W.target_id.in_(sorted(ids)), W.released_at.is_(None)
    )
    if view.own:
        rows = rows.where(of_another(actor.office_id))
    return frozenset(session.scalars(rows))


def withholdings_of(
    session: Session, actor: Actor, kind: WithheldKind, ids: Collection[int]
) -> dict[int, View]:
    """Return how those of *ids* are withheld that are, by id, as far as *actor* is told.

    Whoever is neither of the staff nor of an office is told of none, and nothing is asked.
    """
    view = view_of(actor)
    if not ids or not (view.own or INTERNAL in view.whole):
        return {}
    columns = (Withholding.id, Withholding.target_id, Withholding.reason, Withholding.created_at)
    rows = (
        sa.select(*columns, SHOWN_NAME.label("withheld_by"))
        .join(Event, Event.sequence == Withholding.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
        .where(
            Withholding.kind == kind,
            Withholding.target_id.in_(sorted(ids)),
            Withholding.released_at.is_(None),
        )
    )
    if INTERNAL not in view.whole:
        rows = rows.where(Withholding.office_id == actor.office_id)
    return {row.target_id: View.of(row) for row in session.execute(rows)}


def marked(session: Session, actor: Actor, kind: WithheldKind, rows: Sequence[View]) -> list[View]:
    """Return *rows* of records of *kind*, each with how it is `withheld`: None, it is not."""
    found = withholdings_of(session, actor, kind, {row.id for row in rows})
    return [row.having(withheld=found.get(row.id)) for row in rows]


def hidden_notes(session: Session, actor: Actor, among: Condition) -> frozenset[int]:
    """Return the events whose words are withheld from *actor*, by sequence; *among* says of which.

    That is a condition on ``withheld``, such as about_proposals().
    """
    view = view_of(actor)
    if INTERNAL in view.whole:
        return frozenset()
    rows = sa.select(W.told_in).where(among, W.told_in.is_not(None), W.released_at.is_(None))
    if view.own:
        rows = rows.where(of_another(actor.office_id))
    return frozenset(session.scalars(rows))


def about_proposals(proposals: Iterable[int]) -> Condition:
    """Return the condition on ``withheld`` that it is about one of *proposals*."""
    return W.proposal_id.in_(sorted(proposals))


def told_in(sequences: Iterable[int]) -> Condition:
    """Return the condition on ``withheld`` that one of the events *sequences* told of it."""
    return W.told_in.in_(sorted(sequences))


def withholdings_about(
    session: Session, actor: Actor, proposals: Iterable[int], recommendation_id: int | None
) -> dict[int, int | None]:
    """Return the offices of what was withheld about *proposals*, by the number of the withholding.

    Those that *actor* is told of; with a recommendation, not those about another one.
    """
    view = view_of(actor)
    if not (view.own or INTERNAL in view.whole):
        return {}
    columns = (Withholding.id, Withholding.office_id)
    rows = sa.select(*columns).where(Withholding.proposal_id.in_(sorted(proposals)))
    if recommendation_id is not None:
        about = Withholding.recommendation_id
        rows = rows.where(sa.or_(about.is_(None), about == recommendation_id))
    if INTERNAL not in view.whole:
        rows = rows.where(Withholding.office_id == actor.office_id)
    return {row.id: row.office_id for row in session.execute(rows)}
