"""Reading the curated files in seeds/ into plain records, each quotation resolved to its span."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from app.core.types import Values
from app.register.documents.rules.corrections import Meant, both_ways
from app.register.documents.rules.passages import QuoteNotFound, Span, find_quote
from app.seeding.papers import papers_in
from app.seeding.reading import Files, names_in, read_text, text_in, toml_in

LINEAGE_KINDS = ("repeats", "continues", "merged_into", "supersedes")


@dataclass
class SeedDocument:
    """One page with its curated records; *problems* are sentences about what does not resolve."""

    name: str
    text: str
    sha256: str
    fields: Values
    corrections: list[Values] = field(default_factory=list)
    stretches: list[Values] = field(default_factory=list)
    persons: list[Values] = field(default_factory=list)
    proposals: list[Values] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def recommendations(self) -> list[Values]:
        """Return the recommendations of all proposals, in the order of the file."""
        return [r for p in self.proposals for r in p["recommendations"]]

    @property
    def meant(self) -> list[Meant]:
        """Return what is misprinted where, and what it means."""
        return [
            Meant(span, correction["as_meant"])
            for correction in self.corrections
            for span in correction["spans"]
        ]

    def also_meant(self, words: str) -> str:
        """Return *words* of the page and, where they hold a misprint of it, what they mean."""
        meant = words
        for span, as_meant in self.meant:
            meant = meant.replace(self.text[span.start : span.end], as_meant)
        return both_ways(words, meant)


@dataclass
class SeedSet:
    """All seed records of one folder."""

    tags: list[Values]
    organizations: list[Values]
    sessions: list[Values]
    documents: list[SeedDocument]
    papers: dict[str, list[Values]]


def read_seeds(folder: Path) -> SeedSet:
    """Read everything below *folder*; unresolved quotations end in each document's problems."""
    return seeds_in(read_files(folder))


def read_files(folder: Path) -> Files:
    """Return the text of every curated file below *folder*, by its path from there.

    Raises InvalidChange naming a file that is no text.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".txt"))
    return {path.relative_to(folder).as_posix(): read_text(path) for path in paths}


def seeds_in(files: Mapping[str, str]) -> SeedSet:
    """Return the records in these *files*; raise InvalidChange naming one that is missing."""
    return SeedSet(
        tags=toml_in(files, "tags.toml")["tags"],
        organizations=toml_in(files, "organizations.toml")["organizations"],
        sessions=toml_in(files, "sessions.toml")["sessions"],
        documents=[document_in(files, name) for name in names_in(files, "documents")],
        papers=papers_in(files),
    )


def document_in(files: Mapping[str, str], name: str) -> SeedDocument:
    """Return a curated file with the page beside it, and resolve every quotation."""
    raw, path = toml_in(files, name), PurePosixPath(name)
    text = text_in(files, (path.parent / raw["document"]["file"]).as_posix())
    document = SeedDocument(
        name=path.stem,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        fields=raw["document"],
        corrections=raw.get("corrections", []),
        stretches=raw.get("stretches", []),
        persons=raw.get("persons", []),
        proposals=raw.get("proposals", []),
    )
    resolve(document)
    return document


def resolve(document: SeedDocument) -> None:
    """Give every record of *document* its ``spans``, and every recommendation its reference."""
    for correction in document.corrections:
        correction["spans"] = spans_of(document, "correction", [correction["quote"]])
    for stretch in document.stretches:
        stretch["spans"] = spans_of(document, f"stretch {stretch['reason']}", stretch["quotes"])
    for proposal in document.proposals:
        reference = proposal["reference"]
        proposal["spans"] = spans_of(document, reference, proposal["passages"])
        for recommendation in proposal.setdefault("recommendations", []):
            recommendation["reference"] = f"{reference}-R{recommendation['number']:02d}"
            recommendation["spans"] = spans_of(
                document, recommendation["reference"], recommendation["passages"]
            )


def spans_of(document: SeedDocument, owner: str, quotes: list[Any]) -> list[Span]:
    """Return the spans of *quotes*; one that is not found becomes a problem of *document*."""
    spans: list[Span] = []
    for item in quotes:
        quote, nth = (item, None) if isinstance(item, str) else (item["quote"], item.get("nth"))
        try:
            spans.append(find_quote(document.text, quote, nth))
        except QuoteNotFound as error:
            document.problems.append(f"{owner}: {error}")
    return spans
