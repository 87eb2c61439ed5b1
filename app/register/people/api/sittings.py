"""Sessions over HTTP."""

from functools import partial

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.core.rules.permissions import Actor
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import listing
from app.models import Sitting
from app.register.people.api.answers import one_answer
from app.register.people.queries import organizations, sittings
from app.register.people.schemas import sittings as schemas
from app.register.people.services import sittings as services
from app.register.recommendations.api.resolving import named_record, resolved

blueprint = Blueprint("sessions", __name__)


def find_sitting(session: Session, actor: Actor, slug: str) -> Sitting | None:
    """Return the session a change is about; every actor sees every one."""
    return sittings.sitting(session, slug)


@blueprint.route("/sessions")
class Sessions(MethodView):
    """All sessions."""

    @blueprint.reads("listSessions", schemas.SessionPageSchema, schemas.SessionFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List the sessions and meetings at which proposals were made.

        Sessions of the people's congress and of the political consultative conference, each
        with its term, meeting and days. `slug` is what filters of other lists take.
        """
        statement = sittings.sittings(resolved(call, filters))
        return listing(call, statement, filters, sittings.ORDERS)

    @blueprint.writes(
        "createSession",
        schemas.SessionSchema,
        schemas.SessionInputSchema,
        made="/sessions/{record.slug}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Add a session or meeting, before what is proposed at it is entered.

        A body has one session of a kind in each meeting of a term; the conflict names it. The slug
        and the body are for good.
        """
        body = named_record(values, "body", partial(organizations.organization, call.session), call)
        made = services.add_sitting(call.session, call.actor, values, body.id)
        return one_answer(call, sittings.one(call.session, made.slug))


@blueprint.route("/sessions/<slug:slug>")
class SessionBySlug(MethodView):
    """One session."""

    @blueprint.reads("getSession", schemas.SessionSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """Show one session or meeting, with its body, its term and its days.

        What was proposed at it is in the lists, by their filter `session`.
        """
        return one_answer(call, sittings.one(call.session, slug))

    @blueprint.writes(
        "editSession",
        schemas.SessionSchema,
        schemas.SessionEditInputSchema,
        find=find_sitting,
        method="PATCH",
        errors=(409,),
    )
    def patch(self, call: Call, record: Sitting, values: Values) -> Answer:
        """Correct the names, the term or the days of a session.

        Only the fields that are sent change; null takes a value away. What was proposed at it
        stays with it.
        """
        services.edit_sitting(call.session, call.actor, record, values)
        return one_answer(call, sittings.one(call.session, record.slug))
