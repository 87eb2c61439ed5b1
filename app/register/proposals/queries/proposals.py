"""Proposals: their list, single ones, and what only these show."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.queries.visibility import given, view_of, visible
from app.audit.queries.hanging_rows import OF_PROPOSAL
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import Order
from app.core.queries.rows import View, as_text, expanded, later
from app.core.rules.permissions import HELD, Actor, Permission
from app.core.types import Condition, Conditions, Given, Row
from app.deadlines.rules.categories import NONE, slug_of
from app.models import (
    Cosignature,
    Proposal,
    Recommendation,
    RecommendationOffice,
    Task,
)
from app.register.documents import queries as documents
from app.register.people.queries import sittings
from app.register.periods.queries.standing import (
    as_then,
    conditions_then,
    shown_as,
    state_then,
)
from app.register.proposals.queries.marks import marked, marks_of
from app.register.proposals.queries.proposers import proposers, proposers_by_id
from app.register.recommendations.queries import lateness
from app.register.recommendations.queries.recommendation_conditions import proposer_is
from app.register.recommendations.queries.recommendation_details import passages_of
from app.register.searching.queries.finding import by_words

INTO = aliased(Proposal, name="survivor")
IS_KEY = sa.func.coalesce(Proposal.is_key, sa.false()).label("is_key")
PROPOSAL = (
    Proposal.id,
    Proposal.reference,
    Proposal.case_no,
    Proposal.kind,
    Proposal.source_kind,
    Proposal.title,
    Proposal.title_is_printed,
    Proposal.document_id,
    Proposal.session_id,
    Proposal.handling_state,
    IS_KEY,
    Proposal.publication,
    Proposal.note,
    Proposal.version,
    Proposal.created_at,
    Proposal.updated_at,
)

DECIDED = (
    Proposal.profile,
    Proposal.not_filed_reason,
    Proposal.merged_into_id,
    Proposal.supervisor_id,
    Proposal.cosign_until,
)
"""What only one proposal by itself shows."""

LATER = later(Proposal, *PROPOSAL, *DECIDED, *lateness.KEPT)

REFERRED = (
    Proposal.id,
    Proposal.reference,
    Proposal.title,
    Proposal.kind,
    Proposal.document_id,
)
"""A proposal in short."""


def due_of(actor: Actor) -> lateness.NextDue:
    """Return when proposals are next due, as *actor* sees it."""
    return lateness.next_due(Proposal, view_of(actor), Proposal.id)


def orders(actor: Actor) -> dict[str, Order]:
    """Return the orders that a list of what *actor* sees can have."""
    return lateness.orders(due_of(actor), Proposal)


def in_category(name: str) -> Condition:
    """Return the condition that a proposal is in the category *name*, or in none of a scheme."""
    known = sa.type_coerce(Proposal.categories, sa.Text)
    scheme, _, code = name.rpartition(":")
    if code != NONE:
        return known.contains(f'"{name}"', autoescape=True)
    if not scheme:
        return known.is_(None)
    return sa.or_(known.is_(None), ~known.contains(f'"{slug_of(scheme)}@', autoescape=True))


CONDITIONS: Conditions = {
    "categories": lambda names: sa.or_(*map(in_category, names)),
    "mark": lambda kinds: Proposal.id.in_(marked(kinds)),
    "is_key": lambda value: value == IS_KEY,
    "kind": among(Proposal.kind),
    "source_kind": among(Proposal.source_kind),
    "handling_state": among(Proposal.handling_state),
    "reference": among(Proposal.reference),
    "case_no": among(Proposal.case_key),
    "document_id": among(Proposal.document_id),
    "session_id": among(Proposal.session_id),
    "supervisor_id": among(Proposal.supervisor_id),
    "merged_into_id": among(Proposal.merged_into_id),
    "organization_id": lambda value: proposer_is(),
    "updated_since": lambda value: Proposal.updated_at >= value,
    "q": by_words("proposal", Proposal.id),
    "asking": lambda rows: Proposal.id.in_(rows),
    "counted": lambda conditions: sa.and_(*conditions),
    **conditions_then("proposal", "handling", Proposal.id),
}
"""Filter → the condition on a proposal, given its value."""


STATE_THEN = state_then("proposal", "handling", Proposal.id)
UNTOLD = frozenset({"due_after", "due_before", "office", "overdue"})
"""Filters on what no period keeps."""


def proposals(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the proposals that *filters* name and *actor* may see."""
    due = due_of(actor)
    shown = shown_as([*PROPOSAL, *LATER, *due.shown(), VERSION], filters, handling_state=STATE_THEN)
    statement = visible(sa.select(*as_text(shown)), actor, Proposal)
    statement = statement.where(
        *asked(CONDITIONS, as_then(filters, handling_state="state_then")),
        *lateness.late(due, filters),
    )
    if "office_id" in filters:
        handled = (handled_by(actor, office) for office in filters["office_id"])
        statement = statement.where(sa.or_(*handled))
    return statement


def handled_by(actor: Actor, office: int) -> Any:
    """Return the condition that *office* was given a proposal, or has a part in it.

    What was merged into one that it handles is handled with it; nothing is told by one that
    *actor* does not see.
    """
    R, J = Recommendation, RecommendationOffice
    leads = (R.lead_office_id == office, R.lead_status.in_(HELD))
    joins = (J.office_id == office, J.withdrawn_at.is_(None))
    beside = sa.select(R.proposal_id).join(J, J.recommendation_id == R.id)
    handled = sa.union(
        given(office), sa.select(R.proposal_id).where(*leads), beside.where(*joins)
    ).subquery()
    numbers = sa.select(handled.c.proposal_id)
    seen = visible(sa.select(INTO.id).where(INTO.id.in_(numbers)), actor, INTO)
    return sa.or_(Proposal.id.in_(numbers), Proposal.merged_into_id.in_(seen))


def with_parts(
    session: Session, actor: Actor, rows: Sequence[Row], expand: Sequence[str] = ()
) -> list[View]:
    """Return proposal rows with their documents, sessions, proposers and counts.

    *expand* may name their ``passages``, and the ``recommendations`` of them that *actor* may see.
    """
    ids = [row.id for row in rows]
    by_id = sittings.sittings_by_id(session, {row.session_id for row in rows})
    sources = documents.documents_by_id(session, {row.document_id for row in rows})
    more: dict[str, dict[int, list[Row]]] = {}
    if "passages" in expand:
        more["passages"] = passages_of(session, "proposal_id", ids)
    if "recommendations" in expand:
        more["recommendations"] = asked_in_each(session, actor, ids)
    return expanded(
        rows,
        document={row.id: sources.get(row.document_id) for row in rows},
        session={row.id: by_id.get(row.session_id) for row in rows},
        proposers={number: [] for number in ids} | proposers(session, ids),
        recommendation_count=dict.fromkeys(ids, 0) | counts(session, actor, ids),
        marks=marks_of(session, actor, ids),
        **more,
    )


def counts(session: Session, actor: Actor, proposal_ids: list[int]) -> dict[int, int]:
    """Return how many recommendations that *actor* may see each proposal has."""
    R = Recommendation
    statement = sa.select(R.proposal_id, sa.func.count()).where(R.proposal_id.in_(proposal_ids))
    rows = session.execute(visible(statement, actor, R).group_by(R.proposal_id))
    return {row[0]: row[1] for row in rows}


def proposal(session: Session, actor: Actor, proposal_id: int) -> View | None:
    """Return one proposal with its words and its recommendations, or None."""
    columns = (*PROPOSAL, *LATER, *due_of(actor).shown(), *DECIDED, VERSION)
    statement = visible(sa.select(*columns).where(Proposal.id == proposal_id), actor, Proposal)
    rows = list(session.execute(statement, {"viewer_office": actor.office_id}))
    if not rows:
        return None
    found = with_parts(session, actor, rows)[0]
    own = sa.select(*REFERRED).where(Proposal.merged_into_id == proposal_id).order_by(Proposal.id)
    inside = actor.may(Permission.SEE_INTERNAL)
    waiting = sa.select(Task).where(Task.proposal_id == proposal_id, OF_PROPOSAL)
    return found.having(
        passages=passages_of(session, "proposal_id", [proposal_id])[proposal_id],
        recommendations=asked_in_each(session, actor, [proposal_id])[proposal_id],
        merged_into=in_short(session, actor, found.merged_into_id),
        cosignatures=cosignatures(session, proposal_id) if inside else None,
        tasks=list(session.scalars(waiting.order_by(Task.id))),
        merged=list(session.execute(visible(own, actor, Proposal))),
    )


def asked_in_each(session: Session, actor: Actor, ids: list[int]) -> dict[int, list[Row]]:
    """Return the recommendations of proposals that *actor* may see in short, in order."""
    R = Recommendation
    shown = (R.proposal_id, R.id, R.reference, R.summary_zh, R.progress)
    rows = sa.select(*shown).where(R.proposal_id.in_(ids)).order_by(R.proposal_id, R.number)
    found: dict[int, list[Row]] = {number: [] for number in ids}
    for row in session.execute(visible(rows, actor, R)):
        found[row.proposal_id].append(row)
    return found


def in_short(session: Session, actor: Actor, proposal_id: int | None) -> Any:
    """Return a proposal in short when *actor* may see it, or None."""
    if proposal_id is None:
        return None
    own = sa.select(*REFERRED).where(Proposal.id == proposal_id)
    return session.execute(visible(own, actor, Proposal)).one_or_none()


def cosignatures(session: Session, proposal_id: int) -> list[View]:
    """Return who said whether they sign a proposal, with their names."""
    rows = sa.select(Cosignature).where(Cosignature.proposal_id == proposal_id)
    found = list(session.scalars(rows.order_by(Cosignature.id)))
    known = proposers_by_id(session, [row.proposer_id for row in found])
    return [
        View(
            proposer=known[row.proposer_id],
            agrees=row.agrees,
            on=row.on,
            paper=row.paper,
            sequence=row.sequence,
        )
        for row in found
    ]


def record(session: Session, actor: Actor, proposal_id: int) -> Proposal | None:
    """Return the record itself, for a change, when *actor* may see it."""
    statement = sa.select(Proposal).where(Proposal.id == proposal_id)
    return session.scalar(visible(statement, actor, Proposal))


def by_reference(session: Session, actor: Actor, reference: str) -> Proposal | None:
    """Return the record called *reference* when *actor* may see it."""
    statement = sa.select(Proposal).where(Proposal.reference == reference)
    return session.scalar(visible(statement, actor, Proposal))
