"""Cosigning: who else stands behind a draft, asked until a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.audit.queries.record_state import children_hash
from app.audit.services.recorder import Changes, next_sequence, record_change, record_event
from app.core.clock import utcnow
from app.core.codes import HandlingState, ProposerRole
from app.core.errors import AlreadyExists, Awaited, InvalidChange, NotNow, TooLate
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.handling.assignments.services.context import Work, wrong_day
from app.models import Cosignature, Proposal, Proposer, Recommendation
from app.register.recommendations.services.search_texts import PROPOSERS_LINE, with_line


def cosign(
    actor: Actor,
    proposal: Proposal,
    proposer: Proposer,
    agrees: bool,
    on: date,
    paper: str,
    work: Work,
) -> None:
    """Note that a joint proposer signs a draft or will not, and by what paper, once.

    It is the day on which it was said that counts, whenever it is entered. Raises PermissionDenied,
    NotNow once it is no draft, TooLate naming the last day, AlreadyExists, InvalidChange.
    """
    require(actor, Permission.FILE)
    check_cosigner(proposal, proposer, on, work)
    sequence = next_sequence(work.session)
    work.session.add(
        Cosignature(
            proposal_id=proposal.id,
            proposer_id=proposer.id,
            sequence=sequence,
            agrees=agrees,
            on=on,
            paper=paper,
        )
    )
    changes = {"cosigner": (None, proposer.as_printed), "agrees": (None, agrees)}
    record_change(work.session, actor, proposal, "proposal.cosigned", changes, paper)


def check_cosigner(proposal: Proposal, proposer: Proposer, on: date, work: Work) -> None:
    """Raise when *proposer* does not sign the draft *on* that day."""
    if proposal.handling_state != HandlingState.DRAFT:
        state = HandlingState(proposal.handling_state)
        raise NotNow.of(("提案", "the proposal"), state.labels, ("联名", "cosign it"))
    if proposal.cosign_until is None:
        message = ("这份草稿没有要求联名", "nobody is asked to sign this draft: no cosign_until")
        raise InvalidChange(fields={"proposer": message})
    if on > proposal.cosign_until:
        raise TooLate(what="cosign", what_zh="联名", day=proposal.cosign_until)
    if proposer.role == ProposerRole.LEAD:
        message = ("第一提案人无须联名", "the lead proposer needs not sign")
        raise InvalidChange(fields={"proposer": message})
    if proposer.id in signatures(work, proposal):
        name = proposer.as_printed
        raise AlreadyExists(what="cosignature of", what_zh="联名意见", value=name)
    wrong = wrong_day(on, on, work.today)  # signed before it was entered, perhaps
    if wrong:
        raise InvalidChange(fields=wrong)


def signatures(work: Work, proposal: Proposal) -> dict[int, bool]:
    """Return who said whether they sign, by the number of the proposer."""
    columns = (Cosignature.proposer_id, Cosignature.agrees)
    rows = select(*columns).where(Cosignature.proposal_id == proposal.id)
    return {row[0]: row[1] for row in work.session.execute(rows)}


def current_proposers(work: Work, proposal: Proposal) -> Sequence[Proposer]:
    """Return the proposers of *proposal*, in order."""
    own = (Proposer.proposal_id == proposal.id, Proposer.withdrawn_at.is_(None))
    return work.session.scalars(select(Proposer).where(*own).order_by(Proposer.position)).all()


def settle(actor: Actor, proposal: Proposal, work: Work) -> Changes:
    """Leave behind *proposal* only who signed it, and return what changes with that.

    Raises Awaited while someone has not said, until the last day; whoever said nothing by then
    did not sign.
    """
    if proposal.cosign_until is None:
        return {}
    said, proposers = signatures(work, proposal), current_proposers(work, proposal)
    asked = [one for one in proposers if one.role != ProposerRole.LEAD]
    silent = [one.as_printed for one in asked if one.id not in said]
    if silent and work.today <= proposal.cosign_until:
        raise Awaited(
            what="the cosignature",
            what_zh="联名意见",
            whose=", ".join(silent),
            whose_zh="、".join(silent),
        )
    gone = [one for one in asked if not said.get(one.id)]
    if not gone:
        return {}
    before, left = children_hash(work.session, proposal), [p for p in proposers if p not in gone]
    for one in gone:
        one.withdrawn_at = utcnow()
    work.session.flush()
    rename(actor, proposal, proposers, left, work)
    return {
        "proposers_left_out": ([], [one.as_printed for one in gone]),
        "children": (before, children_hash(work.session, proposal)),
    }


def rename(
    actor: Actor,
    proposal: Proposal,
    before: Sequence[Proposer],
    after: Sequence[Proposer],
    work: Work,
) -> None:
    """Let the recommendations of *proposal* be found by the proposers that are left."""
    old, new = ([one.as_printed for one in who] for who in (before, after))
    rows = select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    for record in work.session.scalars(rows.order_by(Recommendation.number)).all():
        record.search_text = with_line(record.search_text, PROPOSERS_LINE, " ".join(new))
        changes = {"proposers": (old, new)}
        record_event(
            work.session,
            actor,
            record,
            "recommendation.edited",
            changes,
        )
    work.session.flush()
