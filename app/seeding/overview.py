"""What the seed records cover of each document, and what they leave over with its reason."""

from collections import Counter
from collections.abc import Iterator

from app.core.codes import StretchReason
from app.seeding.files import SeedDocument, SeedSet


def overview(seeds: SeedSet) -> Iterator[str]:
    """Yield lines for a person: the counts of each document, then every stretch left over."""
    for document in seeds.documents:
        yield from document_overview(document)
    total = Counter[str]()
    for document in seeds.documents:
        total["proposals"] += len(document.proposals)
        total["recommendations"] += len(document.recommendations)
        total["corrections"] += len(document.corrections)
    message = ", ".join(f"{number} {name}" for name, number in total.items())
    yield f"in all: {message}, {len(seeds.tags)} tags, {len(seeds.organizations)} organizations"


def document_overview(document: SeedDocument) -> Iterator[str]:
    """Yield what one document holds, and the stretches that belong to no proposal."""
    statements = sum(1 for p in document.proposals if not p["recommendations"])
    commits = sum(1 for r in document.recommendations if r["stance"] == "commits")
    passages = sum(len(r["spans"]) for r in (*document.proposals, *document.recommendations))
    yield (
        f"{document.fields['reference']} {document.fields['title']}: {len(document.text)}"
        f" characters, {len(document.proposals)} proposals ({statements} statements),"
        f" {len(document.recommendations)} recommendations ({commits} commit),"
        f" {passages} passages, {len(document.corrections)} corrections"
    )
    for stretch in document.stretches:
        reason = StretchReason(stretch["reason"])
        for span in stretch["spans"]:
            text = document.text[span.start : span.end]
            shown = text if len(text) <= 40 else f"{text[:28]}…{text[-8:]}"
            yield f"  [{span.start}, {span.end}) {reason}: {shown}"
