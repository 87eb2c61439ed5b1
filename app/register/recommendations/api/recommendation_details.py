"""One recommendation in full, now or as of a past moment."""

from collections.abc import Mapping
from datetime import datetime

from app.audit.queries import events
from app.audit.queries.record_state import from_events
from app.core.codes import OfficeRole, Specificity
from app.core.errors import NotFound
from app.core.queries.rows import View
from app.core.rules.permissions import Actor, part_of
from app.core.rules.sizes import RELATED
from app.core.rules.workflow import NextStep
from app.core.schemas.messages import say
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
from app.register.recommendations.api.recommendation_offices import last_reported, offices_of
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
    detail = with_parts(call, View.of(row, as_of=None), until=None)
    beside = parts_in(detail)
    steps = allowed_steps(call.actor, detail, beside)
    shown = detail.having(allowed_steps=steps, **offices_of(call, detail, beside))
    return Answer(shown, version=row.version, vocabulary=vocabulary)


def parts_in(detail: View) -> dict[int, OfficeRole]:
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
    then = {**past_columns(values, vocabulary), "version": last.record_version}
    detail = View.of(row, as_of=moment).having(**then, updated_at=last.at)
    detail = with_parts(call, detail, until=last.sequence)
    percent, reported_at = last_reported(detail.reported.values())
    shown = detail.having(percent=percent, last_reported_at=reported_at, **OF_NOW)
    return Answer(shown, version=detail.version, vocabulary=vocabulary)


OF_NOW: Values = {
    "next_due_on": None,
    "next_clock": None,
    "allowed_steps": [],
    "offices": [],
    "waiting": [],
    "waiting_total": 0,
}
"""What is shown only of a recommendation as it is now: of the past no task tells."""


def past_columns(values: Values, vocabulary: ReferenceData) -> Values:
    """Return the *values* of events as the columns of a row hold them."""
    columns = from_events(Recommendation, values)
    if "tags" in columns:
        ids = [vocabulary.tag_by_slug[slug].id for slug in columns.pop("tags")]
        columns["tag_ids"] = holders.joined(ids)
    if columns.get("specificity", Specificity.CONCRETE) is None:
        columns["specificity"] = Specificity.CONCRETE
    for name in columns.keys() & holders.OFFICE_LISTS.keys():
        columns[name] = holders.joined(columns[name])
    return columns


def with_parts(call: Call, detail: View, until: int | None) -> View:
    """Return *detail* with the records that hang on it, up to the event *until*."""
    session, number = call.session, detail.id
    document_id, session_id = detail.proposal_document_id, detail.session_id
    reports, reported = parts.newest_reports(session, call.actor, number, until)
    related = parts.relations(session, call.actor, number, until)
    return detail.having(
        passages=parts.passages_of(session, "recommendation_id", [number])[number],
        document=documents.documents_by_id(session, {document_id}).get(document_id),
        session=sittings.sittings_by_id(session, {session_id}).get(session_id),
        proposers=proposers.proposers(session, [detail.proposal_id])[detail.proposal_id],
        reports=reports,
        reported=reported,
        reports_total=sum(own.number for own in reported.values()),
        lineage_total=len(related),
        lineage=[
            View(kind=row.kind, outgoing=bool(row.outgoing), recommendation=row)
            for row in related[:RELATED]
        ],
    )


def allowed_steps(actor: Actor, detail: View, parts: Mapping[int, OfficeRole]) -> list[NextStep]:
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
