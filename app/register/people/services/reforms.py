"""What a reform does to organizations from a day on: names, places in the tree, ends."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_change
from app.core.codes import NameStatus
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, NewChanges
from app.models import Organization, OrganizationName
from app.register.people.services.organizations import search_text
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

    What it was called before stays known: lists find it so, and earlier records show it. Whoever
    calls this has checked that the name is free from that day on. Raises PermissionDenied.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    if (names["name_zh"], names.get("name_en")) == (organization.name_zh, organization.name_en):
        return
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
    since = {"from": (None, reform.on.isoformat())}
    values = {"name_zh": names["name_zh"], "name_en": names.get("name_en")}
    values |= known_from(reform, NameStatus.IN_USE)
    record_change(session, actor, organization, "organization.renamed", since, reform.paper, values)
    renew_vocabulary(session)


def known_from(reform: Reform, status: NameStatus) -> dict[str, str]:
    """Return what says of an organization's name that *reform* is how one knows its *status*."""
    return {"name_status": status, "name_source": reform.paper}


def move_organization(
    session: Session, actor: Actor, organization: Organization, parent: Organization, reform: Reform
) -> None:
    """Let *organization* stand under *parent* from the day of *reform* on.

    Raises PermissionDenied. Whoever calls this has checked that the parent does not stand below it.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    if organization.parent_id == parent.id:
        return
    since = {"from": (None, reform.on.isoformat())}
    values = {"parent_id": parent.id}
    record_change(session, actor, organization, "organization.moved", since, reform.paper, values)
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
    if first is not None:
        make_room(session, actor, organization, first, reform)
    after: NewChanges = {"successors": ([], [one.slug for one in successors])}
    values = {
        "ended_on": reform.on,
        "successor_id": first.id if first else None,
        "is_office": False,
        **known_from(reform, NameStatus.CHANGED),
    }
    record_change(session, actor, organization, "organization.ended", after, reform.paper, values)
    renew_vocabulary(session)


def make_room(
    session: Session,
    actor: Actor,
    organization: Organization,
    first: Organization,
    reform: Reform,
) -> None:
    """Let what stands below *organization* stand below its *first* successor.

    A successor that stood below it itself takes its place in the tree.
    """
    above: Organization | None = first
    while above is not None and above.parent_id is not None and above.id != organization.id:
        above = session.get(Organization, above.parent_id)
    if above is not None and above.id == organization.id:
        since = {"from": (None, reform.on.isoformat())}
        values = {"parent_id": organization.parent_id}
        record_change(session, actor, first, "organization.moved", since, reform.paper, values)
    below = sa.select(Organization).where(
        Organization.parent_id == organization.id, Organization.ended_on.is_(None)
    )
    for child in session.scalars(below.order_by(Organization.id)).all():
        move_organization(session, actor, child, first, reform)
