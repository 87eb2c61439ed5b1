"""Reforms over HTTP."""

from datetime import datetime, time

from flask.views import MethodView

from app.accounts.api.approvals import approval_answer
from app.accounts.schemas.approvals import ApprovalSchema
from app.core.types import Values
from app.handling.reforms import schemas, services
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call

blueprint = Blueprint("reforms", __name__)


@blueprint.route("/reforms")
class Reforms(MethodView):
    """Reforms of organizations."""

    @blueprint.writes(
        "reformOrganizations",
        ApprovalSchema,
        schemas.ReformInputSchema,
        status=202,
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Ask for a reform in one act, for a past or the present day; another must approve it.

        Then organizations are made, renamed, moved and ended. What is open at one that ends passes
        to the first of its successors with its clocks: assignments, promises, desks and accounts,
        but no key. What is finished stays, and earlier records show the names of then. The
        approval shows how much is open.
        """
        midnight = datetime.combine(values["effective_on"], time.min, call.settings.zone)
        made = services.ask_reform(call.session, call.actor, values, call.today(), midnight)
        return approval_answer(call, made.id)
