"""A document itself: its text with the words of each recommendation marked, and its corrections."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Response, request
from werkzeug.exceptions import NotFound

from app.console.calls import ask, ask_file, record_named
from app.console.pages import Pages, page
from app.console.public.marking import MarkedWords, NamedSpan, marked, part_starts, passages_of
from app.console.registry.access import may_call
from app.core.types import Given, Values

blueprint = Pages("document_texts", __name__)

CORRECTION = "correction "
"""How the names of corrections begin, among those of recommendations; no reference has a blank."""


ENTERED = "filed_text"
"""The kind of texts that were entered by hand; pages are kept as they came."""


class DocumentWords(NamedTuple):
    """Words of a document that belong to the recommendations *asked*, the innermost first.

    *beside* are those of the others that were not named beside the words before; *begun* those that
    begin here for the first time, *noted* the numbers of the corrections that end here.
    """

    text: str
    asked: list[str]
    beside: list[str]
    begun: list[str]
    noted: list[str]


@dataclass(frozen=True)
class DocumentPart:
    """One part of a document's text, from *start* up to *end*; short documents have one."""

    number: int
    count: int
    start: int
    end: int
    words: list[DocumentWords]


@blueprint.get("/documents/<reference:reference>")
def document_page(reference: str) -> Response:
    """Show the document that *reference* stands for, with what was asked in it marked."""
    found = ask("getDocument", {"document_id": record_named(reference, "document")["id"]})
    rows = recommendations_in(found["reference"])
    text = text_of(found["id"])
    shown = part_shown(found, rows, text)
    return page(
        "public/document.html",
        document=found,
        may_revise=may_be_revised(found),
        part=shown,
        recommendations=[row for row in rows if stands_in(row, found["id"], shown)],
        total=len(rows),
        summaries={row["reference"]: row["summary_zh"] for row in rows},
        corrections=[
            (number, own)
            for number, own in enumerate(found["corrections"], 1)
            if own["start"] < shown.end and own["end"] > shown.start
        ],
        proposals=ask("listDocumentProposals", {"document_id": found["id"]}, limit=100),
    )


def may_be_revised(document: Given) -> bool:
    """Return whether whoever looks may put another edition in the place of *document*."""
    is_newest = document["kind"] == ENTERED and document["replaced_by"] is None
    return is_newest and may_call("reviseText")


def part_shown(document: Given, rows: list[Values], text: str) -> DocumentPart:
    """Return the part of the text that the address asks for, marked; raise NotFound for none."""
    starts = part_starts(text)
    asked = request.args.get("part", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not 1 <= number <= len(starts):
        raise NotFound
    start, end = starts[number - 1], [*starts[1:], len(text)][number - 1]
    spans = [*passages_of(rows, document["id"]), *corrected(document)]
    words = in_document(marked(text[start:end], start, spans))
    return DocumentPart(number, len(starts), start, end, words)


def in_document(stretches: list[MarkedWords]) -> list[DocumentWords]:
    """Return the words of a part of a document with what they link to."""
    seen: set[str] = set()
    before: list[str] = []
    found = []
    for own in stretches:
        asked = [name for name in own.names if not name.startswith(CORRECTION)]
        beside = [name for name in asked[1:] if name not in before]
        begun = [name for name in asked if name not in seen]
        ended = [name for name in own.last if name.startswith(CORRECTION)]
        noted = [name.removeprefix(CORRECTION) for name in ended]
        found.append(DocumentWords(own.text, asked, beside, begun, noted))
        seen.update(begun)
        before = asked[1:]
    return found


def corrected(document: Given) -> list[NamedSpan]:
    """Return where the editors say that the print is mistaken, each by the number of its note."""
    return [
        NamedSpan(own["start"], own["end"], f"{CORRECTION}{number}")
        for number, own in enumerate(document["corrections"], 1)
    ]


def stands_in(row: Given, document_id: int, part: DocumentPart) -> bool:
    """Return whether words of the recommendation stand in *part* of the document."""
    return any(
        own.start < part.end and own.end > part.start for own in passages_of([row], document_id)
    )


def recommendations_in(reference: str) -> list[Values]:
    """Return all recommendations of a document that the visitor may see, with their passages."""
    asked: Values = {"document": reference, "expand": "passages", "limit": 200}
    answer = ask("listRecommendations", **asked)
    found: list[Values] = answer["items"]
    while answer["next"]:
        answer = ask("listRecommendations", **asked, cursor=answer["next"])
        found += answer["items"]
    return found


def text_of(document_id: int) -> str:
    """Return the whole text of a document; raise Refusal."""
    return ask_file("getDocumentText", {"document_id": document_id}).get_data().decode()


@blueprint.get("/documents/<reference:reference>/text")
def document_text(reference: str) -> Response:
    """Give the text of a document as it is, as plain text."""
    known = {"document_id": record_named(reference, "document")["id"]}
    return ask_file("getDocumentText", known)  # type: ignore[return-value]
