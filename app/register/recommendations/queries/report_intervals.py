"""How often an office is to report on what it carries out, where the rules of a proposal say so."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.codes import LimitKind
from app.deadlines.rules.deadlines import Limit
from app.deadlines.rules.rulebook import level_of, limit_of
from app.models import Organization, Proposal, RuleProfile, Sitting


def report_limit(session: Session, proposal_id: int) -> Limit | None:
    """Return within what an office reports again on a recommendation of a proposal, or None.

    The edition of the rules that the proposal began under says so, where it does.
    """
    row = session.execute(
        sa.select(RuleProfile.limits, Organization.region_code)
        .join(Proposal, Proposal.profile == RuleProfile.reference)
        .outerjoin(Sitting, Sitting.id == Proposal.session_id)
        .outerjoin(Organization, Organization.id == Sitting.body_id)
        .where(Proposal.id == proposal_id)
    ).one_or_none()
    rule = None if row is None else row.limits.get(LimitKind.REPORT)
    return None if row is None or rule is None else limit_of(rule, level_of(row.region_code or ""))
