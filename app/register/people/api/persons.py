"""Persons over HTTP."""

from functools import partial
from typing import Any

from flask.views import MethodView

from app.accounts.api.approvals import approval_answer
from app.accounts.schemas.approvals import ApprovalSchema, ErasureInputSchema
from app.accounts.services import approvals
from app.core.codes import ApprovalKind
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import listing
from app.models import Person
from app.register.people import schemas
from app.register.people.api.answers import one_answer
from app.register.people.queries import organizations
from app.register.people.queries import persons as one_person
from app.register.people.services import persons
from app.register.recommendations.api.resolving import named_record, resolved

blueprint = Blueprint("persons", __name__)


@blueprint.route("/persons")
class Persons(MethodView):
    """All persons."""

    @blueprint.reads("listPersons", schemas.PersonPageSchema, schemas.PersonFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List deputies and members who proposed something.

        Names stand as the sources print them; how a person is reached is never in this
        list.
        """
        statement = one_person.persons(call.actor, resolved(call, filters))
        return listing(call, statement, filters, one_person.ORDERS)

    @blueprint.writes(
        "createPerson",
        schemas.PersonDetailSchema,
        schemas.PersonInputSchema,
        made="/persons/{record.slug}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Add a deputy or member who may propose.

        For whoever proposes something and stands in no source yet. The slug is for good.
        """
        body = named_record(values, "body", partial(organizations.organization, call.session), call)
        made = persons.add_person(call.session, call.actor, values, body.id)
        return person_answer(call, made.slug)


@blueprint.route("/persons/<slug:person>")
class PersonBySlug(MethodView):
    """One person."""

    @blueprint.reads("getPerson", schemas.PersonDetailSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, person: str) -> Answer:
        """Show one person; how they are reached only to those who may know it, else null.

        Telephone, e-mail and address are null to everybody else, and where they were
        erased; both look the same.
        """
        return person_answer(call, person)

    @blueprint.writes(
        "editPerson",
        schemas.PersonDetailSchema,
        schemas.PersonEditInputSchema,
        find=one_person.record,
        method="PATCH",
        errors=(409,),
    )
    def patch(self, call: Call, record: Person, values: Values) -> Answer:
        """Correct how a person is reached; the values are kept apart from the history.

        Only the fields that are sent change; null takes a value away. The history tells
        that the contact data changed and by whom, neither which field nor any value.
        """
        persons.edit_person(call.session, call.actor, record, values)
        return person_answer(call, record.slug)


def person_answer(call: Call, slug: str) -> Answer:
    """Return one person as it is now; raise NotFound when it is absent or hidden."""
    return one_answer(call, one_person.one(call.session, call.actor, slug))


@blueprint.route("/persons/<slug:person>/erasure")
class PersonErasure(MethodView):
    """Erasing one person's contact data."""

    @blueprint.writes(
        "erasePerson",
        ApprovalSchema,
        ErasureInputSchema,
        find=one_person.record,
        status=202,
        versioned=False,
    )
    def post(self, call: Call, record: Person, values: Values) -> Any:
        """Ask that how a person is reached be erased, now and in the past.

        Another must approve it. What a newspaper printed stays.
        """
        about = ("person", record.id, record.slug)
        kind, reason = ApprovalKind.ERASE_PERSON, values["reason"]
        seen = {"version": record.version}
        made = approvals.ask(call.session, call.actor, kind, about, seen, reason)
        return approval_answer(call, made.id)
