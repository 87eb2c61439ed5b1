"""Contacts of offices with the proposers, and what a further version of something mends."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services.recorder import next_sequence
from app.core.codes import Channel
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import GIVEN_BACK
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.handling.assignments.services.context import Case, Work, case_of, wrong_day
from app.handling.assignments.services.permissions import require_own
from app.models import Assignment, Contact, Evaluation, Proposer
from app.tasks.rules.reminders import IN_PERSON
from app.tasks.services.notices import end_missing_meeting


@dataclass(frozen=True)
class ContactInput:
    """A contact with the proposers: how, when, with whom, what was said, and which one it mends."""

    channel: Channel
    on: date
    note: str
    proposer: Proposer | None = None
    corrects: Contact | None = None


def log_contact(actor: Actor, assignment: Assignment, spoken: ContactInput, work: Work) -> None:
    """Note a contact of the office of *assignment*, which got it before.

    After a meeting or a visit nobody is reminded any more that there was none.
    Raises PermissionDenied, InvalidChange naming the field.
    """
    require(actor, Permission.HANDLE)
    require_own(actor, assignment)
    case = case_of(work, assignment)
    wrong = wrong_day(spoken.on, assignment.dispatched_on, work.today)
    gone = assignment.ended_on if assignment.state in GIVEN_BACK else None
    if gone is not None and spoken.on > gone:
        wrong["on"] = (f"{gone} 起已不由本单位承办", f"the office has not had it since {gone}")
    wrong |= mending_mistakes(work.session, Contact, spoken.corrects)
    if wrong:
        raise InvalidChange(fields=wrong)
    work.session.add(
        Contact(
            assignment_id=assignment.id,
            sequence=next_sequence(work.session),
            channel=spoken.channel,
            on=spoken.on,
            proposer_id=spoken.proposer.id if spoken.proposer else None,
            note=spoken.note,
            corrects_id=spoken.corrects.id if spoken.corrects else None,
        )
    )
    if spoken.channel in IN_PERSON:
        end_missing_meeting(work.session, assignment, spoken.on)
    tell_contact(actor, case, spoken)


def tell_contact(actor: Actor, case: Case, spoken: ContactInput) -> None:
    """Write the event of a contact, or of the further version of one."""
    changes: NewChanges
    changes = {"channel": (None, spoken.channel), "on": (None, spoken.on.isoformat())}
    if spoken.corrects is None:
        case.tell(actor, "assignment.contacted", changes)
    else:
        changes["corrects"] = (None, spoken.corrects.sequence)
        case.tell(actor, "assignment.contact_corrected", changes)


def mending_mistakes(
    session: Session, model: type[Contact | Evaluation], former: Contact | Evaluation | None
) -> dict[str, Sentence]:
    """Return what is wrong with mending *former*: it was mended already."""
    if former is None:
        return {}
    later = session.scalar(select(model.id).where(model.corrects_id == former.id))
    return (
        {} if later is None else {"corrects": (f"已由第 {later} 号更正", f"was mended by {later}")}
    )
