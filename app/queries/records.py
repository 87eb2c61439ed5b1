"""Documents, sessions, persons, organizations and proposals: lists and single records."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import (
    Correction,
    Cosignature,
    Document,
    Organization,
    Person,
    Proposal,
    Proposer,
    Recommendation,
    Sitting,
    Stretch,
    Task,
)
from app.queries.parts import passages
from app.queries.persons import seen_persons
from app.queries.recommendations import proposer_is
from app.queries.replies import proposers_by_id
from app.queries.state import OF_PROPOSAL
from app.queries.visibility import visible, visible_texts
from app.queries.vocabulary import VERSION
from app.rules.permissions import Actor, Permission
from app.rules.vocabularies import Publication

DOCUMENT = (
    Document.id, Document.reference, Document.title, Document.subtitle, Document.kind,
    Document.level, Document.publisher, Document.session_id, Document.sha256,
    sa.func.length(Document.text).label("characters"), Document.date_as_printed,
    Document.earliest_on, Document.latest_on, Document.date_reason, Document.note,
    Document.version,
    sa.func.coalesce(Document.publication, Publication.PUBLISHED.value).label("publication"),
)  # fmt: skip

IS_KEY = sa.func.coalesce(Proposal.is_key, sa.false()).label("is_key")
PROPOSAL = (
    Proposal.id, Proposal.reference, Proposal.case_no, Proposal.kind, Proposal.source_kind,
    Proposal.title, Proposal.title_is_printed, Proposal.document_id, Proposal.session_id,
    Proposal.handling_state, IS_KEY, Proposal.publication, Proposal.note, Proposal.version,
    Proposal.created_at, Proposal.updated_at,
)  # fmt: skip


DECIDED = (
    Proposal.profile, Proposal.not_filed_reason, Proposal.merged_into_id, Proposal.supervisor_id,
    Proposal.cosign_until,
)  # fmt: skip
"""What only one proposal by itself shows."""

REFERRED = (
    Proposal.id, Proposal.reference, Proposal.title, Proposal.kind, Proposal.document_id,
)  # fmt: skip
"""A proposal in short."""


def expanded(rows: Sequence[Any], **parts: Mapping[int, Any]) -> list[SimpleNamespace]:
    """Return *rows* with further attributes: name → value by the row's id."""
    return [
        SimpleNamespace(
            **row._mapping, **{name: found.get(row.id) for name, found in parts.items()}
        )
        for row in rows
    ]


def documents(actor: Actor, filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the documents that *filters* name: ``session_id``, ``level``."""
    statement = visible_texts(sa.select(*DOCUMENT), actor)
    if "session_id" in filters:
        statement = statement.where(Document.session_id == filters["session_id"])
    if "level" in filters:
        statement = statement.where(Document.level == str(filters["level"]))
    return statement


def with_sessions(session: Session, rows: Sequence[Any]) -> list[SimpleNamespace]:
    """Return document rows with their sessions."""
    by_id = sittings_by_id(session, {row.session_id for row in rows})
    return expanded(rows, session={row.id: by_id.get(row.session_id) for row in rows})


def sittings_by_id(session: Session, ids: set[int | None]) -> dict[int, sa.Row]:
    """Return sessions in short, by id."""
    columns = (Sitting.id, Sitting.slug, Sitting.name_zh, Sitting.name_en)
    statement = sa.select(*columns).where(Sitting.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def document(session: Session, actor: Actor, document_id: int) -> SimpleNamespace | None:
    """Return one document with its corrections and stretches, or None."""
    statement = sa.select(*DOCUMENT).where(Document.id == document_id)
    rows = list(session.execute(visible_texts(statement, actor)))
    if not rows:
        return None
    found = with_sessions(session, rows)[0]
    found.corrections = standing(session, Correction, document_id)
    found.stretches = standing(session, Stretch, document_id)
    return found


def document_tag(session: Session, actor: Actor, document_id: int) -> tuple[int] | None:
    """Return what the entity tag of a document that *actor* sees is made of."""
    statement = sa.select(Document.version).where(Document.id == document_id)
    found = session.scalar(visible_texts(statement, actor))
    return None if found is None else (found,)


def standing(session: Session, model: type[Correction] | type[Stretch], owner: int) -> list[Any]:
    """Return the rows of *model* that hang on a document and were not withdrawn."""
    statement = sa.select(model).where(model.document_id == owner, model.withdrawn_at.is_(None))
    return list(session.scalars(statement.order_by(model.start, model.end)))


def document_text(session: Session, actor: Actor, document_id: int) -> sa.Row | None:
    """Return the text and the SHA-256 of a document that *actor* sees, or None."""
    statement = sa.select(Document.text, Document.sha256).where(Document.id == document_id)
    return session.execute(visible_texts(statement, actor)).one_or_none()


def sittings() -> sa.Select:
    """Return the SELECT of the sessions."""
    S = Sitting
    return sa.select(
        S.id, S.slug, S.kind, S.body_id, S.name_zh, S.name_en, S.term, S.meeting, S.starts_on,
        S.ends_on, S.note, VERSION,
    )  # fmt: skip


def session_id(session: Session, slug: str) -> int | None:
    """Return the id of the session *slug*, or None."""
    return session.scalar(sa.select(Sitting.id).where(Sitting.slug == slug))


def persons(actor: Actor, filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the persons that *filters* name and behind whom *actor* sees proposals.

    The filters are ``body_id`` and ``q``.
    """
    P = Person
    statement = sa.select(P.id, P.slug, P.name, P.capacity, P.body_id, VERSION)
    statement = seen_persons(statement, actor)
    if "body_id" in filters:
        statement = statement.where(P.body_id == filters["body_id"])
    if "q" in filters:
        statement = statement.where(
            sa.func.lower(P.name).contains(filters["q"].casefold(), autoescape=True)
        )
    return statement


def person_id(session: Session, actor: Actor, slug: str) -> int | None:
    """Return the id of the person *slug* when *actor* may see them, or None."""
    return session.scalar(seen_persons(sa.select(Person.id).where(Person.slug == slug), actor))


def organizations(filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the organizations that *filters* name."""
    O = Organization  # noqa: E741
    statement = sa.select(
        O.id, O.slug, O.kind, O.name_zh, O.name_en, O.aliases, O.region_code, O.is_office,
        O.parent_id, VERSION,
    )  # fmt: skip
    if "kind" in filters:
        statement = statement.where(O.kind == str(filters["kind"]))
    if "parent_id" in filters:
        statement = statement.where(O.parent_id == filters["parent_id"])
    if "is_office" in filters:
        statement = statement.where(O.is_office == filters["is_office"])
    if "q" in filters:
        words = filters["q"].casefold()
        statement = statement.where(O.search_text.contains(words, autoescape=True))
    return statement


def organization(session: Session, slug: str) -> Organization | None:
    """Return the organization *slug*, or None."""
    return session.scalar(sa.select(Organization).where(Organization.slug == slug))


def proposals(actor: Actor, filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the proposals that *filters* name and *actor* may see."""
    statement = visible(sa.select(*PROPOSAL), actor, Proposal)
    if "is_key" in filters:
        statement = statement.where(filters["is_key"] == IS_KEY)
    for name in ("kind", "source_kind", "handling_state"):
        if name in filters:
            statement = statement.where(getattr(Proposal, name) == str(filters[name]))
    if "document" in filters:
        statement = statement.where(Proposal.document_id == filters["document"])
    if "session_id" in filters:
        statement = statement.where(Proposal.session_id == filters["session_id"])
    if "organization_id" in filters:
        statement = statement.where(proposer_is())
    if "q" in filters:
        title = sa.func.lower(Proposal.title)
        statement = statement.where(title.contains(filters["q"].casefold(), autoescape=True))
    return statement


def with_parts(session: Session, actor: Actor, rows: Sequence[Any]) -> list[SimpleNamespace]:
    """Return proposal rows with their documents, sessions, proposers and counts."""
    ids = [row.id for row in rows]
    by_id = sittings_by_id(session, {row.session_id for row in rows})
    sources = documents_by_id(session, {row.document_id for row in rows})
    return expanded(
        rows,
        document={row.id: sources.get(row.document_id) for row in rows},
        session={row.id: by_id.get(row.session_id) for row in rows},
        proposers={number: [] for number in ids} | proposers(session, ids),
        recommendation_count=dict.fromkeys(ids, 0) | counts(session, actor, ids),
    )


def documents_by_id(session: Session, ids: set[int | None]) -> dict[int, sa.Row]:
    """Return documents in short, by id."""
    columns = (Document.id, Document.reference, Document.title, Document.sha256)
    statement = sa.select(*columns).where(Document.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def proposers(session: Session, proposal_ids: list[int]) -> dict[int, list[Any]]:
    """Return the proposers of each proposal, in order."""
    P, O = Proposer, Organization  # noqa: E741
    kind = sa.case((P.person_id.is_not(None), "person"), else_="organization").label("kind")
    statement = (
        sa.select(
            P.proposal_id,
            P.position,
            P.role,
            P.as_printed,
            kind,
            sa.func.coalesce(Person.slug, O.slug).label("slug"),
            sa.func.coalesce(Person.name, O.name_zh).label("name"),
        )
        .outerjoin(Person, Person.id == P.person_id)
        .outerjoin(O, O.id == P.organization_id)
        .where(P.proposal_id.in_(proposal_ids), P.withdrawn_at.is_(None))
        .order_by(P.proposal_id, P.position)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.proposal_id].append(row)
    return found


def counts(session: Session, actor: Actor, proposal_ids: list[int]) -> dict[int, int]:
    """Return how many recommendations that *actor* may see each proposal has."""
    R = Recommendation
    statement = sa.select(R.proposal_id, sa.func.count()).where(R.proposal_id.in_(proposal_ids))
    rows = session.execute(visible(statement, actor, R).group_by(R.proposal_id))
    return {row[0]: row[1] for row in rows}


def proposal(session: Session, actor: Actor, proposal_id: int) -> SimpleNamespace | None:
    """Return one proposal with its words and its recommendations, or None."""
    columns = (*PROPOSAL, *DECIDED)
    statement = visible(sa.select(*columns).where(Proposal.id == proposal_id), actor, Proposal)
    rows = list(session.execute(statement))
    if not rows:
        return None
    found = with_parts(session, actor, rows)[0]
    found.passages = passages(session, proposal_id=proposal_id)
    R = Recommendation
    shown = (R.id, R.reference, R.summary_zh, R.progress)
    recommendations = sa.select(*shown).where(R.proposal_id == proposal_id).order_by(R.number)
    found.recommendations = list(session.execute(visible(recommendations, actor, R)))
    into = visible(sa.select(*REFERRED).where(Proposal.id == found.merged_into_id), actor, Proposal)
    found.merged_into = session.execute(into).one_or_none() if found.merged_into_id else None
    own = sa.select(*REFERRED).where(Proposal.merged_into_id == proposal_id).order_by(Proposal.id)
    inside = actor.may(Permission.SEE_INTERNAL)
    found.cosignatures = cosignatures(session, proposal_id) if inside else None
    waiting = sa.select(Task).where(Task.proposal_id == proposal_id, OF_PROPOSAL)
    found.tasks = list(session.scalars(waiting.order_by(Task.id)))
    found.merged = list(session.execute(visible(own, actor, Proposal)))
    return found


def cosignatures(session: Session, proposal_id: int) -> list[SimpleNamespace]:
    """Return who said whether they sign a proposal, with their names."""
    rows = sa.select(Cosignature).where(Cosignature.proposal_id == proposal_id)
    found = list(session.scalars(rows.order_by(Cosignature.id)))
    known = proposers_by_id(session, [row.proposer_id for row in found])
    return [
        SimpleNamespace(
            proposer=known[row.proposer_id], agrees=row.agrees, on=row.on, paper=row.paper
        )
        for row in found
    ]


def person_named(session: Session, slug: str) -> Person | None:
    """Return the person *slug*, whether they proposed anything or not."""
    return session.scalar(sa.select(Person).where(Person.slug == slug))


def sitting(session: Session, slug: str) -> Sitting | None:
    """Return the session *slug*, or None."""
    return session.scalar(sa.select(Sitting).where(Sitting.slug == slug))


def proposal_record(session: Session, actor: Actor, proposal_id: int) -> Proposal | None:
    """Return the record itself, for a change, when *actor* may see it."""
    statement = sa.select(Proposal).where(Proposal.id == proposal_id)
    return session.scalar(visible(statement, actor, Proposal))


def proposal_named(session: Session, actor: Actor, reference: str) -> Proposal | None:
    """Return the record called *reference* when *actor* may see it."""
    statement = sa.select(Proposal).where(Proposal.reference == reference)
    return session.scalar(visible(statement, actor, Proposal))
