"""What a draft says, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from app.core.codes import ProposalKind, ProposerRole, Specificity, Stance
from app.core.errors import Sentence
from app.handling.assignments.services.context import Work
from app.handling.proposals.rules import REWRITABLE
from app.handling.proposals.services.categories import category_mistakes, options
from app.handling.proposals.services.seats import why_a_stranger
from app.models import Organization, Person, Proposal, Sitting, Tag
from app.register.documents.rules.quotations import (
    MOST_COUNTED,
    ComparedText,
    absent,
    too_often,
)
from app.register.tags.services.tags import unusable


@dataclass(frozen=True)
class Quote:
    """Words of the text; *nth* (from 1) says which where they stand there more than once."""

    text: str
    nth: int | None = None


@dataclass(frozen=True)
class RecommendationInput:
    """One recommendation of a draft."""

    summary_zh: str
    quotes: Sequence[Quote]
    summary_en: str | None = None
    stance: Stance = Stance.ASKS
    specificity: Specificity = Specificity.CONCRETE
    targets: Sequence[str] = ()
    tags: Sequence[str] = ()
    suggested_office: Organization | None = None


@dataclass(frozen=True)
class DraftInput:
    """What is to be entered; the text is kept character for character.

    *confirmed* are the slugs of the proposers of whom it was said that they propose this although
    the register has them in another body, capacity or term.
    """

    kind: ProposalKind
    title: str
    text: str
    sitting: Sitting
    proposers: Sequence[tuple[Person | Organization, ProposerRole]]
    recommendations: Sequence[RecommendationInput] = field(default_factory=list)
    cosign_until: date | None = None
    replaces: Proposal | None = None
    note: str | None = None
    confirmed: frozenset[str] = frozenset()
    categories: Sequence[str] = ()

    @cached_property
    def compared(self) -> ComparedText:
        """The text as quotations are looked for in it."""
        return ComparedText(self.text)


def validate_draft(
    content: DraftInput, vocabulary: Mapping[str, Tag], work: Work
) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of *content* that is wrong, and why."""
    yield from proposer_mistakes(content.proposers)
    yield from strangers(
        content.proposers, content.confirmed, (content.kind, content.sitting), work
    )
    if content.cosign_until is not None and content.cosign_until < work.today:
        yield "cosign_until", ("不能早于今天", "must not be in the past")
    former = content.replaces
    if former is not None and former.handling_state not in REWRITABLE:
        state = former.handling_state
        yield "replaces", (f"现为“{state.zh}”，不能另拟", f"is {state.en} and cannot be rewritten")
    yield from category_mistakes(content.categories, options(content.kind, content.sitting, work))
    for number, asked in enumerate(content.recommendations):
        yield from asked_mistakes(f"recommendations.{number}", asked, content.compared, vocabulary)


def proposer_mistakes(
    proposers: Sequence[tuple[Person | Organization, ProposerRole]],
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with who proposes something: one leads, and nobody is there twice."""
    leads = sum(role is ProposerRole.LEAD for _, role in proposers)
    if leads != 1:
        yield "proposers", ("须有且只有一个第一提案人", "exactly one of them leads")
    who = [type(found).__name__ + found.slug for found, _ in proposers]
    if len(set(who)) != len(who):
        yield "proposers", ("提案人重复", "somebody is there twice")


def name_of(found: Person | Organization) -> str:
    """Return the name of a proposer."""
    return found.name if isinstance(found, Person) else found.name_zh


def strangers(
    proposers: Sequence[tuple[Person | Organization, ProposerRole]],
    confirmed: frozenset[str],
    proposed: tuple[ProposalKind, Sitting],
    work: Work,
) -> Iterator[tuple[str, Sentence]]:
    """Yield each person of whom the register does not know that they sit there, unconfirmed.

    *proposed* is what kind of proposal it is, and at which session; *confirmed* are slugs.
    """
    for number, (found, _) in enumerate(proposers):
        if isinstance(found, Person) and found.slug not in confirmed:
            why = why_a_stranger(work.session, found, *proposed)
            if why is not None:
                zh, en = why
                asked = (f"{zh}；确是其提出的，请填 true", f"{en}; send true where they propose it")
                yield f"proposers.{number}.capacity_confirmed", asked


def asked_mistakes(
    place: str, asked: RecommendationInput, text: ComparedText, vocabulary: Mapping[str, Tag]
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with one recommendation."""
    unknown_tags, office = unusable(vocabulary, asked.tags), asked.suggested_office
    if unknown_tags is not None:
        yield f"{place}.tags", unknown_tags
    if office is not None and not office.is_office:
        message = (f"{office.name_zh}不是承办单位", f"{office.slug} is not an office")
        yield f"{place}.suggested_office", message
    for at, quote in enumerate(asked.quotes):
        yield from quote_mistakes(f"{place}.quotes.{at}", text, quote)


def quote_mistakes(place: str, text: ComparedText, quote: Quote) -> Iterator[tuple[str, Sentence]]:
    """Yield why *quote* stands for no single span of *text*."""
    found = len(text.spans(quote.text, quote.nth or MOST_COUNTED))
    if found == 0:
        yield f"{place}.text", absent(text.nearest(quote.text))
    elif quote.nth is None and found > 1:
        yield f"{place}.text", too_often(found)
    elif quote.nth is not None and quote.nth > found:
        yield f"{place}.nth", (f"原文中只有 {found} 处", f"it stands there {found} times")
