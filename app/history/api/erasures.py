"""Erasing what was written, over HTTP."""

from typing import Any

from flask.views import MethodView

from app.accounts.api.approvals import approval_answer
from app.accounts.schemas.approvals import ApprovalSchema, EraseTextsInputSchema
from app.accounts.services import approvals
from app.core.codes import ApprovalKind
from app.core.types import Values
from app.history import services as erasing
from app.http.blueprints import Blueprint
from app.http.call import Call

blueprint = Blueprint("erasures", __name__)


@blueprint.route("/erasures")
class Erasures(MethodView):
    """Requests to erase words."""

    @blueprint.writes(
        "eraseTexts", ApprovalSchema, EraseTextsInputSchema, status=202, versioned=False
    )
    def post(self, call: Call, values: Values) -> Any:
        """Ask that words be erased wherever someone wrote them, in records and in their history.

        The answer names the places that were found (table, row, column or field of an event) and
        how many others are kept: what a newspaper printed, and events of earlier releases. Another
        must approve it.
        """
        reason = values["reason"]
        found = erasing.look_for(call.session, call.actor, values["words"], reason)
        payload = {"places": found.places, "kept": found.kept}
        kind, about = ApprovalKind.ERASE_TEXT, ("register", 0, "")
        made = approvals.ask(call.session, call.actor, kind, about, payload, reason)
        return approval_answer(call, made.id)
