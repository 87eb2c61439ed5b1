"""Loading the curated records: safe to run twice, and after offices have worked."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.queries.covered import seeds_digest
from app.audit.services.covering import cover_load
from app.core.codes import (
    LineageKind,
)
from app.core.rules.permissions import Actor
from app.core.types import Values
from app.handling.assignments.services.calendars import recompute_years
from app.models import (
    CalendarEdition,
    CategoryScheme,
    LabelScheme,
    Organization,
    Recommendation,
    RuleProfile,
    Sitting,
    Tag,
)
from app.register.recommendations.services.recommendation_relations import link
from app.register.tags.services.tag_lives import index_again
from app.register.tags.services.tags import (
    names_text,
    renew_vocabulary,
)
from app.seeding.document_loader import DocumentLoader
from app.seeding.files import LINEAGE_KINDS, SeedSet
from app.seeding.placing import SEEDER, Curated, Placing

__all__ = ["SEEDER", "Placing", "load_seeds"]


def load_seeds(
    session: Session, seeds: SeedSet, step: Callable[[], object], actor: Actor = SEEDER
) -> Placing:
    """Write *seeds* to the database in one transaction, calling *step* after each record.

    A record that was changed since it was loaded is never overwritten: it stands in the
    outcome's ``kept``; one that the files no longer have stays too, in ``gone``. The seeds
    must have passed the checks.
    """
    before = seeds_digest(session)
    loader = Loader(session, step, actor)
    loader.papers(seeds.papers)
    for organization in parents_first(seeds.organizations, "parent"):
        loader.organization(organization)
    for tag in parents_first(seeds.tags, "broader"):
        loader.tag(tag)
    for sitting in seeds.sessions:
        loader.sitting(sitting)
    for document in seeds.documents:
        loader.document(document)
    loader.lineage(seeds)
    gone = sorted(set(loader.seen) - set(loader.ids))
    loader.outcome.gone = [f"{kind} {reference}" for kind, reference in gone]
    if loader.outcome.created or loader.outcome.updated:
        cover_load(session, actor, before)
        renew_vocabulary(session)
    return loader.outcome


def parents_first(records: list[Values], parent: str) -> list[Values]:
    """Return *records* so that each stands after the one its *parent* field names."""
    by_slug = {record["slug"]: record for record in records}

    def depth(record: Values) -> int:
        above = record.get(parent)
        return 0 if above is None else 1 + depth(by_slug[above])

    return sorted(records, key=depth)


class Loader(DocumentLoader):
    """One load: turns what the curated files say into rows."""

    def papers(self, papers: dict[str, list[Values]]) -> None:
        """Load every edition of the calendars, profiles and schemes; one that stands stays.

        The open due dates of a year that a calendar came for are worked out anew.
        """
        optional = ("assessment", "label_scheme", "note_zh", "note_en")
        usual: Values = {"is_default": False, "sessions": []} | dict.fromkeys(optional)
        anywhere: Values = {"is_default": False, "bodies": [], "kinds": [], "sessions": []}
        for model, name, more in (
            (CalendarEdition, "calendars", {}),
            (RuleProfile, "profiles", usual),
            (LabelScheme, "schemes", {"is_default": False}),
            (CategoryScheme, "category_schemes", anywhere | {"holds_from": None}),
        ):
            for content in papers[name]:
                self.place(Curated(model, content, more | content, frozen=True))
        known = {reference for kind, reference in self.written if kind == "calendar"}
        came = {row["year"] for row in papers["calendars"] if row["reference"] in known}
        if came:
            recompute_years(self.session, self.actor, came)

    def organization(self, content: Values) -> None:
        """Load one organization."""
        names = ("slug", "kind", "name_zh", "aliases", "region_code", "is_office")
        columns = {name: content[name] for name in names}
        for name in ("name_en", "is_vertical", "name_status", "name_source"):
            columns[name] = content.get(name)
        columns["parent_id"] = self.id_of("organization", content.get("parent"))
        columns["search_text"] = names_text(Organization(**columns))
        self.place(Curated(Organization, content, columns))

    def tag(self, content: Values) -> None:
        """Load one tag."""
        names = ("slug", "name_zh", "name_en", "definition", "synonyms")
        columns = {name: content[name] for name in names}
        columns["broader_id"] = self.id_of("tag", content.get("broader"))
        columns["search_text"] = names_text(Tag(**columns))
        before = self.session.scalar(select(Tag.broader_id).where(Tag.slug == content["slug"]))
        placed = self.place(Curated(Tag, content, columns))
        if placed.broader_id != before:
            index_again(self.session, placed)

    def sitting(self, content: Values) -> None:
        """Load one session."""
        columns = {name: content[name] for name in ("slug", "kind", "name_zh")}
        for name in ("name_en", "term", "meeting", "starts_on", "ends_on", "note"):
            columns[name] = content.get(name)
        columns["body_id"] = self.id_of("organization", content["body"])
        self.place(Curated(Sitting, content, columns))

    def lineage(self, seeds: SeedSet) -> None:
        """Load how recommendations relate to each other."""
        for document in seeds.documents:
            for content in document.recommendations:
                for kind in LINEAGE_KINDS:
                    for target in content.get(kind, []):
                        self.relate(content["reference"], LineageKind(kind), target)

    def relate(self, reference: str, kind: LineageKind, target: str) -> None:
        """Load one relation of a recommendation that this load wrote, and whose event tells it."""
        if ("recommendation", reference) not in self.written:
            return
        one, other = (self.ids["recommendation", r] for r in (reference, target))
        link(
            self.session,
            self.session.get_one(Recommendation, one),
            kind,
            self.session.get_one(Recommendation, other),
            self.written["recommendation", reference],
        )
