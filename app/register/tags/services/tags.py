"""Tagging recommendations, and keeping the vocabulary."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import change, record_event
from app.core.base import Head
from app.core.codes import Outcome
from app.core.errors import AlreadyExists, InvalidChange, PermissionDenied, Sentence
from app.core.rules.folding import folded
from app.core.rules.nearest import nearest
from app.core.rules.permissions import Actor, Permission, may_untag
from app.core.services.authorization import require
from app.core.types import Given
from app.models import Event, Organization, Recommendation, RecommendationTag, Tag
from app.register.people.queries.reference_data import names_of
from app.register.recommendations.services.permissions import part_in
from app.register.tags.rules import passed_to
from app.register.tags.services.tag_index import write_index


def tag(
    session: Session,
    actor: Actor,
    recommendations: Sequence[Recommendation],
    *,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    note: str | None = None,
) -> list[Recommendation]:
    """Add and remove tags, by slug, on all *recommendations* at once; return those that changed.

    Raises PermissionDenied, naming the tags that the actor may not take off, or InvalidChange for
    a slug that does not exist or stands in both.
    """
    require(actor, Permission.TAG)
    vocabulary = read_vocabulary(session)
    check_slugs(vocabulary, add, remove)
    check_removable(session, actor, recommendations, remove)
    changed = []
    for recommendation in recommendations:
        before = direct_tags(session, recommendation)
        after = (before | set(add)) - set(remove)
        if after != before:
            record_tags(session, actor, recommendation, before, after, note)
            session.flush()
            write_index(session, recommendation, after, vocabulary)
            changed.append(recommendation)
    return changed


def check_removable(
    session: Session,
    actor: Actor,
    recommendations: Sequence[Recommendation],
    remove: Collection[str],
) -> None:
    """Raise PermissionDenied naming each tag of *remove* that stands and is not the actor's."""
    if not remove:
        return
    added = who_added(session, [recommendation.id for recommendation in recommendations])
    kept = []
    for recommendation in recommendations:
        part = part_in(session, actor, recommendation)
        for slug in sorted(direct_tags(session, recommendation) & set(remove)):
            office_id, office = added.get((recommendation.id, slug), (None, None))
            if not may_untag(actor, part, office_id):
                kept.append((f"{recommendation.reference} {slug}", office))
    if kept:
        raise not_removable(kept)


def not_removable(kept: Sequence[tuple[str, str | None]]) -> PermissionDenied:
    """Return the refusal that names the tags *kept*, each with the office that added it."""
    named, more = kept[:MOST_NAMED], len(kept) - MOST_NAMED
    zh = "、".join(f"{tag}（{f'由{by}添加' if by else '不是由单位添加的'}）" for tag, by in named)
    en = ", ".join(
        f"{tag} ({f'added by {by}' if by else 'added by no office'})" for tag, by in named
    )
    zh, en = (f"{zh}等", f"{en} and {more} more") if more > 0 else (zh, en)
    reason_zh = f"不能去掉 {zh}；只有添加它的单位、承办这条建议的单位和登记管理员可以"
    reason_en = (
        f"you cannot take off {en}; the office that added a tag, those that have the"
        " recommendation and registrars can"
    )
    fields = {"remove": (reason_zh, reason_en)}
    return PermissionDenied(fields=fields, reason_zh=reason_zh, reason_en=reason_en)


MOST_NAMED = 50
"""How many tags a refusal names."""


def who_added(
    session: Session, ids: Iterable[int]
) -> dict[tuple[int, str], tuple[int | None, str | None]]:
    """Return which office last added each tag, by recommendation and slug: its id and its name.

    The events say so; a tag that came with the import was added by no office.
    """
    rows = sa.select(Event.record_id, Event.changes, Event.office_id, Event.office_name).where(
        Event.record_type == "recommendation",
        Event.record_id.in_(ids),
        Event.outcome == Outcome.DONE,
        Event.changes.contains('"tags":', autoescape=True),
    )
    found: dict[tuple[int, str], tuple[int | None, str | None]] = {}
    for record_id, changes, office_id, office in session.execute(rows.order_by(Event.sequence)):
        before, after = json.loads(changes).get("tags", (None, None))
        for slug in set(after or ()) - set(before or ()):
            found[record_id, slug] = (office_id, office)
    return found


def read_vocabulary(session: Session) -> dict[str, Tag]:
    """Return every tag by its slug."""
    return {found.slug: found for found in session.scalars(sa.select(Tag))}


def check_slugs(
    vocabulary: Mapping[str, Tag], add: Collection[str], remove: Collection[str]
) -> None:
    """Raise InvalidChange naming the slugs that are unknown or both added and removed."""
    fields = {}
    for name, slugs, wrong in (("add", add, unusable), ("remove", remove, unknown)):
        absent = wrong(vocabulary, slugs)
        if absent is not None:
            fields[name] = absent
    both = ", ".join(sorted(set(add) & set(remove)))
    if both:
        fields["remove"] = (f"同时要加又要减：{both}", f"both added and removed: {both}")
    if fields:
        raise InvalidChange(fields=fields)


def unknown(vocabulary: Mapping[str, Tag], slugs: Collection[str]) -> Sentence | None:
    """Return the sentence about those of *slugs* that stand for no tag, or None."""
    absent = [slug for slug in slugs if slug not in vocabulary]
    if not absent:
        return None
    names = names_of((tag.slug, (tag.name_zh, *tag.synonyms)) for tag in vocabulary.values())
    near = [names[name] for slug in absent if (name := nearest(slug, names)) is not None]
    listed, meant = ", ".join(absent), ", ".join(near)
    zh, en = f"没有这些标签：{listed}", f"there are no such tags: {listed}"
    return (f"{zh}；是否指 {meant}", f"{en}; did you mean {meant}?") if near else (zh, en)


def unusable(vocabulary: Mapping[str, Tag], slugs: Collection[str]) -> Sentence | None:
    """Return the sentence about those of *slugs* that are given to nothing: unknown, or ended."""
    ended = [vocabulary[s] for s in slugs if s in vocabulary and vocabulary[s].ended_on is not None]
    if not ended:
        return unknown(vocabulary, slugs)
    by_id = {tag.id: tag.slug for tag in vocabulary.values()}
    now = {t.slug: [by_id[i] for i in passed_to(t.merged_into_id, t.split_into_ids)] for t in ended}
    zh = "；".join(f"{s} 已停用" + (f"，改用 {'、'.join(i)}" if i else "") for s, i in now.items())
    en = "; ".join(
        f"{s} has ended" + (f", use {' or '.join(i)}" if i else "") for s, i in now.items()
    )
    return zh, en


def direct_tags(session: Session, recommendation: Recommendation) -> set[str]:
    """Return the slugs that were given to *recommendation* itself."""
    rows = sa.select(Tag.slug).join(RecommendationTag, RecommendationTag.tag_id == Tag.id)
    own = RecommendationTag.recommendation_id == recommendation.id
    return set(session.scalars(rows.where(own, RecommendationTag.is_direct)))


def record_tags(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    before: set[str],
    after: set[str],
    note: str | None,
) -> None:
    """Write the event of a change of tags."""
    record_event(
        session,
        actor,
        recommendation,
        "recommendation.tagged",
        {"tags": (sorted(before), sorted(after))},
        note=note,
    )


def create_tag(session: Session, actor: Actor, values: Given) -> Tag:
    """Add a tag to the vocabulary and return it; *values* may name a ``broader`` slug.

    Raises PermissionDenied, AlreadyExists for a slug in use, InvalidChange for a broader tag
    that does not exist.
    """
    require(actor, Permission.MANAGE_TAGS)
    vocabulary = read_vocabulary(session)
    slug, broader = values["slug"], values.get("broader")
    if slug in vocabulary:
        raise AlreadyExists(what="tag", what_zh="标签", value=slug)
    if broader is not None and (wrong := unusable(vocabulary, [broader])) is not None:
        raise InvalidChange(fields={"broader": wrong})
    check_words(vocabulary, words_of(values), None)
    columns = {name: value for name, value in values.items() if name not in ("broader", "note")}
    created = Tag(**columns, broader_id=vocabulary[broader].id if broader else None)
    created.search_text = names_text(created)
    session.add(created)
    session.flush()
    changes = {name: (None, value) for name, value in values.items() if name != "note"}
    record_event(session, actor, created, "tag.created", changes, note=values.get("note"))
    renew_vocabulary(session)
    return created


def edit_tag(session: Session, actor: Actor, tag: Tag, values: Given) -> None:
    """Change the names, the definition or the synonyms of *tag*. Raises PermissionDenied."""
    require(actor, Permission.MANAGE_TAGS)
    check_words(read_vocabulary(session), words_of(values), tag)
    names = {name: values.get(name, getattr(tag, name)) for name in NAMES}
    also = {"search_text": names_text(Tag(slug=tag.slug, **names))}
    if change(session, actor, tag, "tag.edited", values, also=also):
        renew_vocabulary(session)


NAMES = ("name_zh", "name_en", "synonyms")
"""What a tag is found by, beside its slug."""


def words_of(values: Given) -> list[str]:
    """Return the slug, the names and the synonyms among *values*."""
    own = (values.get("slug"), values.get("name_zh"), values.get("name_en"))
    names = (*own, *(values.get("synonyms") or ()))
    return [name for name in names if name is not None]


def check_words(vocabulary: Mapping[str, Tag], wanted: Iterable[str], own: Tag | None) -> None:
    """Raise AlreadyExists where another tag than *own* has one of the words *wanted*.

    Words are one whatever their width, case and blanks; the other tag is named. What *own* has
    already it keeps.
    """
    taken = {
        folded(word): tag.slug
        for tag in vocabulary.values()
        for word in (tag.slug, tag.name_zh, tag.name_en, *tag.synonyms)
        if (own is None or tag.id != own.id) and tag.ended_on is None
    }
    has = set() if own is None else set(map(folded, (own.name_zh, own.name_en, *own.synonyms)))
    for word in wanted:
        other = taken.get(folded(word))
        if other is not None and folded(word) not in has:
            value = f"{word} ({other})"
            raise AlreadyExists(what="tag name", what_zh="标签名称", value=value)


def names_text(record: Tag | Organization) -> str:
    """Return the names of a tag or an organization, case-folded, a line each, for the search."""
    others = record.synonyms if isinstance(record, Tag) else record.aliases
    names = (record.slug, record.name_zh, record.name_en or "", *others)
    return "\n".join(names).casefold()


def renew_vocabulary(session: Session) -> None:
    """Make every process read tags and organizations anew before it next shows them.

    The version is the number of the event that was written last, so that it follows from them.
    """
    head: Head = session.info["head"]
    head.vocabulary_version = max(head.vocabulary_version + 1, head.sequence)
    session.flush()
