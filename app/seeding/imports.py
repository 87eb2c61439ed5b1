"""A load that changes a register in use: asked for by one, and carried out as it was staged."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.queries.approvals import last_import, reference_of
from app.accounts.rules.approvals import digest_of
from app.accounts.services.approvals import RequestInput, ask_for, state_of
from app.core.clock import utcnow
from app.core.codes import ApprovalKind, ApprovalState
from app.core.errors import InvalidChange, Overtaken
from app.core.rules.permissions import Actor
from app.core.types import Given, Row, Values
from app.models import Approval
from app.seeding.checks import check_seeds
from app.seeding.files import SeedSet, seeds_in
from app.seeding.loader import load_seeds
from app.seeding.placing import Placing, digest
from app.seeding.reading import Files

MOST_SHOWN = 500
"""How many records a request for approval names one by one."""


class Request(NamedTuple):
    """A request for an import: its *number*, its *state*, and the *note* of who decided on it.

    *is_new* says that it was asked for just now.
    """

    number: int
    state: ApprovalState
    note: str | None = None
    is_new: bool = False


def request_import(
    session: Session, actor: Actor, files: Files, outcome: Placing, reason: str, *, again: bool
) -> Request:
    """Ask that *files* be loaded, which does to the register what *outcome* says.

    Where just that waits already, or was rejected, that request is returned and nothing is asked;
    what was rejected is asked for *again* if so wished.
    """
    plan = plan_of(outcome)
    known = last_import(session, digest_of(files))
    if known is not None and known.payload.get("plan") == digest(plan):
        state = state_of(known, utcnow())
        if state is ApprovalState.PENDING or (state is ApprovalState.REJECTED and not again):
            return Request(known.id, state, known.decision_note)
    made = ask_for(session, actor, asked_for(files, plan, reason))
    return Request(made.id, ApprovalState.PENDING, is_new=True)


def asked_for(files: Files, plan: Values, reason: str) -> RequestInput:
    """Return the request that *files* be loaded, for what the *plan* says."""
    mark = digest_of(files)
    payload = {
        "digest": mark,
        "plan": digest(plan),
        "created": len(plan["new"]),
        "updated": len(plan["changed"]),
        "records": {part: first_of(records) for part, records in plan.items()},
    }
    return RequestInput(
        kind=ApprovalKind.IMPORT,
        record=("register", 0, reference_of(mark)),
        payload=payload,
        reason=reason,
        staged=files,
    )


def plan_of(outcome: Placing) -> Values:
    """Return what whoever approves looks at: the new records, what differs, what is left alone."""
    changed = {
        name: {field: list(pair) for field, pair in changes.items()}
        for name, changes in outcome.differences.items()
        if name not in outcome.kept
    }
    return {"new": outcome.new, "changed": changed, "kept": outcome.kept}


def first_of(records: list[str] | Values) -> list[str] | Values:
    """Return at most MOST_SHOWN of *records*."""
    if isinstance(records, dict):
        return dict(list(records.items())[:MOST_SHOWN])
    return records[:MOST_SHOWN]


def carry_out_import(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Load what was staged for *approval*, whatever the files say by now.

    Raises Overtaken where it would do something else by now than what was approved.
    """
    outcome = load_seeds(session, staged_seeds(approval), lambda: None, actor)
    if digest(plan_of(outcome)) != approval.payload.get("plan"):
        raise Overtaken
    return []


def staged_seeds(approval: Approval) -> SeedSet:
    """Return the records that were staged for *approval*; raise Overtaken unless they are whole.

    They are not where an erasure took them, or an earlier release asked; another release may have
    come since that wants more of them.
    """
    staged = approval.staged
    if staged is None or digest_of(staged) != approval.payload.get("digest"):
        raise Overtaken
    try:
        seeds = seeds_in(staged)
    except (InvalidChange, KeyError) as error:
        raise Overtaken from error
    if check_seeds(seeds):
        raise Overtaken
    return seeds


def carried_out(session: Session, files: Given) -> Row | None:
    """Return the request by which just these *files* were loaded, or None."""
    known = last_import(session, digest_of(files))
    return known if known is not None and known.state == ApprovalState.APPROVED else None
