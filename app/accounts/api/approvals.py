"""Requests for approval over HTTP."""

from typing import Any

from flask.views import MethodView

from app.accounts.queries import approvals as queries
from app.accounts.schemas import approvals as schemas
from app.accounts.services import approvals as services
from app.accounts.services.exchanges import Half
from app.core.queries.rows import View
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Row, Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Asked, Call, found_or_404
from app.http.contract.operations import EntityTag
from app.http.paging import listing
from app.models import Approval

blueprint = Blueprint("approvals", __name__)


def approval_view(call: Call, row: Row) -> View:
    """Return a request as the API shows it: expired ones say so, new accounts have names."""
    payload = queries.with_names(row.payload, row.personal)
    return View.of(row, payload=payload, state=services.state_of(row, call.now()))


def shown_one(call: Call, approval_id: int) -> View:
    """Return one request; raise NotFound when it is absent or hidden."""
    row = queries.one(call.session, call.actor, approval_id, call.now())
    return approval_view(call, found_or_404(row))


def approval_answer(call: Call, approval_id: int) -> Answer:
    """Return one request as it is now; raise NotFound when it is absent or hidden."""
    found = shown_one(call, approval_id)
    return Answer(found, version=found.version)


def with_halves(call: Call, approval: Approval, halves: list[Half]) -> Answer:
    """Return the answer to a request for new keys, with the asker's halves of their codes."""
    found = shown_one(call, approval.id).having(halves=halves)
    return Answer(found, version=found.version, secret=bool(halves))


def asked(call: Call, approval: Approval) -> Asked:
    """Return the answer to something that waits for approval now."""
    return Asked(shown_one(call, approval.id))


@blueprint.route("/approvals")
class Approvals(MethodView):
    """All requests."""

    @blueprint.reads(
        "listApprovals",
        schemas.ApprovalPageSchema,
        schemas.ApprovalFilterSchema,
        tag=EntityTag.NOTHING,  # a request expires though nobody writes
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List what the caller asked, and what the caller may decide on.

        Newest first. What may still be decided is `pending`; one that nobody decided within
        72 hours is `expired`.
        """
        statement = queries.listed(call.actor, filters, call.now())
        return listing(
            call,
            statement,
            filters,
            queries.ORDERS,
            shown=lambda rows: [approval_view(call, row) for row in rows],
        )


@blueprint.route("/approvals/<id:approval_id>")
class ApprovalById(MethodView):
    """One request."""

    @blueprint.reads("getApproval", schemas.ApprovalSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, approval_id: int) -> Answer:
        """Show what was asked, by whom, why, and what was decided.

        `payload` is what will be carried out, to the letter; of an import, the records that are
        new or differ, and the SHA-256 of what is staged. To whoever decides on a new key, the
        decision shows the second half of its code, not this reading.
        """
        return approval_answer(call, approval_id)


@blueprint.route("/approvals/<id:approval_id>/decision")
class ApprovalDecision(MethodView):
    """The decision on one request."""

    @blueprint.writes(
        "decideApproval",
        schemas.DecidedSchema,
        schemas.DecisionInputSchema,
        find=queries.record,
        may=services.require_party,
        versioned=False,
    )
    def post(self, call: Call, record: Approval, values: Values) -> Any:
        """Approve a request, which carries it out at once; reject it; or withdraw your own.

        Nobody decides on what they asked themselves, or what an account asked that they made
        alone, or that made theirs. A request expires after 72 hours. Where it makes keys, the
        answer shows the approver's halves of their exchange codes, this once.
        """
        decision, names = schemas.DECISIONS[values["decision"]], record.personal
        done = services.decide(call.session, call.actor, record, decision, values.get("note"))
        found = shown_one(call, record.id)
        payload = queries.with_names(found.payload, names)
        found = found.having(payload=payload, halves=done.halves, principals=done.made)
        return Answer(found, version=found.version, secret=bool(done.halves))
