"""Dual control: what one asks, another lets happen, within 72 hours."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.queries.principals import actor_of, made_alone
from app.accounts.services import exchanges
from app.accounts.services.approved import WORK
from app.accounts.services.exchanges import Half
from app.audit.services.recorder import record_event
from app.core.clock import utcnow
from app.core.codes import ActorKind, ApprovalKind, ApprovalState
from app.core.errors import Decided, Overtaken, PermissionDenied
from app.core.rules.permissions import APPROVERS, ASKERS, Actor
from app.core.services.authorization import lacking
from app.core.types import Given, Values
from app.models import Approval

PATIENCE = timedelta(hours=72)


class CarriedOut(NamedTuple):
    """What came of a decision: halves of codes for whoever approved, and accounts by number."""

    halves: list[Half]
    made: list[int]


@dataclass(frozen=True, kw_only=True)
class RequestInput:
    """What is asked: about the *record* of this type, number (0: none yet) and reference.

    *payload* is what will be done, in JSON values. *personal* is what stands nowhere in the
    history: names and subjects, for which the payload holds seals. *staged* is what is too long
    to be shown, by its names; the payload holds its ``digest``.
    """

    kind: ApprovalKind
    record: tuple[str, int, str]
    payload: Given
    reason: str
    personal: list[Values] | None = None
    staged: dict[str, str] | None = None


def ask(
    session: Session,
    actor: Actor,
    kind: ApprovalKind,
    record: tuple[str, int, str],
    payload: Given,
    reason: str,
) -> Approval:
    """Note what *actor* asks, and return it; nothing happens before another has approved.

    *record* is the type, number (0: none yet) and reference of what it is about, *payload* what
    will be done, in JSON values.
    """
    asked = RequestInput(kind=kind, record=record, payload=payload, reason=reason)
    return ask_for(session, actor, asked)


def ask_for(session: Session, actor: Actor, asked: RequestInput) -> Approval:
    """Note what *actor* asks, and return it; nothing happens before another has approved."""
    forget_expired(session)
    approval = add_request(session, actor, asked)
    record_request(session, actor, approval, asked.record)
    return approval


def ask_for_keys(
    session: Session,
    actor: Actor,
    asked: RequestInput,
    numbers: Collection[int],
) -> tuple[Approval, list[Half]]:
    """Note what *actor* asks, with a new key for each account of *numbers*.

    Return the request, and the asker's half of each code.
    """
    forget_expired(session)
    approval = add_request(session, actor, asked)
    halves = exchanges.begin(session, approval, numbers)
    record_request(session, actor, approval, asked.record)
    return approval, halves


def add_request(session: Session, actor: Actor, asked: RequestInput) -> Approval:
    """Add a request and return it; its event is written by record_request().

    Raises PermissionDenied for whoever may not ask for that.
    """
    if not may_ask(actor, asked.kind):
        raise lacking(ASKERS[asked.kind])
    kind, number, reference = asked.record
    approval = Approval(
        kind=asked.kind,
        state=ApprovalState.PENDING,
        record_type=kind,
        record_id=number,
        record_reference=reference,
        payload=dict(asked.payload),
        reason=asked.reason,
        asked_by_id=actor.principal_id,
        asked_by=None if actor.principal_id else actor.name,
        expires_at=utcnow() + PATIENCE,
        personal=asked.personal,
        staged=asked.staged,
    )
    session.add(approval)
    session.flush()
    return approval


def record_request(
    session: Session, actor: Actor, approval: Approval, record: tuple[str, int, str]
) -> None:
    """Write the event of a request that was noted."""
    changes = {
        "kind": (None, approval.kind),
        "record": (None, " ".join(filter(None, (record[0], record[2])))),
        "payload": (None, approval.payload),
    }
    note = approval.reason or None
    record_event(session, actor, approval, "approval.created", changes, note=note)
    session.flush()


def state_of(approval: Any, now: datetime) -> ApprovalState:
    """Return how far *approval* is at the moment *now*."""
    state = ApprovalState(approval.state)
    expired = state is ApprovalState.PENDING and approval.expires_at <= now
    return ApprovalState.EXPIRED if expired else state


def asked_it(actor: Actor, approval: Any) -> bool:
    """Return whether *actor* is the one who asked."""
    if actor.principal_id is not None:
        return bool(actor.principal_id == approval.asked_by_id)
    return approval.asked_by_id is None and actor.name == approval.asked_by


def may_ask(actor: Actor, kind: ApprovalKind) -> bool:
    """Return whether *actor* may ask for what is of this *kind*; an operator may."""
    return actor.kind is ActorKind.OPERATOR or actor.may(ASKERS[kind])


def may_decide(actor: Actor, approval: Any) -> bool:
    """Return whether *actor* may approve or reject *approval*: an approver, but not the asker.

    An operator at the command line, who has the database in hand, counts as an approver.
    """
    able = actor.kind is ActorKind.OPERATOR or bool(
        APPROVERS[ApprovalKind(approval.kind)] & actor.permissions
    )
    return able and not asked_it(actor, approval)


def decide(
    session: Session,
    actor: Actor,
    approval: Approval,
    decision: ApprovalState,
    note: str | None = None,
) -> CarriedOut:
    """Approve (and carry out), reject, or withdraw *approval*; return what came of it.

    Raises PermissionDenied for whoever may not, Decided when it waits no more, Overtaken when
    what it is about has changed since, and whatever the change itself raises.
    """
    now, approved = utcnow(), decision is ApprovalState.APPROVED
    require_decision(actor, approval, decision)
    state = state_of(approval, now)
    if state is not ApprovalState.PENDING:
        raise Decided(state=state.en, state_zh=state.zh)
    if approved:
        require_other_hand(session, actor, approval)
    halves = exchanges.complete(session, approval) if approved else []
    approval.state = decision
    approval.decided_at, approval.decision_note = now, note
    approval.decided_by_id = actor.principal_id
    approval.decided_by = None if actor.principal_id else actor.name
    record_decision(session, actor, approval, decision)
    made = carry_out(session, actor, approval) if approved else []
    forget(session, Approval.id == approval.id)
    return CarriedOut(halves, made)


def record_decision(
    session: Session, actor: Actor, approval: Approval, decision: ApprovalState
) -> None:
    """Write the event of a *decision* that was set on *approval*."""
    record_event(
        session,
        replace(actor, approval_id=approval.id),
        approval,
        f"approval.{decision}",
        {"state": (ApprovalState.PENDING, decision)},
        note=approval.decision_note,
    )
    session.flush()


def forget(session: Session, requests: Any) -> None:
    """Take names and what is staged out of the *requests* of this condition: they wait no more.

    They are no part of what events cover, so the versions stay.
    """
    session.execute(update(Approval).where(requests).values(personal=None, staged=None))


def forget_expired(session: Session) -> None:
    """Take names and what is staged out of the requests that expired."""
    kept = Approval.personal.is_not(None) | Approval.staged.is_not(None)
    forget(session, (Approval.expires_at <= utcnow()) & kept)


def require_other_hand(session: Session, actor: Actor, approval: Approval) -> None:
    """Raise PermissionDenied when the account of *actor* and the asker's are in one hand.

    So they are while one was made by the other alone, or holds a key whose secret the other drew.
    """
    mine, theirs = actor.principal_id, approval.asked_by_id
    if mine is None or theirs is None:
        return
    if made_alone(session, mine, theirs, utcnow()) or made_alone(session, theirs, mine, utcnow()):
        raise PermissionDenied(
            reason_zh="您的账户与申请人的账户出自同一人之手（一方单独建立了另一方，或领过它的密钥），"
            "须由另一人决定",
            reason_en="your account and the asker's are in one hand (one was made by the other"
            " alone, or its key was drawn by it); another person must decide",
        )


def require_party(actor: Actor, approval: Approval) -> None:
    """Raise PermissionDenied when *actor* has no part in *approval*: neither asks nor decides."""
    if not asked_it(actor, approval):
        require_decision(actor, approval, ApprovalState.APPROVED)


def require_decision(actor: Actor, approval: Approval, decision: ApprovalState) -> None:
    """Raise PermissionDenied when *actor* may not take *decision*."""
    if actor.only_reads:
        raise PermissionDenied(
            reason_zh="这个密钥只能读取", reason_en="this key can be used for reading only"
        )
    if decision is ApprovalState.WITHDRAWN:
        if not asked_it(actor, approval):
            raise PermissionDenied(
                reason_zh="只有提出申请的人可以撤回", reason_en="only who asked can withdraw it"
            )
    elif asked_it(actor, approval):
        raise PermissionDenied(
            reason_zh="不能批准或驳回自己的申请，须由另一人决定",
            reason_en="another person than the one who asked must decide",
        )
    elif not may_decide(actor, approval):
        raise PermissionDenied(
            reason_zh="您的角色不能决定这类申请", reason_en="none of your roles may decide on this"
        )


def carry_out(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Do what was asked, as the one who asked it; raise Overtaken when they may no longer.

    Return the numbers of the accounts that were made.
    """
    asker = (
        Actor(ActorKind.OPERATOR, approval.asked_by or "", request_id=actor.request_id)
        if approval.asked_by_id is None
        else actor_of(session, approval.asked_by_id, actor.request_id)
    )
    if not may_ask(asker, approval.kind):
        raise Overtaken
    work = WORK[approval.kind]
    return work(session, replace(asker, approval_id=approval.id), approval)
