"""One recommendation in full, now or as of a past moment."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from app.api.blueprints import Answer, Call
from app.api.guards import found_or_404
from app.errors import NotFound
from app.queries import history, parts, proposals, records
from app.queries import recommendations as queries
from app.queries.vocabulary import Vocabulary, numbers
from app.rules.permissions import Actor, part_of
from app.rules.vocabularies import Axis
from app.rules.workflow import may_take, steps_from


def recommendation_answer(call: Call, recommendation_id: int) -> Answer:
    """Return a recommendation as it is now, with everything that belongs to it."""
    row = found_or_404(queries.one(call.session, call.actor, recommendation_id))
    vocabulary = call.vocabulary(row.vocabulary_version)
    detail = SimpleNamespace(**row._mapping, as_of=None)
    add_parts(call, detail, until=None)
    detail.allowed_steps = allowed_steps(call.actor, detail)
    return Answer(detail, version=row.version, vocabulary=vocabulary)


def recommendation_as_of(call: Call, recommendation_id: int, moment: datetime) -> Answer:
    """Return a recommendation as it stood at *moment*; raise NotFound when it was not there."""
    row = found_or_404(queries.one(call.session, call.actor, recommendation_id))
    vocabulary = call.cache.fresh(call.session)
    values, last = history.state_as_of(call.session, "recommendation", row.id, moment)
    if last is None or not history.sees(call.session, call.actor, last):
        raise NotFound
    detail = SimpleNamespace(**row._mapping, as_of=moment)
    for name, value in past_columns(values, vocabulary).items():
        setattr(detail, name, value)
    detail.version, detail.updated_at = last.record_version, last.at
    add_parts(call, detail, until=last.sequence)
    detail.allowed_steps = []
    return Answer(detail, version=detail.version, vocabulary=vocabulary)


def past_columns(values: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the *values* of events as the columns of a row hold them."""
    columns = dict(values)
    for name in ("due_on", "review_on", "look_back_on"):
        if columns.get(name):
            columns[name] = date.fromisoformat(columns[name])
    if "tags" in columns:
        ids = [vocabulary.tag_by_slug[slug].id for slug in columns.pop("tags")]
        columns["tag_ids"] = history.joined(ids)
    if "joint_office_ids" in columns:
        columns["joint_office_ids"] = history.joined(columns["joint_office_ids"])
    return columns


def add_parts(call: Call, detail: SimpleNamespace, until: int | None) -> None:
    """Add the records that hang on a recommendation, up to the event *until*."""
    session = call.session
    detail.passages = parts.passages(session, recommendation_id=detail.id)
    document_id, session_id = detail.proposal_document_id, detail.session_id
    detail.document = records.documents_by_id(session, {document_id}).get(document_id)
    detail.session = records.sittings_by_id(session, {session_id}).get(session_id)
    detail.proposers = proposals.proposers(session, [detail.proposal_id])[detail.proposal_id]
    detail.reports = parts.reports(session, call.actor, detail.id, until)
    detail.lineage = [
        SimpleNamespace(kind=row.kind, outgoing=bool(row.outgoing), recommendation=row)
        for row in parts.relations(session, call.actor, detail.id, until)
    ]


def allowed_steps(actor: Actor, detail: SimpleNamespace) -> list[SimpleNamespace]:
    """Return the steps that *actor* may take on a recommendation as it is."""
    joint = numbers(detail.joint_office_ids)
    part = part_of(actor, detail.lead_office_id, detail.lead_status, joint)
    return [
        SimpleNamespace(
            axis=axis,
            to=step.target,
            to_zh=step.target.zh,
            to_en=step.target.en,
            needs=sorted(step.needs),
        )
        for axis in Axis
        for step in steps_from(axis, getattr(detail, axis))
        if may_take(actor, step, part, detail.claimed_by_office_id)
    ]
