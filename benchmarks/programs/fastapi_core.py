"""FastAPI over Core rows with a pydantic response model.

The endpoint is a coroutine: a plain function would also pay for a thread at each request.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import FastAPI, Query
from pydantic import BaseModel

from benchmarks.programs.plain_models import (
    Office,
    Proposal,
    Recommendation,
    Tag,
    joint_offices,
    listed,
    recommendation_tags,
)

R = Recommendation
OWN = (
    R.id, R.reference, R.number, R.summary_zh, R.summary_en, R.stance, R.acceptance, R.progress,
    R.lead_status, R.due_on, R.review_on, R.publication, R.version, R.created_at, R.updated_at,
)  # fmt: skip
PROPOSAL = (Proposal.id, Proposal.reference, Proposal.title, Proposal.kind, Proposal.document_id)
OFFICE = (Office.slug, Office.name_zh, Office.name_en)


class RefOut(BaseModel):
    """A tag or an office."""

    slug: str
    name_zh: str
    name_en: str | None


class ProposalOut(BaseModel):
    """A proposal."""

    id: int
    reference: str
    title: str
    kind: str
    document_id: int | None


class RecommendationOut(BaseModel):
    """A recommendation."""

    id: int
    reference: str
    number: int
    summary_zh: str
    summary_en: str | None
    stance: str
    acceptance: str
    progress: str
    lead_office: RefOut | None
    lead_status: str | None
    joint_offices: list[RefOut]
    due_on: date | None
    review_on: date | None
    tags: list[RefOut]
    proposal: ProposalOut
    publication: str
    version: int
    created_at: datetime
    updated_at: datetime


class PageOut(BaseModel):
    """A page."""

    items: list[RecommendationOut]
    next: int | None


def recommendations(tag: str, progress: str, limit: int) -> sa.Select:
    """Return the SELECT of the recommendations with their proposal and lead office."""
    columns = [column.label(f"proposal_{column.key}") for column in PROPOSAL]
    columns += [column.label(f"lead_{column.key}") for column in OFFICE]
    return (
        listed(tag, progress, limit)
        .with_only_columns(*OWN, *columns, maintain_column_froms=True)
        .join(Proposal, Proposal.id == R.proposal_id)
        .outerjoin(Office, Office.id == R.lead_office_id)
    )


def tags_of(ids: list[int]) -> sa.Select:
    """Return the SELECT of the tags given to recommendations."""
    narrow = recommendation_tags.c
    return (
        sa.select(narrow.recommendation_id, Tag.slug, Tag.name_zh, Tag.name_en)
        .join(Tag, Tag.id == narrow.tag_id)
        .where(narrow.recommendation_id.in_(ids), narrow.is_direct)
        .order_by(Tag.id)
    )


def offices_of(ids: list[int]) -> sa.Select:
    """Return the SELECT of the joint offices of recommendations."""
    joint = joint_offices.c
    return (
        sa.select(joint.recommendation_id, *OFFICE)
        .join(Office, Office.id == joint.office_id)
        .where(joint.recommendation_id.in_(ids))
        .order_by(Office.id)
    )


def grouped(connection: sa.Connection, statement: sa.Select) -> dict[int, list[dict[str, Any]]]:
    """Return the references of each recommendation."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for owner, slug, zh, en in connection.execute(statement):
        found[owner].append({"slug": slug, "name_zh": zh, "name_en": en})
    return found


def shown(row: Any, tags: Any, offices: Any) -> dict[str, Any]:
    """Return one recommendation for the response model."""
    values = row._mapping
    return {column.key: values[column.key] for column in OWN} | {
        "proposal": {column.key: values[f"proposal_{column.key}"] for column in PROPOSAL},
        "lead_office": {column.key: values[f"lead_{column.key}"] for column in OFFICE}
        if values["lead_slug"]
        else None,
        "tags": tags[row.id],
        "joint_offices": offices[row.id],
    }


def make_program(url: str) -> FastAPI:
    """Return the program on the database at *url*."""
    engine = sa.create_engine(url)
    app = FastAPI()

    @app.get("/api/v1/recommendations", response_model=PageOut)
    async def get(
        tag: str, progress: str, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> dict[str, Any]:
        with engine.connect() as connection:
            found = list(connection.execute(recommendations(tag, progress, limit)))
            rows = found[:limit]
            ids = [row.id for row in rows]
            tags = grouped(connection, tags_of(ids))
            offices = grouped(connection, offices_of(ids))
        following = rows[-1].id if len(found) > limit else None
        return {"items": [shown(row, tags, offices) for row in rows], "next": following}

    return app
