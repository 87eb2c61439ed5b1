"""The proposals of a page of a dossier, and what came of what each asks for."""

import json
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from itertools import groupby

from app.core.codes import Progress
from app.core.queries.rows import View
from app.core.types import Row, Values
from app.figures.dossier import queries
from app.http.call import Call
from app.register.documents.queries import documents_by_id
from app.register.people.queries.sittings import sittings_of_proposals
from app.register.proposals.queries.proposers import proposers
from app.register.proposals.queries.short_forms import CASE
from app.register.recommendations.api.recommendation_offices import as_answer
from app.register.recommendations.queries.recommendation_details import passages_of


def proposals_told(call: Call, rows: Sequence[Row]) -> list[View]:
    """Return the proposals of the recommendations *rows*, in their order, with all that is told.

    That takes the same number of statements however many there are.
    """
    session = call.session
    cases = sorted({row.proposal_id for row in rows})
    documents = documents_by_id(session, {row.proposal_document_id for row in rows})
    people, sittings = proposers(session, cases), sittings_of_proposals(session, cases)
    by_id = recommendations_told(call, rows)
    return [
        View(
            session=sittings.get(number),
            proposal=View(**{name: getattr(own[0], f"proposal_{name}") for name in CASE}),
            document=documents.get(own[0].proposal_document_id),
            proposers=people[number],
            recommendations=[by_id[row.id] for row in own],
        )
        for number, own in (
            (number, list(group)) for number, group in groupby(rows, lambda row: row.proposal_id)
        )
    ]


def recommendations_told(call: Call, rows: Sequence[Row]) -> dict[int, View]:
    """Return what is told of each of the recommendations *rows*, by its id."""
    ids = [row.id for row in rows]
    asked = call.session, call.actor, ids
    passages = passages_of(call.session, "recommendation_id", ids)
    moves, today = queries.arrivals(*asked), call.today()
    answers, promises = queries.answers(*asked), queries.promises(*asked)
    return {
        row.id: View(
            recommendation=View.of(row, passages=passages[row.id]),
            is_late=row.next_due_on is not None and row.next_due_on < today,
            offices=offices_told(answers.get(row.id, []), promises.get(row.id, [])),
            **moved(row, moves.get(row.id), call.settings.zone),
        )
        for row in rows
    }


NOT_MOVED: Values = {"moved_on": None, "moved_by": None}


def moved(row: Row, event: Row | None, zone: tzinfo) -> Values:
    """Return when a recommendation came to its progress, and by whom, where *event* says so."""
    if event is None or row.progress == Progress.NOT_STARTED:
        return NOT_MOVED
    if json.loads(event.changes)["progress"][1] != row.progress:
        return NOT_MOVED
    return {
        "moved_on": event.at.astimezone(zone).date(),
        "moved_by": event.office_name or event.shown_name,
    }


def offices_told(answers: Sequence[Row], promises: Sequence[Row]) -> list[View]:
    """Return each office with its answer and its promises, in the order in which they answered."""
    given: Mapping[int, Row] = {row.office_id: row for row in answers}
    offices = dict.fromkeys([*given, *(row.office_id for row in promises)])
    return [
        View(
            office_id=office,
            answer=as_answer(given[office]) if office in given else None,
            promises=[row for row in promises if row.office_id == office],
        )
        for office in offices
    ]
