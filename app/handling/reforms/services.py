"""A reform of organizations: asked by one person, approved by another, carried out in one act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.services import approvals
from app.core.clock import utcnow
from app.core.codes import ApprovalKind
from app.core.errors import AlreadyExists, InvalidChange, Overtaken, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, Values
from app.handling.assignments.services.context import Work
from app.handling.reforms.passing import Handover, numbers, pass_work
from app.models import Approval, Organization
from app.register.people.queries.reference_data import read_book
from app.register.people.services.organizations import add_organization, check_name
from app.register.people.services.reforms import (
    Reform,
    end_organization,
    move_organization,
    rename_organization,
)

PARTS = ("created", "renamed", "moved", "ended")
"""What a reform does, in the order in which it is done."""


@dataclass(frozen=True)
class ReformAsked:
    """What is asked: *values* as they came in, organizations by their slugs; *known* are those.

    *today* is the day it is asked.
    """

    values: Given
    known: dict[str, Organization]
    today: date

    def new(self) -> dict[str, Values]:
        """Return the organizations that it makes, by slug."""
        return {one["slug"]: one for one in self.values["created"]}


def ask_reform(
    session: Session, actor: Actor, values: Given, today: date, midnight: datetime
) -> Approval:
    """Note the reform that *actor* asks for; nothing changes before another has approved it.

    *values*: ``effective_on``, whose *midnight* is when that day began, ``paper``, ``reason``, and
    what is created, renamed, moved and ended. Raises PermissionDenied, AlreadyExists, InvalidChange
    naming the fields.
    """
    require(actor, Permission.MANAGE_ORGANIZATIONS)
    known = {one.slug: one for one in session.scalars(sa.select(Organization))}
    asked = ReformAsked(values, known, today)
    wrong = dict(mistakes(session, asked))
    if wrong:
        raise InvalidChange(fields=wrong)
    for one in (*values["created"], *values["renamed"]):
        named = known.get(one.get("organization", ""))
        check_name(session, one["name_zh"], named.id if named else None)
    payload = staged(session, asked, midnight)
    about = ("organization", 0, values["paper"][:LONGEST_REFERENCE])
    return approvals.ask(
        session, actor, ApprovalKind.REFORM, about, payload, values.get("reason", "")
    )


LONGEST_REFERENCE = 60


def staged(session: Session, asked: ReformAsked, midnight: datetime) -> Values:
    """Return what will be done, in JSON values: with the versions seen, and what is open now."""
    values, known = asked.values, asked.known
    named = {one["organization"] for part in PARTS[1:] for one in values[part]}
    return {
        "effective_on": values["effective_on"].isoformat(),
        "midnight": midnight.isoformat(),
        "paper": values["paper"],
        **{part: values[part] for part in PARTS},
        "versions": {slug: known[slug].version for slug in sorted(named)},
        "open": {
            one["organization"]: numbers(session, known[one["organization"]].id)
            for one in values["ended"]
        },
    }


def mistakes(session: Session, asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of what is *asked* that cannot be, and why."""
    values = asked.values
    if values["effective_on"] > asked.today:
        yield (
            "effective_on",
            ("不能晚于今天；到那一天再登记", "must not be later than today: enter it on that day"),
        )
    if not any(values[part] for part in PARTS):
        yield "ended", ("没有要做的事", "nothing is to be done")
    slugs = [one["slug"] for one in values["created"]]
    for number, slug in enumerate(slugs):
        if slug in asked.known or slug in slugs[:number]:
            yield f"created.{number}.slug", (f"已有 {slug}", f"there is already a {slug}")
    yield from unknown_names(asked)
    yield from wrong_ends(session, asked)


def unknown_names(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each place that names an organization there is not, or one that ended."""
    for part, number, field, slug in named_in(asked):
        made = part == "created" or field in ("parent", "successors")
        found = asked.known.get(slug)
        if found is None and not (made and slug in asked.new()):
            message = (f"没有机构 {slug}", f"there is no organization {slug}")
        elif found is not None and found.ended_on is not None:
            day = found.ended_on
            message = (f"{slug} 已于 {day} 撤销", f"{slug} ended on {day}")
        else:
            continue
        yield f"{part}.{number}.{field}", message


def named_in(asked: ReformAsked) -> Iterator[tuple[str, int, str, str]]:
    """Yield each place of what is *asked* that names an organization: part, number, field, slug."""
    for part in PARTS:
        for number, one in enumerate(asked.values[part]):
            for field in ("organization", "parent"):
                if one.get(field) is not None:
                    yield part, number, field, one[field]
            for slug in one.get("successors", ()):
                yield part, number, "successors", slug


def wrong_ends(session: Session, asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each end that leaves open work to nobody, or to one that cannot have it."""
    ended = [one["organization"] for one in asked.values["ended"]]
    for number, one in enumerate(asked.values["ended"]):
        place, own = f"ended.{number}.successors", asked.known.get(one["organization"])
        if one["organization"] in ended[:number]:
            message = ("同一机构写了两次", "stands twice")
            yield f"ended.{number}.organization", message
        if set(one["successors"]) & set(ended):
            yield place, ("承接的机构也在撤销之列", "a successor ends as well")
        if own is None:
            continue
        left = {kind: n for kind, n in numbers(session, own.id).items() if n and kind != "keys"}
        if left and not one["successors"]:
            listed = ", ".join(f"{n} {kind}" for kind, n in left.items())
            message = (f"尚有未结事项，须写明承接单位（{listed}）", f"say who takes over {listed}")
            yield place, message
        elif left and not can_have_work(asked, one["successors"][0]):
            slug = one["successors"][0]
            yield place, (f"{slug} 不是承办单位", f"{slug} is no office")


def can_have_work(asked: ReformAsked, slug: str) -> bool:
    """Return whether the organization *slug* is an office, or will be made one."""
    made = asked.new().get(slug)
    found = asked.known.get(slug)
    return bool(made["is_office"] if made else found is not None and found.is_office)


def carry_out_reform(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Do what was asked and approved, as it was staged; raise Overtaken where it no longer fits."""
    payload = approval.payload
    midnight = datetime.fromisoformat(payload["midnight"])
    reform = Reform(date.fromisoformat(payload["effective_on"]), midnight, payload["paper"])
    known = {one.slug: one for one in session.scalars(sa.select(Organization))}
    seen = {slug: known[slug].version for slug in payload["versions"] if slug in known}
    if seen != payload["versions"]:
        raise Overtaken
    try:
        reorganize(session, actor, payload, known, reform)
    except (AlreadyExists, InvalidChange) as error:
        raise Overtaken from error
    today = utcnow().astimezone(midnight.tzinfo).date()
    work = Work(session, read_book(session), today)
    for one in payload["ended"]:
        former = known[one["organization"]]
        successors = [known[slug] for slug in one["successors"]]
        if successors:
            pass_work(Handover(actor, former, successors[0], reform.paper, work))
        end_organization(session, actor, former, successors, reform)
    return []


def reorganize(
    session: Session,
    actor: Actor,
    payload: Given,
    known: dict[str, Organization],
    reform: Reform,
) -> None:
    """Make, rename and move organizations; those that are made become *known*."""
    for one in payload["created"]:
        parent = known[one["parent"]] if one.get("parent") else None
        columns = one | {"parent_id": parent.id if parent else None, "note": reform.paper}
        known[one["slug"]] = add_organization(session, actor, columns)
    for one in payload["renamed"]:
        rename_organization(session, actor, known[one["organization"]], one, reform)
    for one in payload["moved"]:
        move_organization(session, actor, known[one["organization"]], known[one["parent"]], reform)
