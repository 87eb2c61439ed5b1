"""How a tag ends: by itself, or in another one, with all that it was given to."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import change
from app.core.errors import InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.models import Recommendation, RecommendationTag, Tag
from app.register.tags.services.tag_index import direct_tags_of, write_indexes
from app.register.tags.services.tags import (
    read_vocabulary,
    renew_vocabulary,
    tag,
)

MANY = 500
"""How many recommendations are tagged anew at once."""


@dataclass(frozen=True)
class TagEnd:
    """That a tag ends on a day, and what it is merged into, if anything; why."""

    on: date
    reason: str
    into: Tag | None = None


def end_tag(session: Session, actor: Actor, record: Tag, end: TagEnd) -> None:
    """Let the tag *record* end; what had it has the one it is merged into, and is found by both.

    Without one it stays where it was given, and is given to nothing more. Raises PermissionDenied,
    NotNow when it has ended or narrower tags stand below it, InvalidChange for what it cannot be
    merged into.
    """
    require(actor, Permission.MANAGE_TAGS)
    check_end(session, record)
    into = end.into
    if into is not None and (into is record or into.ended_on is not None):
        message = ("应是另一个在用的标签", "must be another tag that stands")
        raise InvalidChange(fields={"into": message})
    values = {
        "ended_on": end.on,
        "merged_into_id": into.id if into else None,
        "note": end.reason,
    }
    change(session, actor, record, "tag.ended", values)
    renew_vocabulary(session)
    if into is not None:
        move_taggings(session, actor, record, into, end.reason)
        index_again(session, into)


def check_end(session: Session, record: Tag, doing: Sentence = ("停用", "end it")) -> None:
    """Raise NotNow when the tag *record* has ended, or narrower tags stand below it.

    *doing* is what was to be done, as the problem says it.
    """
    below = sa.select(Tag.slug).where(Tag.broader_id == record.id, Tag.ended_on.is_(None))
    standing = ", ".join(sorted(session.scalars(below)))
    if record.ended_on is not None:
        state = (f"已于 {record.ended_on} 停用", f"ended since {record.ended_on}")
    elif standing:
        state = (f"还有下级标签：{standing}", f"above narrower tags: {standing}")
    else:
        return
    raise NotNow.of(("标签", "the tag"), state, doing)


def move_taggings(session: Session, actor: Actor, record: Tag, into: Tag, reason: str) -> None:
    """Give all recommendations that have *record* the tag *into* in its place."""
    own = sa.select(RecommendationTag.recommendation_id).where(
        RecommendationTag.tag_id == record.id, RecommendationTag.is_direct
    )
    ids = sorted(session.scalars(own))
    for start in range(0, len(ids), MANY):
        rows = sa.select(Recommendation).where(Recommendation.id.in_(ids[start : start + MANY]))
        found = session.scalars(rows.order_by(Recommendation.id)).all()
        tag(session, actor, found, add=[into.slug], remove=[record.slug], note=reason)


def index_again(session: Session, record: Tag) -> None:
    """Give every recommendation of the tag *record* anew what its tags bring."""
    having = sa.select(RecommendationTag.recommendation_id).where(
        RecommendationTag.tag_id == record.id
    )
    ids, vocabulary = sorted(session.scalars(having)), read_vocabulary(session)
    for start in range(0, len(ids), MANY):
        part = ids[start : start + MANY]
        write_indexes(session, direct_tags_of(session, part), vocabulary)
