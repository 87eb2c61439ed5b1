"""One recommendation in full, now or as of a past moment."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace

from app.audit.queries import events
from app.audit.queries.record_state import from_events
from app.core.codes import OfficeRole
from app.core.errors import NotFound
from app.core.rules.permissions import Actor, part_of
from app.core.rules.sizes import RELATED
from app.core.rules.workflow import NextStep
from app.core.schemas.fields import say
from app.core.types import Values
from app.http.call import Answer, Call, found_or_404
from app.http.problems import Invalid
from app.models import Recommendation
from app.register.documents import queries as documents
from app.register.people.queries import sittings
from app.register.people.queries.former_names import names
from app.register.people.queries.reference_data import ReferenceData, numbers
from app.register.proposals.queries import proposers
from app.register.proposals.queries.past_moments import PastMoment, was_seen
from app.register.recommendations.api.recommendation_offices import add_offices, last_reported
from app.register.recommendations.queries import recommendation_details as parts
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.rules import AXES
from app.tasks.rules import holders
from app.tasks.rules.holders import PARTS
from app.tasks.services.next_due import refresh


def recommendation_answer(call: Call, recommendation_id: int) -> Answer:
    """Return a recommendation as it is now, with everything that belongs to it."""
    refresh(call.session)
    row = found_or_404(queries.one(call.session, call.actor, recommendation_id))
    vocabulary = call.vocabulary(row.vocabulary_version)
    detail = SimpleNamespace(**row._mapping, as_of=None)
    add_parts(call, detail, until=None)
    beside = parts_in(detail)
    detail.allowed_steps = allowed_steps(call.actor, detail, beside)
    add_offices(call, detail, beside)
    return Answer(detail, version=row.version, vocabulary=vocabulary)


def parts_in(detail: SimpleNamespace) -> dict[int, OfficeRole]:
    """Return the offices beside the lead of *detail*, each with its part."""
    return {
        office: role for role in PARTS for office in numbers(getattr(detail, f"{role}_office_ids"))
    }


def past_moment(call: Call, moment: datetime) -> PastMoment:
    """Return *moment* with its day; raise Invalid when it has not come."""
    if moment > call.now():
        message = say("这个时刻还没有到", "this moment has not come")
        raise Invalid({"as_of": [message]})
    return PastMoment(moment, moment.astimezone(call.settings.zone).date())


def vocabulary_at(call: Call, moment: PastMoment) -> ReferenceData:
    """Return tags and organizations by their names of *moment*."""
    return names(call.session, call.cache.fresh(call.session)).vocabulary_at(moment.at)


def recommendation_as_of(call: Call, recommendation_id: int, moment: datetime) -> Answer:
    """Return a recommendation as it stood at *moment*, with the names of then.

    Raises Invalid for a moment that has not come, NotFound when it was not there.
    """
    row = found_or_404(queries.one(call.session, call.actor, recommendation_id))
    known = past_moment(call, moment)
    values, last = events.state_as_of(call.session, "recommendation", row.id, moment)
    if last is None or not was_seen(call.session, call.actor, "recommendation", row.id, known):
        raise NotFound
    vocabulary = vocabulary_at(call, known)
    detail = SimpleNamespace(**row._mapping, as_of=moment)
    for name, value in past_columns(values, vocabulary).items():
        setattr(detail, name, value)
    detail.version, detail.updated_at = last.record_version, last.at
    add_parts(call, detail, until=last.sequence)
    detail.next_due_on = detail.next_clock = None  # of the past no task tells
    detail.percent, detail.last_reported_at = last_reported(detail.reported.values())
    detail.allowed_steps, detail.offices, detail.waiting, detail.waiting_total = [], [], [], 0
    return Answer(detail, version=detail.version, vocabulary=vocabulary)


def past_columns(values: Values, vocabulary: ReferenceData) -> Values:
    """Return the *values* of events as the columns of a row hold them."""
    columns = from_events(Recommendation, values)
    if "tags" in columns:
        ids = [vocabulary.tag_by_slug[slug].id for slug in columns.pop("tags")]
        columns["tag_ids"] = holders.joined(ids)
    for name in columns.keys() & holders.OFFICE_LISTS.keys():
        columns[name] = holders.joined(columns[name])
    return columns


def add_parts(call: Call, detail: SimpleNamespace, until: int | None) -> None:
    """Add the records that hang on a recommendation, up to the event *until*."""
    session = call.session
    detail.passages = parts.passages(session, recommendation_id=detail.id)
    document_id, session_id = detail.proposal_document_id, detail.session_id
    detail.document = documents.documents_by_id(session, {document_id}).get(document_id)
    detail.session = sittings.sittings_by_id(session, {session_id}).get(session_id)
    detail.proposers = proposers.proposers(session, [detail.proposal_id])[detail.proposal_id]
    detail.reports, detail.reported = parts.newest_reports(session, call.actor, detail.id, until)
    detail.reports_total = sum(own.number for own in detail.reported.values())
    related = parts.relations(session, call.actor, detail.id, until)
    detail.lineage_total = len(related)
    detail.lineage = [
        SimpleNamespace(kind=row.kind, outgoing=bool(row.outgoing), recommendation=row)
        for row in related[:RELATED]
    ]


def allowed_steps(
    actor: Actor, detail: SimpleNamespace, parts: Mapping[int, OfficeRole]
) -> list[NextStep]:
    """Return the steps that *actor* may take on a recommendation as it is.

    *parts* are those of the offices beside its lead.
    """
    if detail.ended_as is not None:
        return []
    part = part_of(actor, detail.lead_office_id, detail.lead_status, parts)
    whose = part, detail.claimed_by_office_id
    return [
        step
        for axis, workflow in AXES.items()
        for step in workflow.next_steps(actor, getattr(detail, axis), *whose)
    ]
