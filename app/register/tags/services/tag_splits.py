"""How a tag is split into parts: where each recommendation goes, and why."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_change
from app.core.canonical_json import canonical_json
from app.core.errors import ChangedMeanwhile, InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, NewChanges
from app.models import Recommendation, RecommendationTag, Tag
from app.register.recommendations.services.search_texts import QUOTES_LINE
from app.register.tags.rules import words_in
from app.register.tags.services.tag_lives import TagEnd, check_end, end_tag, index_again
from app.register.tags.services.tags import (
    check_words,
    create_tag,
    read_vocabulary,
    renew_vocabulary,
    tag,
    unusable,
    words_of,
)

MOST_SPLIT = 500
"""How many recommendations one tag may have been given to that is split at once."""


@dataclass(frozen=True)
class Part:
    """A part of a tag: the tag *slug* that stands, or a *new* one; what goes there.

    *words* None are the names and synonyms of the part; *named* are references.
    """

    slug: str
    new: Given | None
    words: Sequence[str] | None
    named: Sequence[str]


@dataclass(frozen=True)
class TagSplit:
    """Into which *parts* a tag is split on a day, why, and which gets the *rest* (None: none)."""

    parts: Sequence[Part]
    rest: str | None
    on: date
    reason: str


@dataclass(frozen=True)
class Reason:
    """Why something goes to the part *slug*: *named*, or by *words*; by neither: as the rest."""

    slug: str
    named: bool = False
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Destination:
    """To which parts a recommendation goes, and why; to none: it keeps the tag."""

    recommendation: Recommendation
    parts: Sequence[Reason]


def destinations(session: Session, actor: Actor, record: Tag, split: TagSplit) -> list[Destination]:
    """Return where all goes that *record* was given to, when it is split so, in order.

    Raises PermissionDenied, NotNow when it has ended, narrower tags stand below it or it was given
    to too many, InvalidChange naming the field, AlreadyExists for a name of another tag.
    """
    require(actor, Permission.MANAGE_TAGS)
    check_end(session, record, ("拆分", "split it"))
    having = given_to(session, record)
    vocabulary = dict(read_vocabulary(session))
    wrong: dict[str, Sentence] = {}
    for number, part in enumerate(split.parts):
        place = f"parts.{number}"
        wrong |= dict(part_mistakes(place, part, record, vocabulary))
        wrong |= dict(unknown_references(place, part, having))
        if part.new is not None and part.slug not in vocabulary:
            check_words(vocabulary, words_of(part.new), record)
            vocabulary[part.slug] = made_of(part.new)
    slugs = [part.slug for part in split.parts]
    for number in (n for n, slug in enumerate(slugs) if slug in slugs[:n]):
        wrong[f"parts.{number}"] = ("同一标签写了两次", "stands twice")
    if split.rest is not None and split.rest not in slugs:
        wrong["rest"] = ("应是各部分之一", "must be one of the parts")
    if wrong:
        raise InvalidChange(fields=wrong)
    words = {part.slug: words_for(part, vocabulary[part.slug]) for part in split.parts}
    return [Destination(one, reasons(one, split, words)) for one in having.values()]


def given_to(session: Session, record: Tag) -> dict[str, Recommendation]:
    """Return what the tag *record* was given to, by reference, in order; raise NotNow: too many."""
    own = sa.select(RecommendationTag.recommendation_id).where(
        RecommendationTag.tag_id == record.id, RecommendationTag.is_direct
    )
    rows = sa.select(Recommendation).where(Recommendation.id.in_(own)).order_by(Recommendation.id)
    found = {one.reference: one for one in session.scalars(rows.limit(MOST_SPLIT + 1))}
    if len(found) > MOST_SPLIT:
        state = (f"用于 {MOST_SPLIT} 条以上的建议", f"given to more than {MOST_SPLIT}")
        doing = ("一次拆分，请先批量改标签", "split it at once; tag some of them anew first")
        raise NotNow.of(("标签", "the tag"), state, doing)
    return found


def part_mistakes(
    place: str, part: Part, record: Tag, vocabulary: dict[str, Tag]
) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of a *part* that is wrong, and why."""
    if part.new is None:
        wrong = unusable(vocabulary, [part.slug])
        if part.slug == record.slug:
            wrong = ("应是另一个标签", "must be another tag")
        if wrong is not None:
            yield f"{place}.tag", wrong
        return
    if part.slug in vocabulary:
        yield f"{place}.new.slug", ("已有这个标签", "there is such a tag already")
    above = part.new.get("broader")
    if above is not None:
        wrong = unusable(vocabulary, [above])
        if above == record.slug:
            wrong = ("拆分后即停用", "ends when it is split")
        if wrong is not None:
            yield f"{place}.new.broader", wrong


def unknown_references(
    place: str, part: Part, having: dict[str, Recommendation]
) -> Iterator[tuple[str, Sentence]]:
    """Yield the place of each reference of a *part* that the tag was not given to."""
    for number, reference in enumerate(part.named):
        if reference not in having:
            message = ("没有直接使用这个标签的这条建议", "is none that the tag was given to")
            yield f"{place}.recommendations.{number}", message


def made_of(values: Given) -> Tag:
    """Return a tag with the names among *values*, which is kept nowhere."""
    names = ("slug", "name_zh", "name_en")
    return Tag(**{name: values[name] for name in names}, synonyms=values.get("synonyms") or [])


def words_for(part: Part, known: Tag) -> Sequence[str]:
    """Return by which words something goes to *part*, which is called as *known* is."""
    if part.words is not None:
        return part.words
    return [known.name_zh, known.name_en, *known.synonyms]


def reasons(
    recommendation: Recommendation, split: TagSplit, words: dict[str, Sequence[str]]
) -> list[Reason]:
    """Return to which parts *recommendation* goes: where it is named, else by words, else rest."""
    named = [p.slug for p in split.parts if recommendation.reference in p.named]
    if named:
        return [Reason(slug, named=True) for slug in named]
    text = "\n".join(recommendation.search_text.split("\n")[: QUOTES_LINE + 1])
    found = [(slug, words_in(text, asked)) for slug, asked in words.items()]
    by_words = [Reason(slug, words=hits) for slug, hits in found if hits]
    return by_words or ([] if split.rest is None else [Reason(split.rest)])


def split_digest(record: Tag, split: TagSplit, found: Sequence[Destination]) -> str:
    """Return what a split of *record* is told by: its parts, and where all goes and why.

    What else changes of a recommendation meanwhile does not matter.
    """
    parts = [[p.slug, None if p.new is None else dict(p.new)] for p in split.parts]
    rows = [
        [one.recommendation.reference, [[r.slug, r.named, list(r.words)] for r in one.parts]]
        for one in found
    ]
    shown = canonical_json([record.slug, parts, split.rest, rows])
    return hashlib.sha256(shown.encode()).hexdigest()


def check_digest(seen: str | None, digest: str) -> None:
    """Raise where what would be done, *digest*, is not what a dry run said: *seen*."""
    if seen is None:
        message = (
            "须是试行（dry_run）给出的摘要",
            "must be what a dry run answered",
        )
        raise InvalidChange(fields={"digest": message})
    if seen != digest:
        message = (
            "去向已变，请重新试行",
            "is no longer what would be done: run it dry again",
        )
        raise ChangedMeanwhile(fields={"digest": message})


def split_tag(
    session: Session, actor: Actor, record: Tag, split: TagSplit, found: Sequence[Destination]
) -> None:
    """Let the tag *record* end, and give all it was given to the parts, as *found* says.

    It is found by the parts from now on, and they by it.
    """
    end_tag(session, actor, record, TagEnd(split.on, split.reason))
    for part in split.parts:
        if part.new is not None:
            create_tag(session, actor, part.new)
    vocabulary = read_vocabulary(session)
    slugs = [part.slug for part in split.parts]
    parts = [vocabulary[slug] for slug in slugs]
    changes: NewChanges = {"split_into": (None, slugs)}
    values = {"split_into_ids": ",".join(str(part.id) for part in parts)}
    record_change(session, actor, record, "tag.split", changes, split.reason, values)
    renew_vocabulary(session)
    for known in parts:
        index_again(session, known)
    together = defaultdict(list)
    for one in found:
        together[tuple(reason.slug for reason in one.parts)].append(one.recommendation)
    for added, records in together.items():
        if added:
            tag(session, actor, records, add=added, remove=[record.slug], note=split.reason)
