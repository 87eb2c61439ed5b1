"""Proposals over HTTP: entered, listed, corrected, moved."""

from datetime import datetime
from functools import partial

from flask.views import MethodView

from app.core.errors import NotFound
from app.core.queries.rows import View
from app.core.rules.sizes import RELATED, newest, open_and_newest
from app.core.schemas.paging import ChangedFilterSchema, MomentFilterSchema
from app.core.types import Values
from app.handling.assignments.api.assignment_details import task_shown, work_of
from app.handling.assignments.queries import past_assignments
from app.handling.proposals.api import draft_bodies
from app.handling.proposals.rules import PROPOSAL
from app.handling.proposals.schemas import proposals as schemas
from app.handling.proposals.schemas.drafts import DraftInputSchema
from app.handling.proposals.services import (
    case_corrections,
    categories,
    cosigning,
    drafts,
    proposal_checks,
    proposal_transitions,
)
from app.handling.proposals.services import proposals as services
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.models import Proposal
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.documents.queries import document_text
from app.register.people.queries import organizations
from app.register.periods.api import past_values
from app.register.proposals.queries import past_moments
from app.register.proposals.queries import proposals as queries
from app.register.proposals.queries.marks import marks_at
from app.register.proposals.queries.proposers import proposer_of
from app.register.recommendations.api.asking import with_asking
from app.register.recommendations.api.recommendation_details import past_moment, vocabulary_at
from app.register.recommendations.api.resolving import named_record, resolved
from app.register.recommendations.queries.lateness import lateness_values
from app.tasks.rules.tasks import explained
from app.tasks.services.next_due import refresh

blueprint = Blueprint("proposals", __name__)
documents = Blueprint("document_proposals", __name__)


@blueprint.route("/proposals")
class Proposals(MethodView):
    """All proposals."""

    @blueprint.reads("listProposals", schemas.ProposalPageSchema, schemas.ProposalFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List proposals by kind, state, source, proposer, office, due day or title words.

        Filters add up. A page costs the same wherever it begins and however many proposals
        there are; text and recommendations are left to `getProposal` or `expand`.
        """
        return proposal_page(call, filters)

    @blueprint.writes(
        "draftProposal",
        schemas.ProposalDetailSchema,
        DraftInputSchema,
        made="/proposals/{record.id}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Enter a proposal as a draft: its text, who proposes it, and what it asks for.

        Each recommendation names its words in the text. Nothing of it is public before it is
        filed and published. A text is never edited: another draft replaces it.
        """
        return proposal_answer(call, enter_draft(call, values).id)


def enter_draft(call: Call, values: Values) -> Proposal:
    """Enter the draft that a body holds, and return it."""
    return drafts.draft(call.actor, draft_bodies.draft_of(call, values), work_of(call))


def proposal_page(call: Call, filters: Values) -> Answer:
    """Return one page of proposals."""
    then = past_values(call, filters, queries.UNTOLD)
    values = lateness_values(resolved(call, with_asking(call, filters) | then), call.today())
    values |= as_counted(call, CountedUnit.PROPOSALS, filters)
    values["viewer_office"] = call.actor.office_id
    expand = tuple(filters.get("expand", ()))
    return listing(
        call,
        queries.proposals(call.actor, values),
        filters,
        queries.orders(call.actor),
        values,
        shown=lambda rows: queries.with_parts(call.session, call.actor, rows, expand),
    )


@documents.route("/documents/<id:document_id>/proposals")
class DocumentProposals(MethodView):
    """The proposals of one document."""

    @documents.reads(
        "listDocumentProposals", schemas.ProposalPageSchema, ChangedFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, document_id: int) -> Answer:
        """List the proposals that stand in a document.

        Only proposals that the caller may see, in the order in which they were entered unless
        `sort` says otherwise.
        """
        found_or_404(document_text(call.session, call.actor, document_id))
        return proposal_page(call, {**filters, "document": [str(document_id)]})


@blueprint.route("/proposals/<id:proposal_id>")
class ProposalById(MethodView):
    """One proposal."""

    @blueprint.reads(
        "getProposal",
        schemas.ProposalDetailSchema,
        MomentFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, proposal_id: int) -> Answer:
        """Show a proposal with every passage that belongs to it and its recommendations.

        With `as_of` its state at that past moment is shown, worked out from the history.
        """
        if "as_of" in filters:
            return proposal_as_of(call, proposal_id, filters["as_of"])
        return proposal_answer(call, proposal_id)

    @blueprint.writes(
        "editProposal",
        schemas.ProposalDetailSchema,
        schemas.ProposalEditInputSchema,
        find=queries.record,
        errors=(409,),
        method="PATCH",
    )
    def patch(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Correct what was entered of a case, who may see it, or make it a key proposal.

        Only the fields that are sent change, and each change stands in the history with its
        note. With another kind or session, what is still waited for is counted by their rules.
        """
        if draft_bodies.CORRECTED & values.keys():
            correction = draft_bodies.correction_of(call, record, values)
            case_corrections.correct(call.actor, record, correction, work_of(call))
        if "categories" in values:
            asked, note = values["categories"], values.get("note")
            categories.categorise(call.actor, record, asked, note, work_of(call))
        kept = {*draft_bodies.CORRECTED, "supervisor", "categories"}
        changes = {name: value for name, value in values.items() if name not in kept}
        if "supervisor" in values:
            given = {n: v for n, v in values.items() if v is not None}
            office = named_record(
                given, "supervisor", partial(organizations.organization, call.session), call
            )
            changes["supervisor_id"] = office.id if office else None
        services.edit_proposal(call.session, call.actor, record, changes)
        return proposal_answer(call, record.id)


@blueprint.route("/proposals/<id:proposal_id>/transitions")
class ProposalTransitions(MethodView):
    """Steps of one proposal that the intake office decides on."""

    @blueprint.writes(
        "moveProposal",
        schemas.ProposalDetailSchema,
        schemas.ProposalStepInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Submit, review, file, merge, transfer, withdraw, close or archive a proposal.

        What lies between dispatch and evaluation follows from what the offices do. A step that was
        taken on an earlier day is entered with that day and the paper it rests on: limits count
        from it.
        """
        return proposal_answer(call, move_proposal(call, record, values).id)


def move_proposal(call: Call, record: Proposal, values: Values) -> Proposal:
    """Take the step of a proposal that a body asks for, and return the proposal."""
    find = partial(queries.by_reference, call.session, call.actor)
    grounds = proposal_checks.ProposalTransition(
        reason=values.get("reason"),
        reason_code=values.get("reason_code"),
        into=named_record(values, "into", find),
        case_no=values.get("case_no"),
        without_recommendations=values["without_recommendations"],
        on=values.get("on"),
        paper=values.get("paper"),
    )
    proposal_transitions.move(call.actor, record, values["to"], grounds, work_of(call))
    return record


@blueprint.route("/proposals/<id:proposal_id>/cosignatures")
class Cosignatures(MethodView):
    """Who signs a draft."""

    @blueprint.writes(
        "cosignProposal",
        schemas.ProposalDetailSchema,
        schemas.CosignatureInputSchema,
        find=queries.record,
        made="/proposals/{proposal_id}",
        errors=(409,),
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Note that a joint proposer signs a draft, or will not, and by what paper.

        Whoever has said nothing by the last day is left out when it is submitted.
        """
        find = partial(proposer_of, call.session, [record.id])
        proposer, on = named_record(values, "proposer", find), values.get("on", call.today())
        said = (values["agrees"], on, values["paper"])
        cosigning.cosign(call.actor, record, proposer, *said, work_of(call))
        return proposal_answer(call, record.id)


def proposal_answer(call: Call, proposal_id: int) -> Answer:
    """Return a proposal as it is now; raise NotFound when it is absent or hidden."""
    refresh(call.session)
    found = found_or_404(queries.proposal(call.session, call.actor, proposal_id))
    steps = PROPOSAL.next_steps(call.actor, found.handling_state)
    shown = found.having(allowed_steps=steps, as_of=None, **shortened(call, found))
    vocabulary = call.vocabulary(found.vocabulary_version)
    return Answer(shown, version=found.version, vocabulary=vocabulary)


def shortened(call: Call, found: View) -> Values:
    """Return what sizes.py leaves of what was merged into a proposal and its tasks, explained."""
    calendar, tasks = call.book.calendar, open_and_newest(found.tasks)
    return {
        "tasks_total": len(found.tasks),
        "tasks": [task_shown(task, explained(task, calendar)) for task in tasks],
        "merged_total": len(found.merged),
        "merged": newest(found.merged, most=RELATED),
    }


def proposal_as_of(call: Call, proposal_id: int, moment: datetime) -> Answer:
    """Return a proposal as it stood at *moment*, with the names of then.

    Raises Invalid for a moment that has not come, NotFound when it was not there or was hidden.
    """
    session, actor = call.session, call.actor
    found = found_or_404(queries.proposal(session, actor, proposal_id))
    known = past_moment(call, moment)
    past = past_assignments.past_of(session, "proposal", proposal_id, known)
    if past is None or not past_moments.was_seen(session, actor, "proposal", proposal_id, known):
        raise NotFound
    found = found.having(**{**past.columns(Proposal), **past.version})
    found = found.having(**past_parts(call, found, past), as_of=moment, allowed_steps=[])
    return Answer(found.having(**shortened(call, found)), vocabulary=vocabulary_at(call, known))


def past_parts(call: Call, found: View, past: past_assignments.Past) -> Values:
    """Return what hung on a proposal in the *past*, and what it was merged into."""
    session, moment, last = call.session, past.moment, past.last.sequence
    asked = past_assignments.recommendations_at(session, found.recommendations, moment)
    merged = past_assignments.merged_by(session, [row.id for row in found.merged], moment)
    signed = found.cosignatures
    return {
        "is_key": bool(found.is_key),
        "merged_into": queries.in_short(session, call.actor, found.merged_into_id),
        "marks": marks_at(session, call.actor, found.id, last),
        "merged": [row for row in found.merged if row.id in merged],
        "recommendations": asked,
        "recommendation_count": len(asked),
        "cosignatures": signed and [one for one in signed if one.sequence <= last],
        "tasks": list(past_assignments.tasks_at(found.tasks, past, call.book.calendar)),
    }
