"""Comparing the register of a made-up year with a plain recount over its papers."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Assignment, Proposal, Task
from drills.paper_entry import TAG
from drills.paper_ledger import Ledger, Part, Wait
from drills.paper_year import TODAY

Get = Callable[[str], Any]
"""Path → what the register answers, as someone who sees everything."""

OFFICE_CLOCKS = ("receive", "reply", "co_opinion", "rehandle")
SOON = timedelta(days=7)
ENDED = ("not_filed", "transferred", "withdrawn")
GIVEN_BACK = ("returned", "withdrawn")


# -- days ----------------------------------------------------------------------------------------


def wrong_days(session: Session, cases: Sequence[Ledger]) -> Iterator[str]:
    """Yield a sentence for each day of the register that is not the one by the papers."""
    for case in cases:
        title = f"补录第{case.number}件"
        record = session.scalars(sa.select(Proposal).where(Proposal.title == title)).one()
        kept = (record.handling_state, record.submitted_on, record.filed_on)
        wanted = (case.state, case.submitted, case.filed)
        if kept != wanted:
            yield f"{record.reference} is {kept}, by its papers {wanted}"
        here, there = Counter(tasks_of(session, record.id)), Counter(map(days_of, case.waits))
        for row in (here - there).elements():
            yield f"{record.reference} has {row}, which no paper says"
        for row in (there - here).elements():
            yield f"{record.reference} lacks {row}, as its papers say"


def days_of(wait: Wait) -> tuple[Any, ...]:
    """Return what was waited for as a row: kind, part, and its days."""
    return wait.kind, wait.part, wait.began, wait.due, wait.original, wait.ended


def tasks_of(session: Session, proposal_id: int) -> list[tuple[Any, ...]]:
    """Return what the register waits and waited for of a case, but for what offices carry out."""
    number = sa.func.coalesce(Assignment.number, 0)
    columns = (Task.kind, number, Task.began_on, Task.due_on, Task.original_due_on, Task.ended_on)
    rows = (
        sa.select(*columns)
        .outerjoin(Assignment, Assignment.id == Task.assignment_id)
        .where(Task.proposal_id == proposal_id)
        .where(Task.assignment_id.is_not(None) | Task.recommendation_id.is_(None))
    )
    return [(str(row[0]), *row[1:]) for row in session.execute(rows)]


# -- figures -------------------------------------------------------------------------------------


def wrong_figures(get: Get, cases: Sequence[Ledger]) -> Iterator[str]:
    """Yield a sentence for each figure of the register that a plain recount does not give."""
    for what, path, field, wanted in (*totals(cases), *desks(cases)):
        answer = get(path)
        for name in field.split("."):
            answer = answer.get(name) if isinstance(answer, Mapping) else answer
        if answer != wanted:
            yield f"{what}: {answer}, recounted {wanted}"
    late = {row["office"]["slug"]: (row["overdue"], row["oldest_due_on"])
            for row in get("/me/worklist?limit=1")["late_by_office"]}  # fmt: skip
    if late != late_offices(cases):
        yield f"late offices: {late}, recounted {late_offices(cases)}"
    yield from wrong_progress(get, cases)


def totals(cases: Sequence[Ledger]) -> Iterator[tuple[str, str, str, int]]:
    """Yield the totals of lists: what, where, the field, and the recount."""
    every = "with_total=true&limit=1"
    for state, number in sorted(Counter(case.state for case in cases).items()):
        path = f"/proposals?handling_state={state}&q=补录第&{every}"
        yield f"proposals {state}", path, "total", number
    for office in offices(cases):
        given = sum(any(has(part, office) for part in case.parts) for case in cases)
        yield (
            f"proposals of {office}",
            f"/proposals?office={office}&q=补录第&{every}",
            "total",
            given,
        )
        now = Counter(part.state for case in cases for part in case.parts if part.office == office)
        for state, number in sorted(now.items()):
            path = f"/assignments?office={office}&state={state}&{every}"
            yield f"assignments of {office} {state}", path, "total", number


def has(part: Part, office: str) -> bool:
    """Return whether *part* is what *office* was given, and did not give back."""
    return part.office == office and part.state not in GIVEN_BACK


def offices(cases: Sequence[Ledger]) -> list[str]:
    """Return the offices that were given anything."""
    return sorted({part.office for case in cases for part in case.parts})


def waiting(cases: Sequence[Ledger], office: str, *kinds: str) -> list[date | None]:
    """Return the days of what an office owes now, of *kinds*."""
    return [
        wait.due
        for case in cases
        for wait in case.open(*kinds)
        if case.parts[wait.part - 1].office == office
    ]


def desks(cases: Sequence[Ledger]) -> Iterator[tuple[str, str, str, dict[str, int]]]:
    """Yield the counts of the desks of offices, by kind."""
    for office in offices(cases):
        for kind in (*OFFICE_CLOCKS, "publish", "countersign"):
            counts = dict.fromkeys(("overdue", "soon", "later", "undated"), 0)
            for day in waiting(cases, office, kind):
                counts[bucket(day)] += 1
            path = f"/offices/{office}/worklist?kind={kind}&limit=1"
            yield f"{kind} on the desk of {office}", path, "counts", counts


def bucket(day: date | None) -> str:
    """Return how near a day is."""
    if day is None:
        return "undated"
    if day < TODAY:
        return "overdue"
    return "soon" if day <= TODAY + SOON else "later"


def late_offices(cases: Sequence[Ledger]) -> dict[str, tuple[int, str]]:
    """Return of each late office how much is late, and since when."""
    found = {}
    for office in offices(cases):
        days = [day for day in waiting(cases, office, *OFFICE_CLOCKS) if day and day < TODAY]
        if days:
            found[office] = len(days), min(days).isoformat()
    return found


def wrong_progress(get: Get, cases: Sequence[Ledger]) -> Iterator[str]:
    """Yield what is wrong with the progress of the tag: cases that ended count no more."""
    progress = get(f"/tags/{TAG['slug']}/progress")
    wanted = sum(case.state not in ENDED for case in cases)
    stages = {row["progress"]: row["number"] for row in progress["stages"] if row["number"]}
    if (progress["total"], stages) != (wanted, {"not_started": wanted} if wanted else {}):
        yield f"progress of the tag: {progress['total']} {stages}, recounted {wanted}"
