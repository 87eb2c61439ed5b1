"""What an actor may do to a recommendation, by the part of their office in it."""

from sqlalchemy.orm import Session

from app.core.codes import LeadStatus, OfficeRole
from app.core.errors import EndedWithProposal, PermissionDenied, Sentence
from app.core.rules.permissions import BY_OFFICE, Actor, Permission, part_of
from app.core.services.authorization import require, require_one
from app.models import Recommendation
from app.tasks.queries.holders import parts_of


def require_on(
    session: Session, actor: Actor, permission: Permission, recommendation: Recommendation
) -> None:
    """Raise PermissionDenied when the actor may not do this to this recommendation."""
    require(actor, permission)
    if permission not in BY_OFFICE:
        return
    part = part_in(session, actor, recommendation)
    if part is None:
        raise not_theirs(recommendation)
    if part not in BY_OFFICE[permission]:
        raise PermissionDenied(
            reason_zh=f"只有主办单位可以{permission.zh}",
            reason_en=f"only the lead office may {permission.en}",
        )


def check_stands(recommendation: Recommendation) -> None:
    """Raise EndedWithProposal when *recommendation* ended with its proposal."""
    if recommendation.ended_as is not None:
        state, how = recommendation.ended_as, how_it_ended(recommendation)
        raise EndedWithProposal(state=state.en, state_zh=state.zh, how=how[1], how_zh=how[0])


def how_it_ended(recommendation: Recommendation) -> Sentence:
    """Return how *recommendation*, which ended, did."""
    if recommendation.ended_alone:
        return "单独终止", "alone"
    return "随提案终止", "with its proposal"


def not_theirs(recommendation: Recommendation) -> PermissionDenied:
    """Return the refusal of an office that does not have *recommendation*, and how it may."""
    if recommendation.ended_as is not None:
        state, how = recommendation.ended_as, how_it_ended(recommendation)
        return PermissionDenied(
            reason_zh=f"这条建议已{how[0]}（{state.zh}），不再由任何单位承办",
            reason_en=f"it ended {how[1]}: {state.en}; no office has it any more",
        )
    if recommendation.lead_status in (None, LeadStatus.SUGGESTED):
        return PermissionDenied(
            reason_zh="您的单位没有承办这条建议，请先承办",
            reason_en="your office does not handle this recommendation; take it on first",
        )
    return PermissionDenied(
        reason_zh="这条建议由其他单位承办，或者正由交办人员另定单位",
        reason_en="another office has this recommendation, or dispatchers look for one",
    )


def part_in(session: Session, actor: Actor, recommendation: Recommendation) -> OfficeRole | None:
    """Return the part that the actor's office has in *recommendation*, or None."""
    lead, status = recommendation.lead_office_id, recommendation.lead_status
    return part_of(actor, lead, status, parts_of(session, recommendation.id))


def require_any(
    session: Session, actor: Actor, permissions: tuple[Permission, ...], record: object
) -> None:
    """Raise PermissionDenied when the actor may do none of *permissions* to *record*.

    What depends on more than the record, such as which step is taken, is checked later.
    """
    granted = require_one(actor, permissions)
    if all(permission in BY_OFFICE for permission in granted) and isinstance(
        record, Recommendation
    ):
        require_on(session, actor, granted[0], record)
