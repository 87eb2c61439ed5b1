"""Organizations over HTTP."""

from functools import partial

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.core.rules.permissions import Actor
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import listing
from app.models import Organization
from app.register.people.api.answers import one_answer
from app.register.people.queries import organizations
from app.register.people.schemas import organizations as schemas
from app.register.people.services import organizations as services
from app.register.recommendations.api.asking import with_asking
from app.register.recommendations.api.resolving import named_record, resolved

blueprint = Blueprint("organizations", __name__)


def find_organization(session: Session, actor: Actor, slug: str) -> Organization | None:
    """Return the organization a change is about; every actor sees every one."""
    return organizations.organization(session, slug)


@blueprint.route("/organizations")
class Organizations(MethodView):
    """All organizations."""

    @blueprint.reads(
        "listOrganizations",
        schemas.OrganizationPageSchema,
        schemas.OrganizationFilterSchema,
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List bodies, parties, districts and offices with their place in the tree.

        `is_office` says which of them can be given work. The list is small; its slugs are
        also what `office` fields and filters take.
        """
        statement = organizations.organizations(resolved(call, with_asking(call, filters)))
        return listing(call, statement, filters, organizations.ORDERS)

    @blueprint.writes(
        "createOrganization",
        schemas.OrganizationSchema,
        schemas.OrganizationInputSchema,
        made="/organizations/{record.slug}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, values: Values) -> Answer:
        """Add a body, party, district or office.

        Lists, filters and dispatches know it at once. Its slug is for good; nothing that stands
        is called like it.
        """
        find = partial(organizations.organization, call.session)
        parent = named_record(values, "parent", find, call)
        columns = values | {"parent_id": parent.id if parent else None}
        made = services.add_organization(call.session, call.actor, columns)
        return one_answer(call, organizations.one(call.session, made.slug))


@blueprint.route("/organizations/<slug:slug>")
class OrganizationBySlug(MethodView):
    """One organization."""

    @blueprint.reads("getOrganization", schemas.OrganizationSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """Show one body, party, district or office, with its names and its place in the tree.

        What lies on the desk of an office is its worklist: see `getWorklist`.
        """
        return one_answer(call, organizations.one(call.session, slug))

    @blueprint.writes(
        "editOrganization",
        schemas.OrganizationSchema,
        schemas.OrganizationEditInputSchema,
        find=find_organization,
        method="PATCH",
        errors=(409,),
    )
    def patch(self, call: Call, record: Organization, values: Values) -> Answer:
        """Correct what was mistyped of a body, party, district or office.

        Not for what changes from a day on: then it was right before. Only the fields that are
        sent change; its history keeps what stood there.
        """
        services.edit_organization(call.session, call.actor, record, values)
        return one_answer(call, organizations.one(call.session, record.slug))
