"""Mending a text that was entered by hand: its next edition, and what it changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from flask import Response, request

from app.console.calls import Answered, Refusal, ask, record_named
from app.console.forms import NO_FORM, Form
from app.console.labels import label, office_name
from app.console.pages import Pages, done, page, say
from app.console.public.documents import ENTERED, recommendations_in, text_of
from app.console.registry.access import check_may_call
from app.console.registry.acts import attempt
from app.console.registry.entering.retyping import changed_places, with_former_ends
from app.console.registry.lists.listing import ListedRow, Listing, list_page, said
from app.console.registry.overview import registry_context
from app.console.sending import submitted_or_kept
from app.core.types import Values

blueprint = Pages("registry_editions", __name__)
blueprint.context_processor(registry_context)

MOST_SHOWN = 200
"""How many places that differ a page shows."""

SentPassages = list[tuple[int, list[int], Values]]
"""For each recommendation whose words were typed: its row, the rows of its words, the body."""


# -- which texts there are ------------------------------------------------------------------------


def text_row(one: Values) -> ListedRow:
    """Return how a text looks in the list."""
    detail = said(
        one["reference"], office_name(one["session"]), label("publication", one["publication"])
    )
    links = (
        (f"/registry/documents/{one['reference']}/text", ("更正原文", "Mend the text")),
        (f"/documents/{one['reference']}", ("查看", "See")),
    )
    return ListedRow(one["title"], detail, links)


TEXTS = Listing(
    ("录入的原文", "Texts that were entered"),
    "listDocuments",
    "reviseText",
    text_row,
    (),
    is_searched=False,
    query={"kind": ENTERED, "sort": "-id"},
)


@blueprint.get("/registry/documents")
def entered_texts() -> Response:
    """Show the texts that were entered by hand, the newest first."""
    return list_page(TEXTS)


# -- mending one ----------------------------------------------------------------------------------


@blueprint.get("/registry/documents/<reference:reference>/text")
def text_page(reference: str) -> Response:
    """Show a text in a form, in which it is mended."""
    return revising(reference, NO_FORM.at(request.path))


def revising(reference: str, form: Form, is_looking: bool = False) -> Response:
    """Return the page with *form*, and with what it changes where somebody *is_looking*."""
    check_may_call("reviseText")
    found = ask("getDocument", {"document_id": record_named(reference, "document")["id"]})
    former = text_of(found["id"])
    typed = form.text("text") or ""
    return page(
        "registry/edition.html",
        form=form,
        document=found,
        former=former,
        is_entered=found["kind"] == ENTERED,
        asked=recommendations_in(found["reference"]) if found["kind"] == ENTERED else [],
        is_looking=is_looking,
        changes=list(islice(changed_places(former, typed), MOST_SHOWN)) if is_looking else [],
    )


@blueprint.post("/registry/documents/<reference:reference>/text")
def revise_text(reference: str) -> Response:
    """Keep the text as it was typed as the next edition; or show what it changes."""
    form = submitted_or_kept()
    check_may_call("reviseText")
    if form.values.get("do") == "look":
        return revising(reference, form, is_looking=True)
    number = record_named(reference, "document")["id"]
    return attempt(
        form,
        lambda: send_edition(form, number),
        text_revised,
        lambda refused: revising(reference, refused),
    )


def send_edition(form: Form, number: int) -> Answered:
    """Send the text that was typed, with the line ends of the one it replaces; raise Refusal."""
    typed, sent = form.text("text"), typed_passages(form)
    body: Values = {
        "text": None if typed is None else with_former_ends(typed, text_of(number)),
        "reason": form.text("reason"),
        "passages": [one for _, _, one in sent],
    }
    with told_at_rows(sent):
        return form.send("reviseText", {"document_id": number}, body)


def text_revised(made: Answered) -> Response:
    """Return the way to the edition that was kept."""
    reference = made.content["reference"]
    notice = say(
        f"已保存为新的版次 {reference}，原来的版次保留。",
        f"Kept as the edition {reference}; the former one stays.",
    )
    return done(f"/documents/{reference}", str(notice))


def typed_passages(form: Form) -> SentPassages:
    """Return in which words recommendations stand now, as far as that was typed."""
    found: SentPassages = []
    for row in form.rows("passages"):
        typed = [one for one in row.rows("quotes") if one.text("text")]
        if typed:
            quotes = [quoted(one) for one in typed]
            body = {"recommendation": row.text("recommendation") or "", "quotes": quotes}
            found.append((row.row, [one.row for one in typed], body))
    return found


def quoted(row: Form) -> Values:
    """Return the words in *row*, and which place is meant where they stand more than once."""
    nth = row.number("nth")
    return {"text": row.text("text"), **({} if nth is None else {"nth": nth})}


@contextmanager
def told_at_rows(sent: SentPassages) -> Iterator[None]:
    """Let what is refused of the words that were *sent* stand at the rows they were typed in."""
    try:
        yield
    except Refusal as refusal:
        errors = [
            {**error, "field": field_typed(error["field"], sent)}
            for error in refusal.document.get("errors", ())
        ]
        document = {**refusal.document, "errors": errors}
        raise Refusal(refusal.status, document, refusal.headers) from refusal


def field_typed(field: str, sent: SentPassages) -> str:
    """Return the name in the form of a *field* of the body."""
    parts = field.split(".")
    if parts[0] != "passages" or len(parts) < 2 or not parts[1].isdigit():
        return field
    row, quotes, _ = sent[int(parts[1])]
    parts[1] = str(row)
    if len(parts) > 3 and parts[3].isdigit():
        parts[3] = str(quotes[int(parts[3])])
    return ".".join(parts)
