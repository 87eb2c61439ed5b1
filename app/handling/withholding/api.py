"""Withholding from the public, over HTTP."""

from functools import partial

from flask.views import MethodView

from app.core.schemas.messages import say
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.handling.withholding import queries, schemas, services, targets
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.http.problems import Invalid
from app.models import Withholding
from app.register.recommendations.api.resolving import resolved

blueprint = Blueprint("withholdings", __name__)


def withholding_answer(call: Call, withholding_id: int) -> Answer:
    """Return one withholding as it is now; raise NotFound when the caller is not told of it."""
    found = found_or_404(queries.one(call.session, call.actor, withholding_id))
    return Answer(found, version=found.version)


@blueprint.route("/withholdings")
class Withholdings(MethodView):
    """Everything that is withheld, or was."""

    @blueprint.reads(
        "listWithholdings", schemas.WithholdingPageSchema, schemas.WithholdingFilterSchema
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List what is withheld from the public, or was: by whom, why, and until when.

        An office is told of what it wrote itself, the staff of everything.
        """
        statement = queries.listed(call.actor, resolved(call, filters))
        shown = partial(queries.shown, call.session)
        return listing(call, statement, filters, queries.ORDERS, shown=shown)

    @blueprint.writes(
        "withholdRecord",
        schemas.WithholdingSchema,
        schemas.WithholdingInputSchema,
        made="/withholdings/{record.id}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Withhold a report, a file, a reply, a contact, a rating or other words from the public.

        At once and everywhere: in details, lists, histories, evidence and files. The office that
        wrote it can, and registrars; both go on seeing it. Other files with the same content go
        with a file. What rests on it stays: a step that was taken stays taken. A registrar alone
        can release it. What must not be kept at all is erased by two persons, `eraseTexts`.
        """
        kind, number = values["kind"], values["target_id"]
        target = targets.found(call.session, call.actor, kind, number)
        if target is None:
            message = say(f"没有编号为 {number} 的{kind.zh}", f"there is no {kind.en} {number}")
            raise Invalid({"target_id": [message]})
        made = services.withhold(call.session, call.actor, target, values["reason"])
        return withholding_answer(call, made.id)


@blueprint.route("/withholdings/<id:withholding_id>")
class WithholdingById(MethodView):
    """One withholding."""

    @blueprint.reads("getWithholding", schemas.WithholdingSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, withholding_id: int) -> Answer:
        """Show what is withheld, since when, by whom and why, and whether it was released."""
        return withholding_answer(call, withholding_id)


@blueprint.route("/withholdings/<id:withholding_id>/release")
class WithholdingRelease(MethodView):
    """The release of what was withheld."""

    @blueprint.writes(
        "releaseWithholding",
        schemas.WithholdingSchema,
        schemas.ReleaseInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Withholding, values: Values) -> Answer:
        """Let everyone see again what was withheld, as far as it was public before.

        It is a registrar's decision. Both stay in the history that the office and the staff read.
        """
        services.release(call.session, call.actor, record, values["reason"])
        return withholding_answer(call, record.id)
