"""What is asked of a reform, and what is wrong with it: all at once, before anything is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import InvalidChange, Sentence
from app.core.rules.folding import folded
from app.core.types import Given, Values
from app.handling.reforms.open_work import numbers
from app.models import Organization, OrganizationName
from app.register.people.rules import lacks_source
from app.register.people.services.organizations import NO_SOURCE

PARTS = ("created", "renamed", "moved", "ended")
"""What a reform does, in the order in which it is done."""

LABELS = {
    "assignments": ("件交办件", "assignments"),
    "commitments": ("项承诺", "promises"),
    "recommendations": ("条建议", "recommendations"),
    "watched": ("件督办提案", "proposals it watches over"),
    "accounts": ("个账户", "accounts"),
}
"""What must pass to somebody → how a sentence calls it."""

WORK = frozenset({"assignments", "commitments", "recommendations"})
"""What only an office can have."""


@dataclass(frozen=True)
class ReformAsked:
    """What is asked: *values* with organizations by their slugs, on the day *today*."""

    session: Session
    values: Given
    today: date

    @cached_property
    def known(self) -> dict[str, Organization]:
        """Return every organization by its slug."""
        return {one.slug: one for one in self.session.scalars(sa.select(Organization))}

    @cached_property
    def new(self) -> dict[str, Values]:
        """Return the organizations that it makes, by slug."""
        return {one["slug"]: one for one in self.values["created"]}

    @cached_property
    def ends(self) -> frozenset[str]:
        """Return the slugs of those that end."""
        return frozenset(one["organization"] for one in self.values["ended"])

    @cached_property
    def open(self) -> dict[str, dict[str, int]]:
        """Return how much is open at each that ends."""
        known = (self.known[slug] for slug in sorted(self.ends) if slug in self.known)
        return {one.slug: numbers(self.session, one.id) for one in known}

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Return the parent of each organization afterwards, by slug."""
        slugs = {one.id: slug for slug, one in self.known.items()}
        above = {slug: slugs.get(one.parent_id or 0) for slug, one in self.known.items()}
        above |= {slug: one.get("parent") for slug, one in self.new.items()}
        return above | {one["organization"]: one["parent"] for one in self.values["moved"]}


def refuse_mistakes(asked: ReformAsked) -> None:
    """Raise InvalidChange naming each field of what is *asked* that cannot be."""
    wrong: dict[str, Sentence] = {}
    for field, message in mistakes(asked):
        wrong.setdefault(field, message)
    if wrong:
        raise InvalidChange(fields=wrong)


def mistakes(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of what is *asked* that cannot be, and why."""
    values = asked.values
    if values["effective_on"] > asked.today:
        yield (
            "effective_on",
            ("不能晚于今天；到那一天再登记", "must not be later than today: enter it on that day"),
        )
    if not any(values[part] for part in PARTS):
        yield "ended", ("改革内容为空", "nothing is to be done")
    yield from unknown_names(asked)
    yield from doubled(asked)
    yield from wrong_names(asked)
    for number, one in enumerate(values["created"]):
        if lacks_source(one.get("name_status"), one.get("name_source")):
            yield f"created.{number}.name_source", NO_SOURCE
    yield from wrong_places(asked)
    yield from wrong_ends(asked)


def unknown_names(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each place that names an organization there is not, or one that ended."""
    for part, number, field, slug in named_in(asked):
        found = asked.known.get(slug)
        before = [one["slug"] for one in asked.values["created"]]
        made = before[:number] if part == "created" else before
        if found is None and not (slug in made and field != "organization"):
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


def doubled(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each organization that one part is about twice, and each slug that is taken."""
    for part in PARTS:
        field = "slug" if part == "created" else "organization"
        slugs = [one[field] for one in asked.values[part]]
        for number, slug in enumerate(slugs):
            if slug in slugs[:number]:
                yield f"{part}.{number}.{field}", (f"{slug} 写了两次", f"{slug} is there twice")
            elif part == "created" and slug in asked.known:
                yield f"{part}.{number}.{field}", (f"已有 {slug}", f"there is already a {slug}")


def wrong_names(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each name that another organization has afterwards, and each day before the last."""
    renamed = {one["organization"]: one["name_zh"] for one in asked.values["renamed"]}
    taken = {
        folded(renamed.get(slug, one.name_zh)): slug
        for slug, one in asked.known.items()
        if one.ended_on is None and slug not in asked.ends and slug not in renamed
    }
    for part in ("created", "renamed"):
        for number, one in enumerate(asked.values[part]):
            name = folded(one["name_zh"])
            if name in taken:
                other = taken[name]
                yield (
                    f"{part}.{number}.name_zh",
                    (f"已有同名机构 {other}", f"{other} is called so as well"),
                )
            taken[name] = one.get("slug") or one["organization"]
    for number, one in enumerate(asked.values["renamed"]):
        last = last_renamed(asked, one["organization"])
        if last is not None and asked.values["effective_on"] <= last:
            message = (
                f"须晚于 {last}，即上次更名之日",
                f"must be later than {last}, when it was last renamed",
            )
            yield f"renamed.{number}.organization", message


def last_renamed(asked: ReformAsked, slug: str) -> date | None:
    """Return the day from which the organization *slug* has its name; None: always."""
    found = asked.known.get(slug)
    until = sa.select(sa.func.max(OrganizationName.until))
    own = OrganizationName.organization_id == (found.id if found else 0)
    return asked.session.scalar(until.where(own))


def wrong_places(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each place in the tree that would be below itself."""
    for number, one in enumerate(asked.values["moved"]):
        seen, above = {one["organization"]}, one["parent"]
        while above is not None and above not in seen:
            seen.add(above)
            above = asked.parents.get(above)
        if above == one["organization"]:
            parent = one["parent"]
            message = (f"{parent} 是它的下级机构", f"{parent} stands below it")
            yield f"moved.{number}.parent", message


def wrong_ends(asked: ReformAsked) -> Iterator[tuple[str, Sentence]]:
    """Yield each end that leaves something to nobody, or to one that cannot have it."""
    for number, one in enumerate(asked.values["ended"]):
        place, slug = f"ended.{number}.successors", one["organization"]
        if set(one["successors"]) & asked.ends:
            yield place, ("承接的机构也在撤销之列", "a successor ends as well")
        left = {kind: n for kind, n in asked.open.get(slug, {}).items() if n and kind in LABELS}
        children = [
            child
            for child, parent in asked.parents.items()
            if parent == slug and child not in asked.ends and stands(asked, child)
        ]
        if (left or children) and not one["successors"]:
            zh = "、".join(f"{n}{LABELS[kind][0]}" for kind, n in left.items())
            en = ", ".join(f"{LABELS[kind][1]}: {n}" for kind, n in left.items())
            below = ", ".join(children)
            zh = "；".join(filter(None, (zh, f"下级机构 {below}" if below else "")))
            en = "; ".join(filter(None, (en, f"below it: {below}" if below else "")))
            yield place, (f"须写明由谁承接（{zh}）", f"say who takes over ({en})")
        elif left.keys() & WORK and not can_have_work(asked, one["successors"][0]):
            first = one["successors"][0]
            yield place, (f"{first} 不是承办单位", f"{first} is not an office")


def stands(asked: ReformAsked, slug: str) -> bool:
    """Return whether the organization *slug* has not ended."""
    found = asked.known.get(slug)
    return found is None or found.ended_on is None


def can_have_work(asked: ReformAsked, slug: str) -> bool:
    """Return whether the organization *slug* is an office, or will be made one."""
    made = asked.new.get(slug)
    found = asked.known.get(slug)
    return bool(made["is_office"] if made else found is not None and found.is_office)
