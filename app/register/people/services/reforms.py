"""What a reform does to organizations from a day on: names, places in the tree, ends."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_change
from app.core.errors import InvalidChange
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, NewChanges
from app.models import Organization, OrganizationName
from app.register.people.services.organizations import check_name, former_names, search_text
from app.register.tags.services.tags import renew_vocabulary


@dataclass(frozen=True)
class Reform:
    """From which day on organizations are otherwise, and by which paper; *midnight* begins it."""

    on: date
    midnight: datetime
    paper: str


def rename_organization(
    session: Session, actor: Actor, organization: Organization, names: Given, reform: Reform
) -> None:
    """Call *organization* by *names* (``name_zh``, ``name_en``) from the day of *reform* on.

    What it was called before stays known: lists find it so, and earlier records show it. Raises
    PermissionDenied, AlreadyExists for a name in use, InvalidChange for a day before its last name.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    check_name(session, names["name_zh"], organization.id)
    former = [name.until for name in former_names(session, organization)]
    if former and reform.on <= max(former):
        day = max(former)
        message = (f"须晚于 {day}，即上次更名之日", f"must be later than {day}, its last renaming")
        raise InvalidChange(fields={"effective_on": message})
    session.add(
        OrganizationName(
            organization_id=organization.id,
            name_zh=organization.name_zh,
            name_en=organization.name_en,
            until=reform.on,
            until_at=reform.midnight,
        )
    )
    session.flush()
    organization.search_text = search_text(session, organization, names)
    told = {"from": (None, reform.on.isoformat())}
    values = {"name_zh": names["name_zh"], "name_en": names.get("name_en")}
    record_change(session, actor, organization, "organization.renamed", told, reform.paper, values)
    renew_vocabulary(session)


def move_organization(
    session: Session, actor: Actor, organization: Organization, parent: Organization, reform: Reform
) -> None:
    """Let *organization* stand under *parent* from the day of *reform* on.

    Raises PermissionDenied, InvalidChange where the parent stands below it.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    above: Organization | None = parent
    while above is not None:
        if above.id == organization.id:
            message = (f"{parent.slug} 在它之下", f"{parent.slug} stands below it")
            raise InvalidChange(fields={"moved": message})
        above = session.get(Organization, above.parent_id) if above.parent_id else None
    told = {"from": (None, reform.on.isoformat())}
    values = {"parent_id": parent.id}
    record_change(session, actor, organization, "organization.moved", told, reform.paper, values)
    renew_vocabulary(session)


def end_organization(
    session: Session,
    actor: Actor,
    organization: Organization,
    successors: list[Organization],
    reform: Reform,
) -> None:
    """End *organization*: from the day of *reform* on it is no office; the first of *successors*
    takes over what is open.

    What stands below it stands below that one. Raises PermissionDenied.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    first = successors[0] if successors else None
    below = sa.select(Organization).where(Organization.parent_id == organization.id)
    for child in session.scalars(below.order_by(Organization.id)).all() if first else ():
        if first is not None and child.id != first.id:
            move_organization(session, actor, child, first, reform)
    told: NewChanges = {"successors": ([], [one.slug for one in successors])}
    values = {
        "ended_on": reform.on,
        "successor_id": first.id if first else None,
        "is_office": False,
    }
    record_change(session, actor, organization, "organization.ended", told, reform.paper, values)
    renew_vocabulary(session)
