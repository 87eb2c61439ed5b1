"""Another edition of a text that was entered here: its mistakes mended, what it asks carried along.

The former edition stays as it was, with its characters and its digest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select

from app.audit.queries.record_state import children_hash
from app.audit.services.recorder import created, record_change
from app.core.clock import utcnow
from app.core.errors import AlreadyExists, InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import NewChanges, Values
from app.handling.assignments.services.context import Work
from app.handling.proposals.services.draft_checks import Quote, quote_mistakes
from app.handling.proposals.services.drafts import digest_of, passage
from app.models import Document, Passage, Proposal, Recommendation
from app.register.documents.rules.passages import Span
from app.register.documents.rules.quotations import ComparedText
from app.register.recommendations.services.search_texts import QUOTES_LINE, with_line

MOST_NAMED = 10
"""How many passages a refusal names."""

Owner = Proposal | Recommendation
Places = dict[str, list[Span]]
"""Reference of a proposal or a recommendation → where it stands in the new text."""


@dataclass(frozen=True)
class Edition:
    """A text as it should have been entered, and why.

    *quotes* say of recommendations, by reference, where they stand in it; the words of all others
    are looked for.
    """

    text: str
    reason: str
    quotes: Mapping[str, Sequence[Quote]] = field(default_factory=dict)


def revise(actor: Actor, former: Document, edition: Edition, work: Work) -> Document:
    """Keep *edition* in the place of *former*, carry along all that stands on that, and return it.

    Raises PermissionDenied, NotNow for a page that came as it is or has a later edition,
    AlreadyExists for a text that is there, InvalidChange naming what the new text does not hold
    just once.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    session = work.session
    check_replaceable(former, work)
    check_new(edition, work)
    proposals = session.scalars(select(Proposal).where(Proposal.document_id == former.id)).all()
    asked = session.scalars(asked_in(former)).all()
    places = carried([*proposals, *asked], former, edition, work)
    made = keep_edition(actor, former, edition, work)
    for proposal in proposals:
        printed = proposal.title in made.text
        values: Values = {"document_id": made.id, "title_is_printed": printed}
        move = Move(former, made, places[proposal.reference], edition.reason, values)
        move_to(actor, proposal, move, work)
    for record in asked:
        move = Move(former, made, places[record.reference], edition.reason)
        move_to(actor, record, move, work)
    return made


def check_replaceable(former: Document, work: Work) -> None:
    """Raise NotNow for a text that was not entered here, or that a later edition replaced."""
    later = select(Document.reference).where(Document.replaces_id == former.id)
    reference = work.session.scalar(later)
    thing, doing = ("原文", "the text"), ("另出版次", "put another edition in its place")
    if former.publication is None:
        raise NotNow.of(thing, ("原样收录的版面", "a page kept as it came"), doing)
    if reference is not None:
        raise NotNow.of(thing, (f"已由 {reference} 取代", f"replaced by {reference}"), doing)


def check_new(edition: Edition, work: Work) -> None:
    """Raise AlreadyExists for a text that is there, whichever edition it is."""
    same = select(Document.reference).where(Document.sha256 == digest_of(edition.text))
    reference = work.session.scalar(same)
    if reference is not None:
        raise AlreadyExists(what="text:", what_zh="原文", value=reference)


def asked_in(text: Document) -> Select[Recommendation]:
    """Return the SELECT of the recommendations of the proposals that stand on *text*."""
    rows = select(Recommendation).join(Proposal, Proposal.id == Recommendation.proposal_id)
    return rows.where(Proposal.document_id == text.id).order_by(Recommendation.id)


# -- carrying passages along -------------------------------------------------------------------


def carried(owners: Sequence[Owner], former: Document, edition: Edition, work: Work) -> Places:
    """Return where each of *owners* stands in the text of *edition*.

    What ended is carried where its words are found, and else stays where it stood. Raises
    InvalidChange naming what is not found just once, and what is quoted and is none of them.
    """
    compared, places = ComparedText(edition.text), Places()
    wrong = dict(quoted_mistakes(owners, edition, compared))
    lost: list[Sentence] = []
    for owner in owners:
        given = edition.quotes.get(owner.reference)
        if given is not None:
            spans = [] if wrong else [compared.spans(q.text, q.nth or 1)[-1] for q in given]
        else:
            spans, missing = found_again(owner, former, compared, work)
            lost += missing
        places[owner.reference] = spans
    if lost:
        wrong["text"] = named_losses(lost)
    if wrong:
        raise InvalidChange(fields=wrong)
    return places


def quoted_mistakes(
    owners: Sequence[Owner], edition: Edition, compared: ComparedText
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with what *edition* quotes: of no recommendation, or not in its text."""
    known = {owner.reference for owner in owners if isinstance(owner, Recommendation)}
    for number, (reference, quotes) in enumerate(edition.quotes.items()):
        if reference not in known:
            message = ("不是这份原文的建议", "is no recommendation of this text")
            yield f"passages.{number}.recommendation", message
        for place, quote in enumerate(quotes):
            yield from quote_mistakes(f"passages.{number}.quotes.{place}", compared, quote)


def found_again(
    owner: Owner, former: Document, compared: ComparedText, work: Work
) -> tuple[list[Span], list[Sentence]]:
    """Return where *owner* stands in the text *compared*, and what of it is not there just once.

    Whoever has the whole of *former* has the whole of it. What ended loses nothing: it stays.
    """
    spans: list[Span] = []
    lost: list[Sentence] = []
    for one in standing_passages(owner, work):
        if (one.start, one.end) == (0, len(former.text)):
            found = [Span(0, len(compared.text))]
        else:
            found = compared.spans(one.text, 2)
        if len(found) == 1:
            spans += found
        else:
            lost.append(loss(owner, one, len(found)))
    ended = isinstance(owner, Recommendation) and owner.ended_as is not None
    return ([], []) if ended and lost else (spans, lost)


def standing_passages(owner: Owner, work: Work) -> Sequence[Passage]:
    """Return where *owner* stands now, in reading order."""
    of_proposal = isinstance(owner, Proposal)
    column = Passage.proposal_id if of_proposal else Passage.recommendation_id
    rows = select(Passage).where(column == owner.id, Passage.withdrawn_at.is_(None))
    return work.session.scalars(rows.order_by(Passage.position)).all()


def loss(owner: Owner, one: Passage, times: int) -> Sentence:
    """Return the part of a refusal about words of *owner* that are found so many *times*."""
    words = one.text if len(one.text) <= SHOWN else f"{one.text[:SHOWN]}…"
    where = ("没有", "not there") if times == 0 else ("不止一处", "there more than once")
    return f"{owner.reference} “{words}” {where[0]}", f"{owner.reference} “{words}” is {where[1]}"


SHOWN = 30
"""How many characters of lost words a refusal shows."""


def named_losses(lost: Sequence[Sentence]) -> Sentence:
    """Return the refusal that names what is *lost*, the first few."""
    named, more = lost[:MOST_NAMED], len(lost) - MOST_NAMED
    zh, en = "；".join(one[0] for one in named), "; ".join(one[1] for one in named)
    rest = (f"等 {len(lost)} 处", f" and {more} more") if more > 0 else ("", "")
    return (
        f"新文本中{zh}{rest[0]}：请在 passages 中写明这些建议的字句",
        f"in the new text {en}{rest[1]}: say in passages in which words they stand",
    )


# -- writing -----------------------------------------------------------------------------------


def keep_edition(actor: Actor, former: Document, edition: Edition, work: Work) -> Document:
    """Keep the text of *edition* as a document, named after *former*."""
    base = former.reference.partition("-E")[0]
    known = select(func.count()).where(Document.reference.startswith(f"{base}-E"))
    number = 2 + (work.session.scalar(known) or 0)
    kept = ("title", "subtitle", "kind", "level", "publisher", "session_id", "publication")
    made = Document(
        reference=f"{base}-E{number}",
        text=edition.text,
        sha256=digest_of(edition.text),
        replaces_id=former.id,
        **{name: getattr(former, name) for name in kept},
    )
    changes: NewChanges = {
        "sha256": (None, made.sha256),
        "replaces": (None, former.reference),
    }
    created(work.session, actor, made, changes, note=edition.reason)
    return made


@dataclass(frozen=True)
class Move:
    """That something stands in *made* instead of *former* now, in *spans* of it, and why.

    *values* are the columns that change with that. What has no spans stays in *former*.
    """

    former: Document
    made: Document
    spans: Sequence[Span]
    reason: str
    values: Values = field(default_factory=dict)


def move_to(actor: Actor, owner: Owner, move: Move, work: Work) -> None:
    """Let *owner* stand where *move* says, with its event."""
    if not (move.spans or move.values):
        return
    session, hung = work.session, children_hash(work.session, owner)
    if move.spans:
        place_anew(owner, move, work)
    changes: NewChanges = {
        "source_text": (move.former.reference, move.made.reference),
        "children": (hung, children_hash(session, owner)),
    }
    kind = "proposal" if isinstance(owner, Proposal) else "recommendation"
    record_change(session, actor, owner, f"{kind}.edited", changes, move.reason, move.values)


def place_anew(owner: Owner, move: Move, work: Work) -> None:
    """Withdraw the passages of *owner* and give it those of *move*; it is found by their words."""
    key = "proposal_id" if isinstance(owner, Proposal) else "recommendation_id"
    for one in standing_passages(owner, work):
        one.withdrawn_at = utcnow()
    spans = enumerate(move.spans, 1)
    rows = [passage(move.made, position, span, **{key: owner.id}) for position, span in spans]
    work.session.add_all(rows)
    work.session.flush()
    if isinstance(owner, Recommendation):
        words = " ".join("".join(row.text for row in rows).splitlines())
        owner.search_text = with_line(owner.search_text, QUOTES_LINE, words)
