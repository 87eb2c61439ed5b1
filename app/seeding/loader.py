"""Loading the curated records: safe to run twice, and after offices have worked."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.queries.covered import seeds_digest
from app.audit.services.covering import cover_load
from app.core.codes import (
    Acceptance,
    HandlingState,
    LeadStatus,
    LineageKind,
    Progress,
    Publication,
)
from app.core.rules.permissions import Actor
from app.handling.assignments.services.calendars import recompute_years
from app.models import (
    CalendarEdition,
    Correction,
    Document,
    LabelScheme,
    Organization,
    Passage,
    Person,
    Proposal,
    Proposer,
    Recommendation,
    RecommendationTag,
    RuleProfile,
    Sitting,
    Stretch,
    Tag,
)
from app.register.recommendations.services.recommendation_relations import link
from app.register.recommendations.services.recommendations import search_text
from app.register.tags.services.tag_counters import add_counts, counted, counts_of
from app.register.tags.services.tags import (
    direct_tags,
    names_text,
    read_vocabulary,
    renew_vocabulary,
    write_index,
)
from app.seeding.files import LINEAGE_KINDS, SeedDocument, SeedSet
from app.seeding.placing import SEEDER, Placer, Placing

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


def parents_first(records: list[dict[str, Any]], parent: str) -> list[dict[str, Any]]:
    """Return *records* so that each stands after the one its *parent* field names."""
    by_slug = {record["slug"]: record for record in records}

    def depth(record: dict[str, Any]) -> int:
        above = record.get(parent)
        return 0 if above is None else 1 + depth(by_slug[above])

    return sorted(records, key=depth)


class Loader(Placer):
    """One load: turns what the curated files say into rows."""

    @cached_property
    def vocabulary(self) -> dict[str, Tag]:
        """Return every tag by its slug, once all of them are loaded."""
        return read_vocabulary(self.session)

    def papers(self, papers: dict[str, list[dict[str, Any]]]) -> None:
        """Load every edition of the calendars, profiles and schemes; one that stands stays.

        The open due dates of a year that a calendar came for are worked out anew.
        """
        optional = ("assessment", "label_scheme", "note_zh", "note_en")
        usual: dict[str, Any] = {"is_default": False, "sessions": []} | dict.fromkeys(optional)
        for kind, model, name, more in (
            ("calendar", CalendarEdition, "calendars", {}),
            ("profile", RuleProfile, "profiles", usual),
            ("label_scheme", LabelScheme, "schemes", {"is_default": False}),
        ):
            for content in papers[name]:
                self.place(kind, model, "reference", content, more | content, frozen=True)
        known = {reference for kind, reference in self.written if kind == "calendar"}
        came = {row["year"] for row in papers["calendars"] if row["reference"] in known}
        if came:
            recompute_years(self.session, self.actor, came)

    def organization(self, content: dict[str, Any]) -> None:
        """Load one organization."""
        names = ("slug", "kind", "name_zh", "aliases", "region_code", "is_office")
        columns = {name: content[name] for name in names}
        columns["name_en"] = content.get("name_en")
        columns["parent_id"] = self.id_of("organization", content.get("parent"))
        columns["search_text"] = names_text(Organization(**columns))
        self.place("organization", Organization, "slug", content, columns)

    def tag(self, content: dict[str, Any]) -> None:
        """Load one tag."""
        names = ("slug", "name_zh", "name_en", "definition", "synonyms")
        columns = {name: content[name] for name in names}
        columns["broader_id"] = self.id_of("tag", content.get("broader"))
        columns["search_text"] = names_text(Tag(**columns))
        before = self.session.scalar(select(Tag.broader_id).where(Tag.slug == content["slug"]))
        placed = self.place("tag", Tag, "slug", content, columns)
        if placed.broader_id != before:
            self.index_again(placed)

    def index_again(self, tag: Tag) -> None:
        """Give every recommendation of *tag* its broader tags anew."""
        having = select(RecommendationTag.recommendation_id).where(
            RecommendationTag.tag_id == tag.id
        )
        rows = select(Recommendation).where(Recommendation.id.in_(having))
        found = self.session.scalars(rows.order_by(Recommendation.id)).all()
        vocabulary = read_vocabulary(self.session)
        with counted(self.session, [recommendation.id for recommendation in found]):
            for recommendation in found:
                own = direct_tags(self.session, recommendation)
                write_index(self.session, recommendation, own, vocabulary)

    def sitting(self, content: dict[str, Any]) -> None:
        """Load one session."""
        columns = {name: content[name] for name in ("slug", "kind", "name_zh")}
        for name in ("name_en", "term", "meeting", "starts_on", "ends_on", "note"):
            columns[name] = content.get(name)
        columns["body_id"] = self.id_of("organization", content["body"])
        self.place("session", Sitting, "slug", content, columns)

    def document(self, source: SeedDocument) -> None:
        """Load one document with its corrections and stretches, its people and proposals."""
        columns = {name: source.fields[name] for name in ("reference", "title", "kind", "level")}
        for name in ("subtitle", "publisher", "date_as_printed", "earliest_on", "latest_on"):
            columns[name] = source.fields.get(name)
        for name in ("date_reason", "note"):
            columns[name] = source.fields.get(name)
        columns |= {"text": source.text, "sha256": source.sha256}
        columns["session_id"] = self.id_of("session", source.fields.get("session"))
        content = [source.fields, source.corrections, source.stretches]
        document = self.place(
            "document",
            Document,
            "reference",
            {"all": content},
            columns,
            children=lambda row: self.annotations(row, source),
        )
        for person in source.persons:
            self.person(person)
        new = [self.proposal(source, document, content) for content in source.proposals]
        ids = [number for numbers in new for number in numbers]
        add_counts(self.session, dict(counts_of(self.session, ids)))

    def annotations(self, document: Document, source: SeedDocument) -> None:
        """Load the corrections and the stretches of *document*."""
        corrections = [
            {
                "start": span.start,
                "end": span.end,
                "as_printed": source.text[span.start : span.end],
                **{name: content[name] for name in ("as_meant", "reason", "confidence")},
            }
            for content in source.corrections
            for span in content["spans"]
        ]
        stretches = [
            {
                "start": span.start,
                "end": span.end,
                "reason": content["reason"],
                "note": content.get("note"),
            }
            for content in source.stretches
            for span in content["spans"]
        ]
        self.replace(Correction, corrections, document_id=document.id)
        self.replace(Stretch, stretches, document_id=document.id)

    def person(self, content: dict[str, Any]) -> None:
        """Load one person."""
        columns = {name: content[name] for name in ("slug", "name", "capacity")}
        columns["body_id"] = self.id_of("organization", content["body"])
        self.place("person", Person, "slug", content, columns)

    def proposal(
        self, source: SeedDocument, document: Document, content: dict[str, Any]
    ) -> list[int]:
        """Load one proposal with its recommendations; return the ids of those that are new."""
        names = ("reference", "kind", "source_kind", "title", "title_is_printed")
        columns = {name: content[name] for name in names} | {"note": content.get("note")}
        columns |= {"document_id": document.id, "session_id": document.session_id}
        own = {name: value for name, value in content.items() if name != "recommendations"}
        own |= {"document": document.reference, "session": source.fields.get("session")}
        start = {"handling_state": str(HandlingState.FILED)}
        start["publication"] = str(Publication.PUBLISHED)
        of_it = select(Recommendation.id).join(Proposal, Proposal.id == Recommendation.proposal_id)
        standing = self.session.scalars(of_it.where(Proposal.reference == content["reference"]))
        with counted(self.session, standing.all()):
            proposal = self.place(
                "proposal",
                Proposal,
                "reference",
                own,
                columns,
                children=lambda row: self.proposers(row, source, content),
                start=start,
            )
        known = self.outcome.created["recommendation"]
        ids = []
        for recommendation in content["recommendations"]:
            loaded = self.recommendation(source, proposal, content, recommendation)
            if self.outcome.created["recommendation"] > known:
                known += 1
                ids.append(loaded.id)
        return ids

    def proposers(self, proposal: Proposal, source: SeedDocument, content: dict[str, Any]) -> None:
        """Load the proposers and the passages of *proposal*."""
        rows = [
            {
                "position": position,
                "person_id": self.id_of("person", proposer.get("person")),
                "organization_id": self.id_of("organization", proposer.get("organization")),
                "role": proposer["role"],
                "as_printed": proposer["as_printed"],
            }
            for position, proposer in enumerate(content["proposers"], 1)
        ]
        self.replace(Proposer, rows, proposal_id=proposal.id)
        self.passages(source, proposal.document_id, content, proposal_id=proposal.id)

    def passages(
        self, source: SeedDocument, document_id: int | None, content: dict[str, Any], **owner: int
    ) -> None:
        """Load the passages of a proposal or of a recommendation."""
        rows = [
            {
                "document_id": document_id,
                "position": position,
                "start": span.start,
                "end": span.end,
                "text": source.text[span.start : span.end],
            }
            for position, span in enumerate(content["spans"], 1)
        ]
        self.replace(Passage, rows, **owner)

    def recommendation(
        self,
        source: SeedDocument,
        proposal: Proposal,
        parent: dict[str, Any],
        content: dict[str, Any],
    ) -> Recommendation:
        """Load one recommendation with its passages, its tags and the suggested office."""
        columns = {n: content[n] for n in ("reference", "number", "summary_zh", "stance")}
        columns |= {"summary_en": content.get("summary_en"), "proposal_id": proposal.id}
        columns["targets"] = content.get("targets", [])
        columns["lead_office_id"] = self.id_of("organization", content["suggested_office"])
        columns["lead_status"] = str(LeadStatus.SUGGESTED)
        columns["search_text"] = search_text(
            content["summary_zh"],
            content.get("summary_en"),
            "".join(source.text[span.start : span.end] for span in content["spans"]),
            proposal.title,
            " ".join(proposer["as_printed"] for proposer in parent["proposers"]),
        )
        start = {
            "acceptance": str(Acceptance.UNDECIDED),
            "progress": str(Progress.NOT_STARTED),
            "last_move": 0,
            "publication": proposal.publication,
        }
        own = {**content, "title": proposal.title, "proposers": parent["proposers"]}
        loaded: Recommendation = self.place(
            "recommendation",
            Recommendation,
            "reference",
            own,
            columns,
            children=lambda row: self.hang_on(row, source, proposal, content),
            start=start,
        )
        return loaded

    def hang_on(
        self,
        recommendation: Recommendation,
        source: SeedDocument,
        proposal: Proposal,
        content: dict[str, Any],
    ) -> None:
        """Load the passages and the tags of *recommendation*."""
        self.passages(source, proposal.document_id, content, recommendation_id=recommendation.id)
        tags, vocabulary = set(content["tags"]), self.vocabulary
        standing = direct_tags(self.session, recommendation)
        if not standing:
            write_index(self.session, recommendation, tags, vocabulary)
        elif standing != tags:
            with counted(self.session, [recommendation.id]):
                write_index(self.session, recommendation, tags, vocabulary)

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
