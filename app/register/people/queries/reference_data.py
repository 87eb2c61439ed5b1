"""Tags, organizations and papers, known by heart in each process and read anew when they change."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import Head
from app.core.queries.rows import View
from app.core.types import Row, Values
from app.deadlines.queries import classification_of
from app.deadlines.rules.rulebook import RuleBook, profile_of, scheme_of, year_of
from app.models import (
    CalendarEdition,
    CategoryScheme,
    LabelScheme,
    Organization,
    OrganizationName,
    RuleProfile,
    Tag,
)
from app.register.searching.rules.search_folding import search_folded
from app.register.tags.rules import with_broader

SHORTEST_LATIN = 5
"""Letters of a Latin word that does not stand in others by chance, as "AI" does in "chain"."""


class TagRef(NamedTuple):
    """A tag as the process knows it."""

    id: int
    slug: str
    broader_id: int | None
    shown: Values
    words: tuple[str, ...]
    ended: bool


class ReferenceData:
    """All tags, organizations and papers at one version, with short forms ready to show."""

    def __init__(
        self,
        version: int,
        tags: list[TagRef],
        organizations: list[Any],
        book: RuleBook,
        former: Iterable[Row] = (),
    ) -> None:
        self.version = version
        self.book = book
        self.former_names: dict[int, list[Row]] = {}
        for name in former:
            self.former_names.setdefault(name.organization_id, []).append(name)
        self.tag_by_id = {tag.id: tag for tag in tags}
        self.tag_by_slug = {tag.slug: tag for tag in tags}
        self.organization_by_id = {o.id: organization_ref(o) for o in organizations}
        self.organization_ids = {o.slug: o.id for o in organizations}
        self.of_organizations = organizations
        self.tags = lru_cache(maxsize=10_000)(self.list_tags)
        self.organizations = lru_cache(maxsize=10_000)(self.list_organizations)

    @cached_property
    def tag_names(self) -> dict[str, str]:
        """What tags are called → their slugs."""
        standing = sorted(self.tag_by_id.values(), key=lambda tag: tag.ended)
        return names_of((tag.slug, tag.words) for tag in standing)

    @cached_property
    def organization_names(self) -> dict[str, str]:
        """What organizations are called → their slugs."""
        former = self.former_names
        known = {o.id: [n.name_zh for n in former.get(o.id, ())] for o in self.of_organizations}
        return names_of(
            (o.slug, (o.name_zh, o.name_en, *o.aliases, *known[o.id]))
            for o in self.of_organizations
        )

    @cached_property
    def words_of_tags(self) -> dict[str, dict[str, frozenset[str]]]:
        """What a standing tag is called, folded for the search → what else its recommendations say.

        That are the names and synonyms of the tag and of those below it, each under its slug.
        """
        standing = {tag.id: tag for tag in self.tag_by_id.values() if not tag.ended}
        broader = {tag.id: tag.broader_id for tag in self.tag_by_id.values()}
        found: dict[str, dict[str, frozenset[str]]] = {}
        for number, tag in standing.items():
            own = frozenset(filter(may_widen, map(search_folded, tag.words)))
            for above in with_broader([number], broader, {}) & standing.keys():
                for word in map(search_folded, standing[above].words):
                    found.setdefault(word, {})[tag.slug] = own
        return found

    def same_words(self, word: str) -> list[str]:
        """Return what else is found by a folded *word* that a tag is called by, in order."""
        return sorted(frozenset().union(*self.words_of_tags.get(word, {}).values()) - {word})

    def widened_by(self, word: str) -> list[View]:
        """Return which tags widen a search for a folded *word*, each with its words as written."""
        return [
            View(word=word, tag=slug, words=words)
            for slug in self.words_of_tags.get(word, {})
            if (words := self.other_words(slug, word))
        ]

    def other_words(self, slug: str, word: str) -> list[str]:
        """Return the words of the tag *slug*, as written, that a search for *word* also finds."""
        folded_words = ((w, search_folded(w)) for w in self.tag_by_slug[slug].words)
        return [w for w, folded in folded_words if folded != word and may_widen(folded)]

    def words_of(self, tag_id: int) -> list[str]:
        """Return the folded words of a tag, and of those below it, that may widen a search."""
        broader = {tag.id: tag.broader_id for tag in self.tag_by_id.values()}
        below = [t for t in broader if tag_id in with_broader([t], broader, {})]
        words = (w for t in below if not self.tag_by_id[t].ended for w in self.tag_by_id[t].words)
        return sorted(set(filter(may_widen, map(search_folded, words))))

    def list_tags(self, ids: str | None) -> list[Values]:
        """Return the short forms of the tags *ids*, numbers joined by commas."""
        return [self.tag_by_id[i].shown for i in numbers(ids)]

    def list_organizations(self, ids: str | None) -> list[Values]:
        """Return the short forms of the organizations *ids*, numbers joined by commas."""
        return [self.organization_by_id[i] for i in numbers(ids)]

    def tag(self, tag_id: int | None) -> Values | None:
        """Return the short form of a tag."""
        return None if tag_id is None else self.tag_by_id[tag_id].shown

    def organization(
        self, organization_id: int | None, on: date | datetime | None = None
    ) -> Values | None:
        """Return the short form of an organization, with its names of the day *on*, or of now."""
        if organization_id is None:
            return None
        shown = self.organization_by_id[organization_id]
        former = self.former_names.get(organization_id)
        return shown if on is None or former is None else named_then(shown, former, on)

    def names_before(self, organization_id: int) -> list[Values]:
        """Return what an organization was called before, oldest first."""
        former = self.former_names.get(organization_id, ())
        return [{"name_zh": n.name_zh, "name_en": n.name_en, "until": n.until} for n in former]

    def categories(self, names: Sequence[str] | None) -> list[dict[str, str]]:
        """Return the categories that a proposal keeps as *names*, with their labels."""
        return self.book.categories.shown(names)

    def narrower_tags(self, tag_id: int) -> list[Values]:
        """Return the short forms of the tags directly below one."""
        below = [t for t in self.tag_by_id.values() if t.broader_id == tag_id]
        return [tag.shown for tag in below if not tag.ended]


def may_widen(word: str) -> bool:
    """Return whether a folded *word* may widen a search: a short Latin one stands in others."""
    return len(word) >= (SHORTEST_LATIN if word.isascii() else 2)


def numbers(ids: str | None) -> list[int]:
    """Return the numbers of a list joined by commas, in order."""
    return sorted(map(int, ids.split(","))) if ids else []


def names_of(known: Iterable[tuple[str, Iterable[str | None]]]) -> dict[str, str]:
    """Return what each of the *known* is called → its slug; the slug itself stands first."""
    found: dict[str, str] = {}
    for slug, names in known:
        found[slug] = slug
        for name in names:
            if name is not None:
                found.setdefault(name, slug)
    return found


def named_then(shown: Values, former: list[Row], on: date | datetime) -> Values:
    """Return *shown* with the name of *on*, of the *former* names in order of their days."""
    for name in former:
        if on < (name.until_at if isinstance(on, datetime) else name.until):
            return shown | {"name_zh": name.name_zh, "name_en": name.name_en}
    return shown


def organization_ref(row: Row) -> Values:
    """Return the short form of an organization."""
    return {"slug": row.slug, "name_zh": row.name_zh, "name_en": row.name_en}


def read_reference_data(session: Session) -> ReferenceData:
    """Read all tags and organizations; the version is read first, so it is never too new."""
    version = session.scalar(sa.select(Head.vocabulary_version)) or 0
    names = (Tag.name_zh, Tag.name_en, Tag.synonyms)
    tags = sa.select(Tag.id, Tag.slug, Tag.broader_id, *names, Tag.ended_on).order_by(Tag.id)
    O = Organization  # noqa: E741
    columns = (O.id, O.slug, O.name_zh, O.name_en, O.aliases)
    N = OrganizationName
    former = (N.name_zh, N.name_en, N.until, N.until_at)
    return ReferenceData(
        version,
        [
            TagRef(
                row.id,
                row.slug,
                row.broader_id,
                {"slug": row.slug, "name_zh": row.name_zh, "name_en": row.name_en},
                (row.name_zh, row.name_en, *row.synonyms),
                row.ended_on is not None,
            )
            for row in session.execute(tags)
        ],
        list(session.execute(sa.select(*columns))),
        read_book(session),
        session.execute(sa.select(N.organization_id, *former).order_by(N.until)).all(),
    )


def read_book(session: Session) -> RuleBook:
    """Read every edition of the calendars, the profiles, the schemes of labels and categories."""
    return RuleBook(
        map(year_of, session.scalars(sa.select(CalendarEdition))),
        map(profile_of, session.scalars(sa.select(RuleProfile))),
        map(scheme_of, session.scalars(sa.select(LabelScheme))),
        map(classification_of, session.scalars(sa.select(CategoryScheme))),
    )


KEPT = "vocabulary"
"""Under which name a writing session keeps what it has read."""


def forget_names(session: Session) -> None:
    """Forget what *session* keeps, when it goes back to a savepoint.

    The version of what is undone may come again, with other names.
    """
    session.info.pop(KEPT, None)


class ReferenceDataCache:
    """The vocabulary of one database, as this process last read it."""

    def __init__(self) -> None:
        self.known: ReferenceData | None = None

    def at(self, session: Session, version: int | None = None) -> ReferenceData:
        """Return the vocabulary, read anew when the process knows another *version* or none.

        What a writing session sees may never be committed, so that session alone keeps it.
        """
        known = session.info.get(KEPT) or self.known
        if known is not None and version in (None, known.version):
            return known
        found = read_reference_data(session)
        if "head" in session.info:
            session.info[KEPT] = found
        else:
            self.known = found
        return found

    def fresh(self, session: Session) -> ReferenceData:
        """Return the vocabulary at the version the database has now.

        Another process may have changed it. A writing session holds the version.
        """
        head: Head | None = session.info.get("head")
        known = sa.select(Head.vocabulary_version)
        return self.at(session, head.vocabulary_version if head else session.scalar(known))

    def tag(self, session: Session, slug: str) -> TagRef | None:
        """Return the tag *slug*; one that is not known is looked for in the database once more."""
        known = self.at(session).tag_by_slug.get(slug)
        return known or self.fresh(session).tag_by_slug.get(slug)

    def organization_id(self, session: Session, slug: str) -> int | None:
        """Return the id of the organization *slug*, looked for once more when not known."""
        known = self.at(session).organization_ids.get(slug)
        return known or self.fresh(session).organization_ids.get(slug)
