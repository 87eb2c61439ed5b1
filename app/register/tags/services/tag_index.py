"""The index of tags: a row for each tag that a recommendation has or that comes with one it has."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Recommendation, RecommendationTag, Tag
from app.register.tags.rules import passed_to, with_broader

INDEX = RecommendationTag.metadata.tables["recommendation_tags"]


def write_index(
    session: Session, recommendation: Recommendation, slugs: set[str], vocabulary: dict[str, Tag]
) -> None:
    """Make the index rows of *recommendation* say: these tags, and all broader ones."""
    write_indexes(session, {recommendation: slugs}, vocabulary)


def write_indexes(
    session: Session, tagged: Mapping[Recommendation, set[str]], vocabulary: dict[str, Tag]
) -> None:
    """Make the index rows of each of *tagged* say: its tags, and all broader ones."""
    broader = {t.id: t.broader_id for t in vocabulary.values()}
    passed = {
        tag.id: into
        for tag in vocabulary.values()
        if (into := passed_to(tag.merged_into_id, tag.split_into_ids))
    }
    ids = [recommendation.id for recommendation in tagged]
    session.execute(sa.delete(INDEX).where(INDEX.c.recommendation_id.in_(ids)))
    own = {one: {vocabulary[slug].id for slug in slugs} for one, slugs in tagged.items()}
    rows = [
        {
            "recommendation_id": recommendation.id,
            "tag_id": tag_id,
            "is_direct": tag_id in direct,
            "progress": recommendation.progress,
            "last_move": recommendation.last_move,
            "publication": recommendation.publication,
            "is_ended": recommendation.ended_as is not None,
        }
        for recommendation, direct in own.items()
        for tag_id in sorted(with_broader(direct, broader, passed))
    ]
    if rows:
        session.execute(sa.insert(INDEX), rows)


def direct_tags_of(session: Session, ids: list[int]) -> dict[Recommendation, set[str]]:
    """Return the slugs that were given to each of the recommendations *ids* itself."""
    own = (RecommendationTag.recommendation_id == Recommendation.id, RecommendationTag.is_direct)
    rows = (
        sa.select(Recommendation, Tag.slug)
        .join(RecommendationTag, sa.and_(*own))
        .join(Tag, Tag.id == RecommendationTag.tag_id)
        .where(Recommendation.id.in_(ids))
    )
    found: dict[Recommendation, set[str]] = {}
    for recommendation, slug in session.execute(rows):
        found.setdefault(recommendation, set()).add(slug)
    return found
