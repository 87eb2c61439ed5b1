"""What the seed records cover of each document, and what they leave over with its reason."""

import re
from collections import Counter
from collections.abc import Iterator

from app.core.codes import StretchReason
from app.seeding.files import SeedDocument, SeedSet

SENTENCE_END = re.compile("[。！？!?]")


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
    """Yield what one document holds, what belongs to no proposal, and rows of several sentences."""
    statements = sum(1 for p in document.proposals if not p["recommendations"])
    commits = sum(1 for r in document.recommendations if r["stance"] == "commits")
    directional = sum(1 for r in document.recommendations if r["specificity"] == "directional")
    concrete = len(document.recommendations) - directional
    share = 100 * concrete // max(1, len(document.recommendations))
    passages = sum(len(r["spans"]) for r in (*document.proposals, *document.recommendations))
    yield (
        f"{document.fields['reference']} {document.fields['title']}: {len(document.text)}"
        f" characters, {len(document.proposals)} proposals ({statements} statements),"
        f" {len(document.recommendations)} recommendations ({commits} commit,"
        f" {concrete} concrete: {share} %),"
        f" {passages} passages, {len(document.corrections)} corrections"
    )
    for stretch in document.stretches:
        reason = StretchReason(stretch["reason"])
        for span in stretch["spans"]:
            text = document.text[span.start : span.end]
            shown = text if len(text) <= 40 else f"{text[:28]}…{text[-8:]}"
            yield f"  [{span.start}, {span.end}) {reason}: {shown}"
    for record in document.recommendations:
        said = "".join(document.text[span.start : span.end] for span in record["spans"])
        if (number := sentences_in(said)) > 1:
            yield f"  {record['reference']}: {number} sentences: {record['summary_zh']}"


def sentences_in(text: str) -> int:
    """Return how many sentences *text* holds; one that is cut off counts."""
    return len([part for part in SENTENCE_END.split(text) if part.strip()])
