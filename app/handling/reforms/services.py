"""A reform of organizations: asked by one person, approved by another, carried out in one act."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.services import approvals
from app.core.clock import utcnow
from app.core.codes import ApprovalKind
from app.core.errors import AlreadyExists, InvalidChange, Overtaken
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, Values
from app.handling.assignments.services.context import Work
from app.handling.reforms.checks import PARTS, ReformAsked, named_in, refuse_mistakes
from app.handling.reforms.passing import Handover, pass_work
from app.models import Approval
from app.register.people.queries.reference_data import read_book
from app.register.people.services.organizations import add_organization
from app.register.people.services.reforms import (
    Reform,
    end_organization,
    move_organization,
    rename_organization,
)

LONGEST_REFERENCE = 60


def ask_reform(
    session: Session, actor: Actor, values: Given, today: date, midnight: datetime
) -> Approval:
    """Note the reform that *actor* asks for; nothing changes before another has approved it.

    *values*: ``effective_on``, whose *midnight* is when that day began, ``paper``, ``reason``, and
    what is created, renamed, moved and ended. Raises PermissionDenied, InvalidChange naming the
    fields.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    asked = ReformAsked(session, values, today)
    refuse_mistakes(asked)
    payload = staged(asked, midnight)
    about = ("organization", 0, values["paper"][:LONGEST_REFERENCE])
    return approvals.ask(session, actor, ApprovalKind.REFORM, about, payload, values["reason"])


def staged(asked: ReformAsked, midnight: datetime) -> Values:
    """Return what will be done, in JSON values: with the versions seen, and what is open now."""
    values, known = asked.values, asked.known
    named = {slug for *_, slug in named_in(asked) if slug in known}
    return {
        "effective_on": values["effective_on"].isoformat(),
        "midnight": midnight.isoformat(),
        "paper": values["paper"],
        **{part: values[part] for part in PARTS},
        "versions": {slug: known[slug].version for slug in sorted(named)},
        "open": asked.open,
    }


def carry_out_reform(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Do what was asked and approved, as it was staged; raise Overtaken where it no longer fits."""
    payload = approval.payload
    midnight = datetime.fromisoformat(payload["midnight"])
    today = utcnow().astimezone(midnight.tzinfo).date()
    day = date.fromisoformat(payload["effective_on"])
    asked = ReformAsked(session, payload | {"effective_on": day}, max(today, day))
    seen = {slug: one.version for slug, one in asked.known.items() if slug in payload["versions"]}
    if seen != payload["versions"]:
        raise Overtaken
    reform = Reform(day, midnight, payload["paper"])
    try:
        refuse_mistakes(asked)
        reorganize(session, actor, asked, reform)
        hand_over(session, actor, asked, reform, Work(session, read_book(session), today))
    except (AlreadyExists, InvalidChange) as error:
        raise Overtaken from error
    return []


def reorganize(session: Session, actor: Actor, asked: ReformAsked, reform: Reform) -> None:
    """Make, rename and move organizations; those that are made become known."""
    known = asked.known
    for one in asked.values["created"]:
        parent = known[one["parent"]] if one.get("parent") else None
        note = "\n".join(filter(None, (reform.paper, one.get("note"))))
        columns = one | {"parent_id": parent.id if parent else None, "note": note}
        known[one["slug"]] = add_organization(session, actor, columns, is_checked=True)
    for one in asked.values["renamed"]:
        rename_organization(session, actor, known[one["organization"]], one, reform)
    for one in asked.values["moved"]:
        move_organization(session, actor, known[one["organization"]], known[one["parent"]], reform)


def hand_over(
    session: Session, actor: Actor, asked: ReformAsked, reform: Reform, work: Work
) -> None:
    """End organizations, whose first successors take over what is open."""
    for one in asked.values["ended"]:
        former = asked.known[one["organization"]]
        successors = [asked.known[slug] for slug in one["successors"]]
        if successors:
            pass_work(Handover(actor, former, successors[0], reform.paper, work))
        end_organization(session, actor, former, successors, reform)
