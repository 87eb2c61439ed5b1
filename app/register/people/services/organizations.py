"""Organizations: entered, and corrected where something was mistyped.

What a reform changes from a day on is not a correction: it was right before.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import change, created
from app.core.canonical_json import as_json
from app.core.errors import AlreadyExists, InvalidChange, Sentence
from app.core.rules.folding import folded
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given
from app.models import Organization, OrganizationName, Recommendation, RecommendationOffice
from app.register.people.rules import lacks_source
from app.register.tags.services.tags import names_text, renew_vocabulary

COLUMNS = (
    "kind",
    "name_zh",
    "name_en",
    "aliases",
    "region_code",
    "is_office",
    "is_vertical",
    "name_status",
    "name_source",
)
"""What of an organization may be corrected; its slug never changes."""


def add_organization(
    session: Session, actor: Actor, values: Given, *, is_checked: bool = False
) -> Organization:
    """Add an organization; *values*: its slug, its columns, ``parent_id``, and a ``note``.

    Raises PermissionDenied, InvalidChange where it is not said how one knows that its name is in
    use, AlreadyExists for a slug or a name in use; the name *is_checked* where it becomes free in
    the same act.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    if lacks_source(values.get("name_status"), values.get("name_source")):
        raise InvalidChange(fields={"name_source": NO_SOURCE})
    if session.scalar(sa.select(Organization.id).where(Organization.slug == values["slug"])):
        raise AlreadyExists(what="organization", what_zh="机构", value=values["slug"])
    first = {name: values.get(name) for name in ("slug", "parent_id", *COLUMNS)}
    if not is_checked:
        check_name(session, values["name_zh"], None)
    made = Organization(**first)
    made.search_text = names_text(made)
    changes = {name: (None, as_json(value)) for name, value in first.items() if value is not None}
    created(session, actor, made, changes, values.get("note"))
    renew_vocabulary(session)
    return made


def edit_organization(
    session: Session, actor: Actor, organization: Organization, values: Given
) -> None:
    """Correct *values* of *organization*; a ``note`` among them goes into the history.

    Raises PermissionDenied, AlreadyExists for a name in use, InvalidChange where an office that
    had work is to be none.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    fields = dict(wrong(session, organization, values))
    if fields:
        raise InvalidChange(fields=fields)
    if "name_zh" in values and organization.ended_on is None:
        check_name(session, values["name_zh"], organization.id)
    also = {"search_text": search_text(session, organization, values)}
    if change(session, actor, organization, "organization.edited", values, also=also):
        renew_vocabulary(session)


def wrong(
    session: Session, organization: Organization, values: Given
) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of *values* that cannot be so, and why."""
    names = ("name_status", "name_source")
    if lacks_source(*(values.get(name, getattr(organization, name)) for name in names)):
        yield "name_source", NO_SOURCE
    if values.get("is_office") and organization.ended_on is not None:
        day = organization.ended_on
        yield "is_office", (f"它已于 {day} 撤销", f"it ended on {day}")
    if values.get("is_office") is False and organization.is_office:
        with session.no_autoflush:
            had = session.scalar(sa.select(has_work(organization.id)))
        if had:
            yield (
                "is_office",
                (
                    "它已有承办的建议，仍是承办单位",
                    "it has had recommendations, so it stays an office",
                ),
            )


NO_SOURCE: Sentence = (
    "说名称现用或已变更，须写明依据和核实日期",
    "say from which source, and as of when, the name is in use or was changed",
)


def has_work(office_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that an office stands at any recommendation."""
    leads = sa.exists().where(Recommendation.lead_office_id == office_id)
    takes_part = sa.exists().where(RecommendationOffice.office_id == office_id)
    return sa.or_(leads, takes_part)


def check_name(session: Session, name: str, own: int | None) -> None:
    """Raise AlreadyExists where another organization than *own* is called so; it is named.

    Names are one whatever their width, case and blanks. What ended frees its name.
    """
    rows = sa.select(Organization.slug, Organization.name_zh).where(
        Organization.id != (own or 0), Organization.ended_on.is_(None)
    )
    with session.no_autoflush:
        known = {folded(row.name_zh): row.slug for row in session.execute(rows)}
    other = known.get(folded(name))
    if other is not None:
        raise AlreadyExists(what="organization name", what_zh="机构名称", value=f"{name} ({other})")


def former_names(session: Session, organization: Organization) -> list[OrganizationName]:
    """Return what *organization* was called before, oldest first."""
    own = sa.select(OrganizationName).where(OrganizationName.organization_id == organization.id)
    return list(session.scalars(own.order_by(OrganizationName.until)))


def search_text(session: Session, organization: Organization, values: Given) -> str:
    """Return the words that *organization* is found by once it has *values*, former names too."""
    after = {name: values.get(name, getattr(organization, name)) for name in COLUMNS}
    now = names_text(Organization(slug=organization.slug, **after))
    former = former_names(session, organization)
    names = [name for row in former for name in (row.name_zh, row.name_en) if name is not None]
    return "\n".join([now, *(name.casefold() for name in names)])
