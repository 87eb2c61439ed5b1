"""What an actor may see: the same predicate for lists, details, figures and writes."""

import sqlalchemy as sa

from app.models import Proposal, Recommendation
from app.rules.permissions import Actor, Permission
from app.rules.vocabularies import Publication


def sees_internal(actor: Actor) -> bool:
    """Return whether *actor* also sees what is not published."""
    return actor.may(Permission.SEE_INTERNAL)


def visible(
    statement: sa.Select, actor: Actor, model: type[Proposal] | type[Recommendation]
) -> sa.Select:
    """Leave in *statement* only the rows of *model* that *actor* may see."""
    if sees_internal(actor):
        return statement
    return statement.where(model.publication == Publication.PUBLISHED.value)
