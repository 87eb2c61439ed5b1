"""Dual control: what one asks, another lets happen, within 72 hours."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.database import utcnow
from app.errors import Decided, Overtaken, PermissionDenied
from app.models import Approval, Person, Principal, Recommendation
from app.queries.principals import actor_of
from app.rules.permissions import APPROVERS, ASKERS, Actor
from app.rules.vocabularies import ActorKind, ApprovalKind, ApprovalState, Axis, Scope
from app.services import erasing, keys, persons, principals, recommendations
from app.services.events import record_event

PATIENCE = timedelta(hours=72)


def ask(
    session: Session,
    actor: Actor,
    kind: ApprovalKind,
    record: tuple[str, int, str],
    payload: Mapping[str, Any],
    reason: str,
) -> Approval:
    """Note what *actor* asks, and return it; nothing happens before another has approved.

    *record* is the type, number (0: none yet) and reference of what it is about, *payload* what
    will be done, in JSON values.
    """
    approval = Approval(
        kind=str(kind),
        state=str(ApprovalState.PENDING),
        record_type=record[0],
        record_id=record[1],
        record_reference=record[2],
        payload=dict(payload),
        reason=reason,
        asked_by_id=actor.principal_id,
        asked_by=None if actor.principal_id else actor.name,
        expires_at=utcnow() + PATIENCE,
    )
    session.add(approval)
    session.flush()
    changes = {
        "kind": (None, str(kind)),
        "record": (None, " ".join(filter(None, (record[0], record[2])))),
        "payload": (None, dict(payload)),
    }
    name = name_of(approval)
    record_event(session, actor, approval, "approval.created", changes, reference=name, note=reason)
    session.flush()
    return approval


def ask_reopening(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    target: str,
    grounds: recommendations.Grounds,
) -> Approval:
    """Ask that *recommendation* go back from an ended state to *target*."""
    payload = {"version": recommendation.version, "to": target, "note": grounds.note}
    about = ("recommendation", recommendation.id, recommendation.reference)
    return ask(session, actor, ApprovalKind.REOPEN, about, payload, grounds.reason or "")


def name_of(approval: Approval) -> str:
    """Return how *approval* is called in the history."""
    return f"approval {approval.id}"


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
) -> None:
    """Approve (and carry out), reject, or withdraw *approval*.

    Raises PermissionDenied for whoever may not, Decided when it waits no more, Overtaken when
    what it is about has changed since, and whatever the change itself raises.
    """
    now = utcnow()
    require_decision(actor, approval, decision)
    state = state_of(approval, now)
    if state is not ApprovalState.PENDING:
        raise Decided(state=state.en, state_zh=state.zh)
    approval.state = str(decision)
    approval.decided_at, approval.decision_note = now, note
    approval.decided_by_id = actor.principal_id
    approval.decided_by = None if actor.principal_id else actor.name
    changes = {"state": (str(ApprovalState.PENDING), str(decision))}
    acting = replace(actor, approval_id=approval.id)
    record_event(
        session,
        acting,
        approval,
        f"approval.{decision}",
        changes,
        reference=name_of(approval),
        note=note,
    )
    session.flush()
    if decision is ApprovalState.APPROVED:
        carry_out(session, actor, approval)


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


def carry_out(session: Session, actor: Actor, approval: Approval) -> None:
    """Do what was asked, as the one who asked it; raise Overtaken when they may no longer."""
    work = WORK.get(ApprovalKind(approval.kind))
    if work is None:
        return
    asker = (
        Actor(ActorKind.OPERATOR, approval.asked_by or "", request_id=actor.request_id)
        if approval.asked_by_id is None
        else actor_of(session, approval.asked_by_id, actor.request_id)
    )
    able = asker.kind is ActorKind.OPERATOR or asker.may(ASKERS[ApprovalKind(approval.kind)])
    if not able:
        raise Overtaken
    work(session, replace(asker, approval_id=approval.id), approval)


def unchanged(record: Any, approval: Approval) -> Any:
    """Return *record*; raise Overtaken when it is no longer the version that was seen."""
    if record.version != approval.payload["version"]:
        raise Overtaken
    return record


def reopen(session: Session, actor: Actor, approval: Approval) -> None:
    """Take the step that leads back from an ended state."""
    record = unchanged(session.get_one(Recommendation, approval.record_id), approval)
    grounds = recommendations.Grounds(reason=approval.reason, note=approval.payload.get("note"))
    target = approval.payload["to"]
    recommendations.move(session, actor, record, Axis.PROGRESS, target, grounds=grounds)


def erase_person(session: Session, actor: Actor, approval: Approval) -> None:
    """Erase a proposer's personal data."""
    record = unchanged(session.get_one(Person, approval.record_id), approval)
    persons.erase_person(session, actor, record, approval.reason)


def erase_principal(session: Session, actor: Actor, approval: Approval) -> None:
    """Erase an account's personal data."""
    record = unchanged(session.get_one(Principal, approval.record_id), approval)
    principals.erase_principal(session, actor, record, approval.reason)


def erase_text(session: Session, actor: Actor, approval: Approval) -> None:
    """Erase the texts in the places that were found."""
    erasing.erase_texts(session, actor, approval.payload["places"], approval.reason)


def grant_admin(session: Session, actor: Actor, approval: Approval) -> None:
    """Give an account the roles that were asked for."""
    record = unchanged(session.get_one(Principal, approval.record_id), approval)
    principals.edit_principal(session, actor, record, approval.payload["values"])


def write_key(session: Session, actor: Actor, approval: Approval) -> None:
    """Add the key; its holder, or a security administrator, then takes its first secret."""
    record = unchanged(session.get_one(Principal, approval.record_id), approval)
    values = {n: value for n, value in approval.payload.items() if n != "version"}
    days = timedelta(days=values.pop("days"))
    keys.create_key(
        session,
        actor,
        record,
        expires_at=utcnow() + days,
        note=approval.reason,
        **values,
    )


WORK: dict[ApprovalKind, Callable[[Session, Actor, Approval], None]] = {
    ApprovalKind.REOPEN: reopen,
    ApprovalKind.ERASE_PERSON: erase_person,
    ApprovalKind.ERASE_PRINCIPAL: erase_principal,
    ApprovalKind.ERASE_TEXT: erase_text,
    ApprovalKind.GRANT_ADMIN: grant_admin,
    ApprovalKind.WRITE_KEY: write_key,
}
"""What an approval carries out; an import is then run again from the command line."""


def can_write(scopes: Any) -> bool:
    """Return whether a key of these *scopes* can change anything, so that two must agree on it."""
    return bool(set(scopes) - {Scope.READ})
