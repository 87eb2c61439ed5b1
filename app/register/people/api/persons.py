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
from app.register.people.api.answers import one_answer
from app.register.people.queries import organizations
from app.register.people.queries import persons as one_person
from app.register.people.schemas import persons as schemas
from app.register.people.services import persons
from app.register.recommendations.api.asking import with_asking
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
        statement = one_person.persons(call.actor, resolved(call, with_asking(call, filters)))
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

        For whoever proposes something and stands in no source yet. The slug is for good. One of
        the same name in the same body is a conflict, unless something tells the two apart.
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
        """Correct the name of a person, their terms, and what is personal of them.

        Only the fields that are sent change; null takes a value away. The history keeps the
        name of before; of what is personal it tells that it changed and by whom, neither which
        field nor any value.
        """
        persons.edit_person(call.session, call.actor, record, values)
        return person_answer(call, record.slug)


@blueprint.route("/persons/<slug:person>/merge")
class PersonMerger(MethodView):
    """Merging a person who was entered twice."""

    @blueprint.writes(
        "mergePerson",
        schemas.PersonDetailSchema,
        schemas.PersonMergerInputSchema,
        find=one_person.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Person, values: Values) -> Answer:
        """Let a person who was entered twice stand as the other, of the same body, for good.

        What either proposed is shown as that one's, and found under both slugs; how it was printed
        stays. What is known of the one that goes alone is known of the other from now on.
        """
        find = partial(one_person.record, call.session, call.actor)
        into = named_record(values, "into", find, call)
        persons.merge_person(call.session, call.actor, record, into, values["reason"])
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
        """Ask that what is personal of someone be erased, now and in the past.

        How they are reached, their unit and member number, their delegation or sector; of whoever
        was merged with them too. Another must approve it. What a newspaper printed stays.
        """
        about = ("person", record.id, record.slug)
        kind, reason = ApprovalKind.ERASE_PERSON, values["reason"]
        seen = {"version": record.version}
        made = approvals.ask(call.session, call.actor, kind, about, seen, reason)
        return approval_answer(call, made.id)
