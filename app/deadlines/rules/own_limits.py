"""Limits of the register's own where an edition of a profile names none; each is marked so."""

from app.core.codes import CountFrom, LimitKind, Unit
from app.deadlines.rules.deadlines import Limit

DEFAULTS: dict[LimitKind, Limit] = {
    LimitKind.RECEIPT: Limit(3, Unit.WORKING_DAYS, CountFrom.DISPATCH, is_default=True),
    LimitKind.REPLY: Limit(3, Unit.MONTHS, CountFrom.DISPATCH, is_default=True),
    LimitKind.CO_OPINION: Limit(1, Unit.MONTHS, CountFrom.RECEIPT, is_default=True),
    LimitKind.CO_OPINION_AGAIN: Limit(5, Unit.WORKING_DAYS, CountFrom.RETURN, is_default=True),
    LimitKind.REHANDLING: Limit(1, Unit.MONTHS, CountFrom.EVALUATION, is_default=True),
}
"""Every office that is asked for something has a day from the first moment: who does not sign for
a case would never be late. Receipt: domain paper, §4; the others are the commonest of its table."""

LOOK_BACK = Limit(6, Unit.MONTHS, CountFrom.START)
"""When supervisors look back at what was verified, or at a promise that was kept."""
