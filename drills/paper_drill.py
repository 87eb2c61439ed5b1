"""A year that began on paper is entered afterwards: is every day and every figure right?"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.services.keys import add_key
from app.audit.queries import covered
from app.audit.signing import make_signer
from app.core.codes import ActorKind, Role
from app.core.config import Settings
from app.core.database import Database
from app.core.rules.permissions import Actor
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.http import pipeline
from app.models import Organization, Task
from app.register.people.queries.reference_data import read_book
from app.register.verification.queries import verification
from drills.databases import opened
from drills.paper_entry import enter, prepare
from drills.paper_ledger import Ledger
from drills.paper_recount import Get, wrong_days, wrong_figures
from drills.paper_year import TODAY, made_up
from drills.tables import Row

OFFICES = 12
BATCH = 10
OPERATOR = Actor(ActorKind.OPERATOR, "补录演练")


def paper_year(url: str, folder: Path, number: int) -> Row:
    """Enter so many cases from paper into the register at *url*, and recount everything."""
    began = time.monotonic()
    print(f"  {number:,} cases", flush=True)
    with opened(url) as database:
        cases = entered(database, number)
        key = database.write(lambda session: add_key(
            session, OPERATOR, name="补录演练", roles=[Role.AUDITOR]))  # fmt: skip
    make_signer(folder / "key")
    outside = folder / "checkpoints.jsonl"
    settings = Settings(
        database_url=url, audit_key=folder / "key", checkpoints_file=outside, key_rate=0
    )
    with serving(settings) as app:
        got = reader(app, key)
        with opened(url) as database:
            problems = database.examine(lambda session: recounted(session, got, cases))
        problems += verified(app)
    figures = {"cases": number, "papers": sum(len(case.papers) for case in cases),
               "days": sum(len(case.waits) for case in cases)}  # fmt: skip
    return Row("a year from paper", figures, time.monotonic() - began, problems)


def entered(database: Database, number: int) -> list[Ledger]:
    """Enter so many cases, let the night of today pass, and return what they should be."""
    offices = database.read(lambda session: chosen_offices(session))
    cases = list(made_up(number, offices))
    database.write(prepare)
    for first in range(0, number, BATCH):
        batch = cases[first : first + BATCH]
        database.write(lambda session, batch=batch: enter(session, batch))
    while database.write(lambda s: tick(Work(s, read_book(s), TODAY)))[0]:
        pass
    return cases


def chosen_offices(session: Session) -> Sequence[str]:
    """Return the offices that handle the year: the first of the register."""
    rows = sa.select(Organization.slug).where(Organization.is_office)
    return session.scalars(rows.order_by(Organization.slug).limit(OFFICES)).all()


@contextmanager
def serving(settings: Settings) -> Iterator[Flask]:
    """Give an application with *settings*, whose connections are closed in the end."""
    app = create_app(settings)
    try:
        yield app
    finally:
        app.extensions["database"].engine.dispose()


def reader(app: Flask, key: str) -> Get:
    """Return what reads the register of *app* on TODAY with *key*."""
    client = app.test_client()

    def get(path: str) -> Any:
        with mock.patch.object(pipeline.Call, "today", return_value=TODAY):
            answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
        return answer.get_json()

    return get


def verified(app: Flask) -> list[str]:
    """Return what `flask verify` says where the register of *app*, signed, is not whole."""
    runner = app.test_cli_runner()
    runner.invoke(args=["audit", "checkpoint"])
    done = runner.invoke(args=["verify"])
    lines = done.output.splitlines() if done.exit_code else []
    return [f"flask verify: {line}" for line in lines]


def recounted(session: Session, get: Get, cases: Sequence[Ledger]) -> list[str]:
    """Return all that is not as the papers of *cases* say, and all that verification finds."""
    return [
        *verification.index_differences(session),
        *verification.history_differences(session, None),
        *covered.numbers(session),
        *wrong_days(session, cases),
        *wrong_figures(get, cases),
    ]


def prove_recount(url: str, folder: Path) -> list[str]:
    """Return a sentence for each day that is altered behind the rules and not found again."""
    with opened(url) as database:
        cases = entered(database, PROOF)
        unseen = []
        for column in ("began_on", "due_on", "ended_on"):
            number = database.write(lambda session, name=column: move_day(session, name, 1))
            if not database.examine(lambda session: list(wrong_days(session, cases))):
                unseen.append(f"{column} of task {number} was altered, which is not found")
            database.write(lambda session, name=column: move_day(session, name, -1))
    return unseen


PROOF = 20
"""How many cases are entered to prove that the recount finds what is wrong."""


def move_day(session: Session, column: str, days: int) -> int:
    """Move a day of the first task of an office that has one, and return its number."""
    own = (getattr(Task, column).is_not(None), Task.assignment_id.is_not(None))
    task = session.scalars(sa.select(Task).where(*own).order_by(Task.id).limit(1)).one()
    setattr(task, column, getattr(task, column) + timedelta(days=days))
    return task.id
