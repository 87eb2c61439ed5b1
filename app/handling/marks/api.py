"""Marks of proposals over HTTP."""

from flask.views import MethodView

from app.core.schemas.messages import REQUIRED
from app.core.types import Values
from app.handling.assignments.api.assignment_details import work_of
from app.handling.marks import schemas, services
from app.handling.proposals.api.proposals import proposal_answer
from app.handling.proposals.schemas.proposals import ProposalDetailSchema
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.problems import Invalid, unknown
from app.models import Organization, Proposal
from app.register.people.queries import organizations
from app.register.proposals.queries import proposals
from app.register.recommendations.api.resolving import meant

blueprint = Blueprint("marks", __name__)


@blueprint.route("/proposals/<id:proposal_id>/marks")
class ProposalMarks(MethodView):
    """What one proposal is called."""

    @blueprint.writes(
        "markProposal",
        ProposalDetailSchema,
        schemas.MarkInputSchema,
        find=proposals.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Mark a filed proposal, such as excellent, or take the mark back with a reason.

        A mark is as public as the proposal. One of each kind stands at a time; what was taken
        back stays in the history.
        """
        on, work = values.get("on", call.today()), work_of(call)
        kind, paper, note = values["kind"], values.get("paper"), values.get("note")
        if values["stands"]:
            given = services.MarkInput(kind, giver_in(call, values), on, values["paper"], note)
            services.mark(call.actor, record, given, work)
        else:
            services.take_back(call.actor, record, services.MarkEnd(kind, on, note, paper), work)
        return proposal_answer(call, record.id)


def giver_in(call: Call, values: Values) -> Organization:
    """Return who gives a mark; raise Invalid for what a mark needs and the body lacks."""
    lacking = {name: [REQUIRED] for name in ("given_by", "paper") if name not in values}
    if lacking:
        raise Invalid(lacking)
    slug = values["given_by"]
    found = organizations.organization(call.session, slug)
    if found is None:
        raise Invalid({"given_by": [unknown(slug, meant(call, "given_by", slug))]})
    return found
