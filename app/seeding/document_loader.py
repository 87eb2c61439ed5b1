"""Loading the source documents: who proposed what in them, in which words."""

from functools import cached_property

from app.core.codes import (
    Acceptance,
    HandlingState,
    LeadStatus,
    Progress,
    Publication,
)
from app.core.types import Values
from app.models import (
    Correction,
    Document,
    Organization,
    Passage,
    Person,
    Proposal,
    Proposer,
    Recommendation,
    Stretch,
    Tag,
)
from app.register.documents.rules.corrections import both_ways, corrected
from app.register.recommendations.services.search_texts import search_text
from app.register.tags.services.tag_index import write_index
from app.register.tags.services.tags import (
    direct_tags,
    read_vocabulary,
)
from app.seeding.files import SeedDocument
from app.seeding.placing import Curated, Placer

UNTOUCHED = {
    "acceptance": Acceptance.UNDECIDED,
    "progress": Progress.NOT_STARTED,
    "last_move": 0,
}
"""How far a recommendation is when it is loaded."""


class DocumentLoader(Placer):
    """Turns what the curated files say of documents into rows."""

    @cached_property
    def vocabulary(self) -> dict[str, Tag]:
        """Return every tag by its slug, once all of them are loaded."""
        return read_vocabulary(self.session)

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
            Curated(
                Document,
                {"all": content},
                columns,
                children=lambda row: self.annotations(row, source),
            )
        )
        for person in source.persons:
            self.person(person)
        for proposed in source.proposals:
            self.proposal(source, document, proposed)

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

    def person(self, content: Values) -> None:
        """Load one person."""
        columns = {name: content[name] for name in ("slug", "name", "capacity")}
        columns["body_id"] = self.id_of("organization", content["body"])
        self.place(Curated(Person, content, columns))

    def proposal(self, source: SeedDocument, document: Document, content: Values) -> None:
        """Load one proposal with its recommendations."""
        names = ("reference", "kind", "source_kind", "title", "title_is_printed")
        columns = {name: content[name] for name in names} | {"note": content.get("note")}
        columns |= {"document_id": document.id, "session_id": document.session_id}
        own = {name: value for name, value in content.items() if name != "recommendations"}
        own |= {"document": document.reference, "session": source.fields.get("session")}
        start = {"handling_state": HandlingState.FILED, "publication": Publication.PUBLISHED}
        proposal = self.place(
            Curated(
                Proposal,
                own,
                columns,
                children=lambda row: self.proposers(row, source, content),
                start=start,
            )
        )
        for recommendation in content["recommendations"]:
            self.recommendation(source, proposal, content, recommendation)

    def proposers(self, proposal: Proposal, source: SeedDocument, content: Values) -> None:
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
        self, source: SeedDocument, document_id: int | None, content: Values, **owner: int
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
        parent: Values,
        content: Values,
    ) -> Recommendation:
        """Load one recommendation with its passages, its tags and the suggested office."""
        names = ("reference", "number", "summary_zh", "stance", "specificity")
        columns = {name: content[name] for name in names}
        columns |= {name: content.get(name) for name in ("summary_en", "note")}
        columns |= {"targets": content.get("targets", []), "proposal_id": proposal.id}
        columns |= self.suggested(content)
        columns["search_text"] = search_text(
            content["summary_zh"],
            content.get("summary_en"),
            both_ways(
                "".join(source.text[span.start : span.end] for span in content["spans"]),
                "".join(corrected(source.text, span, source.meant) for span in content["spans"]),
            ),
            source.also_meant(proposal.title),
            source.also_meant(" ".join(p["as_printed"] for p in parent["proposers"])),
        )
        start = {**UNTOUCHED, "publication": proposal.publication}
        own = {**content, "proposers": parent["proposers"], "search": columns["search_text"]}
        return self.place(
            Curated(
                Recommendation,
                own,
                columns,
                children=lambda row: self.hang_on(row, source, proposal, content),
                start=start,
            )
        )

    def suggested(self, content: Values) -> Values:
        """Return the columns of the offices that the editors suggest for a recommendation."""
        office = content.get("suggested_office")
        beside = sorted(self.standing_office(slug) for slug in content.get("joint_offices", []))
        return {
            "lead_office_id": self.standing_office(office) if office else None,
            "lead_status": LeadStatus.SUGGESTED if office else None,
            "suggested_joint_ids": ",".join(map(str, beside)) or None,
        }

    def standing_office(self, slug: str) -> int:
        """Return the id of the office *slug*, or of the one that took over where it ended."""
        found = self.session.get_one(Organization, self.ids["organization", slug])
        while found.ended_on is not None and found.successor_id is not None:
            found = self.session.get_one(Organization, found.successor_id)
        return found.id

    def hang_on(
        self,
        recommendation: Recommendation,
        source: SeedDocument,
        proposal: Proposal,
        content: Values,
    ) -> None:
        """Load the passages and the tags of *recommendation*."""
        self.passages(source, proposal.document_id, content, recommendation_id=recommendation.id)
        tags, vocabulary = set(content["tags"]), self.vocabulary
        if direct_tags(self.session, recommendation) != tags:
            write_index(self.session, recommendation, tags, vocabulary)
