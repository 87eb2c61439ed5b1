"""A case to which more was done than any office ever will, written behind the rules.

The events stand at the end of the sequence, with hashes that fit nothing.
"""

from datetime import timedelta

import sqlalchemy as sa

from app.core.base import columns_of
from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.models import (
    Assignment,
    Attachment,
    Commitment,
    Contact,
    DelayExplanation,
    Event,
    Extension,
    Lineage,
    Milestone,
    Press,
    ProgressReport,
    Proposal,
    Recommendation,
    Remark,
    Reply,
    ReplyPoint,
    Task,
)
from tests.support.factories import INDUSTRY, organization, recommendation

MANY = 2000
"""How many reports there are, with an event each."""

SOME = 300
"""How many there are of everything else that grows."""

LONG = "长" * 1500
EVIDENCE = [{"title": "证" * 60, "url": "https://example.org/" + "a" * 200}] * 3
FULL = [{"title": "证" * 200, "url": "https://example.org/" + "证" * 900}] * 50
"""As much evidence as one report takes."""


def values_of(record):
    """Return the columns of *record*, by name."""
    return {name: getattr(record, name) for name in columns_of(type(record))}


def copy(session, model, times, /, where=None, **made):
    """Add so many copies of the last row of *model*, of those *where* a condition holds.

    *made* gives columns of the n-th copy, counted from 1.
    """
    rows = sa.select(model).order_by(model.id.desc())
    known = values_of(session.scalars(rows if where is None else rows.where(where)).first())
    last = session.scalar(sa.select(sa.func.max(model.id)))
    made = {"id": lambda n: last + n} | made
    rows = [known | {name: make(n) for name, make in made.items()} for n in range(1, times + 1)]
    session.execute(sa.insert(model), rows)


def last_event(session):
    """Return the number of the last event."""
    return session.scalar(sa.select(sa.func.max(Event.sequence)))


def tell(session, events):
    """Put *events* at the end of the sequence."""
    session.execute(sa.insert(Event), events)
    session.info["head"].sequence = events[-1]["sequence"]


def add_reports(
    session,
    number,
    hidden=lambda n: False,
    evidence=lambda n: EVIDENCE,
    percent=lambda n: n % 100,
    text=LONG,
):
    """Let the office of industry report so often on the park, each time with an event.

    What is *hidden* was done while it was internal.
    """
    park, office, at = recommendation(session), organization(session, INDUSTRY), utcnow()
    own = sa.select(Event).where(Event.record_type == "recommendation", Event.record_id == park.id)
    known = values_of(session.scalars(own.order_by(Event.sequence.desc())).first())
    first, numbers = last_event(session) + 1, range(number)
    moments = [at - timedelta(minutes=number - n) for n in numbers]
    done = {"operation": "recommendation.reported", "office_id": office.id,
            "office_name": office.name_zh}  # fmt: skip
    events = [
        known
        | done
        | {
            "sequence": first + n,
            "at": moments[n],
            "publication": "internal" if hidden(n) else "published",
            "changes": canonical_json(
                {"percent": [None, percent(n)], "evidence": [[], evidence(n)]}
            ),
            "note": f"{n} {text}",
        }
        for n in numbers
    ]
    reports = [
        {
            "id": first + n,
            "recommendation_id": park.id,
            "sequence": first + n,
            "text": f"{n} {text}",
            "percent": percent(n),
            "evidence": evidence(n),
            "office_id": office.id,
            "reported_by": "测试人员",
            "reported_at": moments[n],
        }
        for n in numbers
    ]
    tell(session, events)
    session.execute(sa.insert(ProgressReport), reports)


def add_events(session, number):
    """Tell so often again what was done last to the case, record by record."""
    kinds = sa.select(sa.func.max(Event.sequence)).where(
        Event.record_type.in_(("proposal", "assignment", "commitment"))
    )
    for sequence in session.scalars(kinds.group_by(Event.record_type)).all():
        known, first = values_of(session.get_one(Event, sequence)), last_event(session) + 1
        rows = [known | {"sequence": first + n, "note": LONG} for n in range(number)]
        tell(session, rows)


def crowd(session):
    """Let everything grow that hangs on the case of the park, which has one of each by now."""
    park = recommendation(session)
    full = {"evidence": lambda n: FULL, "text": lambda n: LONG}
    numbers = {"number": lambda n: 100 + n}
    reply = session.scalar(sa.select(sa.func.max(Reply.id)))
    add_reports(session, MANY, evidence=lambda n: FULL if n > MANY - 10 else EVIDENCE)
    for model, made in (
        (Contact, {"note": lambda n: LONG}),
        (DelayExplanation, {**numbers, "text": lambda n: LONG}),
        (Press, {**numbers, "text": lambda n: LONG}),
        (Extension, {"reason": lambda n: LONG}),
        (Milestone, {**numbers, **full}),
        (Remark, full),
        (Task, {"where": Task.assignment_id.is_not(None)}),
        (Task, {"where": Task.commitment_id.is_not(None)}),
        (Reply, {**numbers, "text": lambda n: LONG}),
        (ReplyPoint, {"reply_id": lambda n: reply + n, "text": lambda n: LONG}),
        (Commitment, {**numbers, "text": lambda n: LONG, "reference": lambda n: f"{n}-C"}),
        (Attachment, {"reply_id": lambda n: reply + n, "recommendation_id": lambda n: None}),
        (Assignment, {**numbers, "reference": lambda n: f"{n}-A"}),
    ):
        copy(session, model, SOME, **made)
    session.execute(
        sa.update(Proposal)
        .where(Proposal.id != park.proposal_id, Proposal.merged_into_id.is_(None))
        .values(merged_into_id=park.proposal_id)
    )
    relate(session, park)
    add_events(session, MANY)


def relate(session, park):
    """Relate every other recommendation to *park*."""
    others = session.scalars(sa.select(Recommendation.id).where(Recommendation.id != park.id))
    rows = [
        {"recommendation_id": number, "kind": "repeats", "other_id": park.id, "sequence": 1}
        for number in others
    ]
    session.execute(sa.insert(Lineage), [row | {"withdrawn_sequence": None} for row in rows])
